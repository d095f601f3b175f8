/** Being in a plan: its changes over the live map, and everything saved goes into it. */
import { announce } from '../../announce.js';
import { element } from '../../elements.js';
import { HttpError } from '../../http.js';
import { gettext, interpolate } from '../../i18n.js';
import { answerButton, ask } from '../dialogs.js';
import { notify } from '../notices.js';
import { liveData } from '../edit/destination.js';
import { failureText } from '../edit/panel.js';
import { addressOf } from '../permalink.js';
import { fetchPlan, fetchPlanned, removePlanned } from './api.js';
import { hideBanner, showBanner } from './banner.js';
import { plannedFeatures, recordOf } from './content.js';
import { intoPlan } from './destination.js';
import { hidePlanLegend, showPlanLegend } from './legend.js';
import { PlanOverlay } from './overlay.js';
import { plannedSheet } from './sheet.js';

/** @typedef {import('./api.js').Plan} Plan */
/** @typedef {import('./content.js').Planned} Planned */

/** States in which a reviewer already has the plan: changing it takes that back. */
const HANDED_ON = new Set(['submitted', 'approved']);
const DONE = new Set(['applied', 'withdrawn']);

export class PlanMode {
  /**
   * @param {import('../workspace.js').Workspace} host
   * @param {(plan: Plan | null) => void} changed
   */
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
    /** @type {Plan | null} */
    this.plan = null;
    /** @type {Planned[]} */
    this.planned = [];
    /** @type {PlanOverlay | null} */
    this.overlay = null;
    this.live = liveData();
    this.destination = this.live;
  }

  /**
   * @param {number} number
   * @param {{history?: boolean, show?: boolean}} [options] show moves the map to the plan
   */
  async enter(number, { history = true, show = true } = {}) {
    try {
      this.plan = await fetchPlan(number);
    } catch (error) {
      notify(failureText(error));
      this.leave();
      return;
    }
    this.destination = intoPlan(number);
    this.overlay ??= new PlanOverlay(this.host.view);
    if (history) window.history.pushState(null, '', addressOf('/map/', number));
    await this.refresh();
    this.changed(this.plan);
    announce(interpolate(gettext('You are in the plan “%(title)s”.'), { title: this.plan.title }));
    const extent = this.overlay.extent();
    if (show && extent && !this.host.view.sees(extent)) this.host.view.showExtent(extent);
  }

  leave({ history = true } = {}) {
    this.plan = null;
    this.planned = [];
    this.destination = this.live;
    this.overlay?.remove();
    this.overlay = null;
    this.host.layers.replace(new Set());
    hideBanner();
    hidePlanLegend();
    if (history) window.history.pushState(null, '', addressOf('/map/', null));
    this.changed(null);
  }

  /** What the plan would do now: also what others changed on the live map may alter that. */
  async refresh() {
    const { plan } = this;
    if (!plan) return;
    const [fresh, sides] = await Promise.all([fetchPlan(plan.id), fetchPlanned(plan.id)]);
    if (this.plan?.id !== plan.id) return;
    this.plan = fresh;
    // A plan that is done with would change nothing: it shows as empty.
    this.planned = DONE.has(fresh.state) ? [] : plannedFeatures(sides, fresh.edits);
    this.overlay?.show(this.planned);
    this.host.layers.replace(new Set(this.planned.filter(({ live }) => live).map(({ layer, id }) => `${layer}/${id}`)));
    const unfit = DONE.has(fresh.state) ? 0 : fresh.edits.filter(({ outcome }) => outcome !== 'applied' && outcome !== 'merged').length;
    showBanner(fresh, { changes: this.planned.length, unfit }, {
      showAll: () => this.#showAll(),
      leave: () => { void this.host.choosePlan(null); },
    });
    showPlanLegend(this.planned);
  }

  #showAll() {
    const extent = this.overlay?.extent();
    if (extent) this.host.view.showExtent(extent);
  }

  /** Why nothing can be edited now; empty when it can. */
  get barred() {
    if (!this.plan || this.plan.can.change) return '';
    return DONE.has(this.plan.state)
      ? gettext('This plan is done with. Leave it to edit.')
      : gettext('Only its author changes a plan. Leave it to edit.');
  }

  /** Asks before a plan is changed that a reviewer already has. */
  async mayChange() {
    if (!this.plan || !HANDED_ON.has(this.plan.state)) return true;
    const answer = await ask(
      gettext('This plan has been handed in'),
      [element('p', {}, gettext('If you change it, it goes back to being a draft and has to be handed in and approved again.'))],
      [answerButton(gettext('Leave it as it is'), ''), answerButton(gettext('Change it'), 'change', 'btn-primary')],
    );
    return answer === 'change';
  }

  /** @param {import('../types.js').FeatureKey} key of a live feature */
  plannedOf({ layer, id }) {
    return this.planned.find((each) => each.live && each.layer === layer && each.id === id) ?? null;
  }

  /** The record as the plan has it: an edit goes on from what is planned already. */
  /** @param {import('../types.js').FeatureRecord} record */
  inPlan(record) {
    const planned = record.planned ? null : this.plannedOf(record);
    return planned?.after ? recordOf(planned) : record;
  }

  /** @param {string} entry the uid of something that happens to it */
  plannedBy(entry) {
    return this.planned.find(({ entries }) => entries.includes(entry)) ?? null;
  }

  /** @param {number[]} pixel */
  hitsAt(pixel) {
    return this.overlay?.hitsAt(pixel) ?? [];
  }

  /**
   * @param {Planned} planned
   * @param {boolean} [show] moves the map there
   */
  open(planned, show = false) {
    if (!this.plan) return;
    const layer = this.host.layers.describe(planned.layer);
    this.host.showPlanned(planned, plannedSheet(planned, layer, this.plan, (action) => {
      if (action === 'out') void this.#takeOut(planned);
      else this.host.actOnPlanned(planned, recordOf(planned), action);
    }), show);
  }

  /** All that the plan does to it, the last thing first. */
  /** @param {Planned} planned */
  async #takeOut(planned) {
    const { plan, destination } = this;
    if (!plan || !(await this.mayChange())) return;
    try {
      for (const uid of [...planned.edits].reverse()) await removePlanned(plan.id, uid);
      notify(gettext('Taken out of the plan.'));
    } catch (error) {
      notify(failureText(error));
      if (!(error instanceof HttpError)) return;
    }
    destination.saved.forget(planned.edits);
    await this.refresh();
    await this.host.close();
  }
}
