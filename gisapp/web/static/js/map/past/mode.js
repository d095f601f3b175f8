/** Looking at the map of a past day: the tiles are asked for as of then, and nothing is edited. */
import { announce } from '../../announce.js';
import { gettext, interpolate } from '../../i18n.js';
import { addressOf } from '../permalink.js';
import { hideBanner, showBanner } from './banner.js';
import { PastControl } from './control.js';

export class PastMode {
  /**
   * @param {import('../workspace.js').Workspace} host
   * @param {() => void} changed
   */
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    /** @type {string | null} */
    this.date = null;
    this.control = host.config.signedIn ? new PastControl((date) => { void host.chooseDate(date); }) : null;
    this.control?.show(null);
  }

  /** Why nothing can be edited now; empty when it can. */
  get barred() {
    return this.date ? gettext('This is the map of a past day. Go back to today to edit.') : '';
  }

  /**
   * @param {string | null} date YYYY-MM-DD; null is today
   * @param {{history?: boolean}} [options]
   */
  show(date, { history = true } = {}) {
    if (date === this.date) return;
    this.date = date;
    this.host.layers.showAt(date);
    this.host.background.showAt(date);
    this.host.legend.live(date === null);
    if (history) window.history.pushState(null, '', addressOf('/map/', null, date));
    this.control?.show(date);
    if (date) {
      const note = noteOf(date, this.host.config.recordsFrom);
      showBanner(date, note, () => { void this.host.chooseDate(null); });
      announce(`${interpolate(gettext('You are looking at the map of %(date)s'), { date })} ${note}`);
    } else {
      hideBanner();
      announce(gettext('Back to the map of today.'));
    }
    this.changed();
  }
}

/**
 * An empty map says why it is empty. Days are compared as they are written.
 * @param {string} date
 * @param {string | null} recordsFrom
 */
export function noteOf(date, recordsFrom) {
  if (recordsFrom === null) return gettext('There are no records that you may see: the map of that day is empty.');
  if (date < recordsFrom) {
    return interpolate(gettext('Nothing had been recorded by then: the first records are of %(day)s.'), { day: recordsFrom });
  }
  return gettext('Upkeep states are today’s; nothing can be edited.');
}
