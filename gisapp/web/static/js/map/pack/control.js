/** Where an offline pack of a drawn area begins: the button in the panel, or `?draw=pack`. */
import { byId } from '../../elements.js';
import { requestHtml } from '../../http.js';
import { gettext } from '../../i18n.js';
import { failureText } from '../edit/panel.js';
import { notify } from '../notices.js';
import { PackTool } from './tool.js';

export class PackControl {
  /** @param {import('../workspace.js').Workspace} host */
  constructor(host) {
    this.host = host;
    byId('pack-draw', HTMLButtonElement).addEventListener('click', () => {
      document.dispatchEvent(new CustomEvent('panel:done'));
      void this.draw();
    });
  }

  /** A pack is of the live data as they are now: past days and plans are left first. */
  async draw() {
    const { host } = this;
    if (!(await host.mayLeave())) return;
    if (host.plans.plan) await host.choosePlan(null);
    else await host.chooseDate(null);
    host.editor.lend((ends) => new PackTool(host, {
      abandoned: () => { ends.done(); void host.close(); },
      changed: ends.changed,
      made: (pack, area) => { ends.done(); void this.#show(pack.uid, area); },
    }));
  }

  /**
   * @param {string} uid
   * @param {import('../types.js').Geometry} area
   */
  async #show(uid, area) {
    try {
      this.host.sheet.showHtml(await requestHtml(`/exports/packs/${uid}/card`));
      this.host.selection.highlight(area);
      this.host.sheet.focus();
    } catch (error) {
      // It is being made all the same.
      notify(failureText(error), { label: gettext('All my packs'), run: () => window.location.assign('/exports/#packs') });
    }
  }
}
