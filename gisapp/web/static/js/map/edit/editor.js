/** Editing on the map: one tool at a time, undo and redo around it, live or into a plan. */
import { announce } from '../../announce.js';
import { HttpError } from '../../http.js';
import { gettext, interpolate } from '../../i18n.js';
import { dismissConflict, fetchFeature } from '../api.js';
import { answerButton, ask, confirmDanger } from '../dialogs.js';
import { notify } from '../notices.js';
import { askToDeleteChanged } from './conflict.js';
import { baseOf } from './destination.js';
import { MergeTool } from './merging.js';
import { MoveTool } from './moving.js';
import { describeOutcome } from './outcomes.js';
import { failureText } from './panel.js';
import { EditSession } from './session.js';
import { SplitTool } from './splitting.js';
import { Toolbar } from './toolbar.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').LayerDescription} LayerDescription */
/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */
/** @typedef {import('../types.js').FeatureKey} FeatureKey */
/** @typedef {import('../api.js').Outcome} Outcome */
/** @typedef {import('./history.js').SavedStep} SavedStep */

/**
 * What the editor needs of the workspace.
 * @typedef {object} Host
 * @property {import('../view.js').MapView} view
 * @property {import('../layers.js').FeatureLayers} layers
 * @property {import('../selection.js').Selection} selection
 * @property {import('../sheet.js').Sheet} sheet
 * @property {import('../plan/mode.js').PlanMode} plans
 * @property {FeatureRecord | null} record the open one
 * @property {string} barred why nothing can be edited now; empty when it can
 * @property {(name: string) => void} showLayer switches a layer on
 * @property {(layers: string[], feature: FeatureKey | null) => Promise<void>} changed
 * @property {(entry: string | null) => Promise<void>} replanned
 * @property {(record: FeatureRecord) => Promise<void>} reopen
 * @property {() => Promise<void>} close
 * @property {() => Promise<boolean>} mayLeave
 */

/**
 * What uses the pointer and the sheet until it ends.
 * @typedef {object} Tool
 * @property {boolean} dirty
 * @property {{past: unknown[], future: unknown[]}} history
 * @property {string | null} [resolves] a conflict that is on record until it is settled
 * @property {(direction: 'undo' | 'redo') => void} step
 * @property {(event: KeyboardEvent) => void} key
 * @property {() => void} end
 */

export class Editor {
  /**
   * @param {Host} host
   * @param {HTMLElement} chooser of the plan
   */
  constructor(host, chooser) {
    this.host = host;
    /** @type {Tool | null} */
    this.session = null;
    const editable = host.layers.descriptions.filter((layer) => layer.can.create);
    this.toolbar = editable.length
      ? new Toolbar(editable, {
        add: (layer) => { void this.create(layer); },
        split: () => { void this.split(); },
        merge: () => { void this.merge(); },
        several: () => { void this.moveSeveral(); },
        undo: () => { void this.step('undo'); },
        redo: () => { void this.step('redo'); },
      }, chooser)
      : null;
    this.#wireKeys();
    this.update();
    window.addEventListener('beforeunload', (event) => {
      if (this.session?.dirty) event.preventDefault();
    });
  }

  get destination() {
    return this.host.plans.destination;
  }

  /** Whether changing something may begin now; says why not. */
  async #mayBegin() {
    const { barred } = this.host;
    if (barred) notify(barred);
    return !barred && await this.host.plans.mayChange() && await this.mayLeave();
  }

  /** @param {LayerDescription} layer */
  async create(layer) {
    if (!(await this.#mayBegin())) return;
    this.host.showLayer(layer.name);
    this.#form(layer, null, 'draw');
  }

  /**
   * @param {FeatureRecord} record
   * @param {'edit' | 'move'} mode
   */
  async modify(record, mode) {
    if (await this.#mayBegin()) this.#form(this.host.layers.describe(record.layer), this.host.plans.inPlan(record), mode);
  }

  /** Why the open feature cannot be split; empty when it can. */
  get unsplittable() {
    const record = this.#record;
    if (!record) return gettext('Choose a line on the map first, then split it.');
    if (this.host.layers.describe(record.layer).geometry === 'point') return gettext('A point cannot be split: choose a line.');
    if (!record.can.update) return gettext('You may not change this feature.');
    return record.geometry ? '' : gettext('This record has no place on the map.');
  }

  /** The open feature; within a plan, as that has it. */
  get #record() {
    const { record, plans } = this.host;
    return record && plans.inPlan(record);
  }

  async split() {
    const record = this.#record;
    const reason = this.host.barred || this.unsplittable;
    if (reason || !record?.geometry) {
      notify(reason);
      return;
    }
    if (!(await this.#mayBegin())) return;
    const { geometry } = record;
    const layer = this.host.layers.describe(record.layer);
    this.#begin(new SplitTool(this.host, layer, { ...record, geometry }, this.destination, this.#ends(record)));
  }

  /** @param {FeatureKey} [more] one to start with, beside the open one */
  async merge(more) {
    const record = this.#startWith();
    if (!(await this.#mayBegin())) return;
    const tool = new MergeTool(this.host, record, this.destination, this.#ends(record));
    this.#begin(tool);
    if (more) await tool.picking.pick([more]);
  }

  async moveSeveral() {
    const record = this.#startWith();
    if (!(await this.#mayBegin())) return;
    this.#begin(new MoveTool(this.host, record, this.destination, this.#ends(record)));
  }

  /** The open feature, where it may be changed and is not already in the plan. */
  #startWith() {
    const record = this.#record;
    return record?.can.update && !record.planned ? record : null;
  }

  /**
   * @param {LayerDescription} layer
   * @param {FeatureRecord | null} record
   * @param {'draw' | 'edit' | 'move'} mode
   */
  #form(layer, record, mode) {
    this.#begin(new EditSession(this.host, layer, record, mode, this.destination, {
      ...this.#ends(record),
      saved: (outcome, step, geometry) => { void this.#saved(outcome, step, geometry); },
      gone: () => { void this.#gone(layer.name); },
    }));
  }

  /**
   * @param {FeatureRecord | null} record
   * @returns {import('./reshaping.js').Ends}
   */
  #ends(record) {
    return {
      saved: (outcome, step) => { void this.#saved(outcome, step, null); },
      abandoned: () => { void this.#abandoned(record); },
      overtaken: () => {
        notify(gettext('Somebody else changed it meanwhile, and nothing was saved. Look at it as it is now, and do it again.'));
        void this.#abandoned(record);
      },
      changed: () => this.update(),
    };
  }

  /**
   * The pointer and the sheet for a tool that edits nothing, and so asks for no right to edit.
   * Whatever was at work has been left.
   * @param {(ends: {done: () => void, changed: () => void}) => Tool} make
   */
  lend(make) {
    this.#begin(make({ done: () => this.#end(), changed: () => this.update() }));
  }

  /** @param {Tool} tool */
  #begin(tool) {
    this.session = tool;
    this.host.selection.paused = true;
    this.host.selection.highlight(null);
    this.update();
  }

  #end() {
    this.session?.end();
    this.session = null;
    this.host.selection.paused = false;
    this.update();
  }

  /**
   * @param {Outcome} outcome
   * @param {SavedStep | null} step the way back; null where nothing is written yet
   * @param {import('../types.js').Geometry | null} geometry that was sent
   */
  async #saved(outcome, step, geometry) {
    this.#end();
    if (step) this.destination.saved.saved(step);
    this.update();
    if (this.destination.plan) {
      notify(gettext('Saved into the plan.'));
      await this.host.replanned(outcome.uid);
      return;
    }
    const [layer] = step?.layers ?? [];
    const key = step && layer && step.feature !== null ? { layer, id: step.feature } : null;
    notify(await describeOutcome(outcome, key, geometry));
    await this.host.changed(step?.layers ?? [], key);
  }

  /** @param {string} layer */
  async #gone(layer) {
    this.#end();
    notify(gettext('It stays deleted; your changes were given up.'));
    await this.host.changed([layer], null);
  }

  /** @param {FeatureRecord | null} record */
  async #abandoned(record) {
    this.#end();
    if (record) await this.host.reopen(record);
    else await this.host.close();
  }

  /**
   * Asks before unsaved work is thrown away.
   * @returns {Promise<boolean>} true when nothing holds the user here
   */
  async mayLeave() {
    const { session } = this;
    if (!session) return true;
    if (session.dirty) {
      const answer = await ask(
        gettext('There are unsaved changes'), [],
        [answerButton(gettext('Keep editing'), ''), answerButton(gettext('Discard them'), 'discard', 'btn-danger')],
      );
      if (answer !== 'discard') return false;
      // Given up for good, with what is on record of it.
      if (session.resolves) void dismissConflict(session.resolves).catch((error) => notify(failureText(error)));
    }
    this.#end();
    return true;
  }

  /** @param {FeatureRecord} shown */
  async remove(shown) {
    if (!(await this.#mayBegin())) return;
    const record = this.host.plans.inPlan(shown);
    const name = record.name || record.code;
    const sure = await confirmDanger(
      interpolate(gettext('Delete “%(name)s”?'), { name }),
      this.destination.plan
        ? gettext('The deletion goes into the plan; nothing leaves the map before the plan is applied.')
        : gettext('It leaves the map and the ledger. Its history stays, and you can undo the deletion.'),
      gettext('Delete'),
    );
    if (sure) await this.#delete(record, { uid: newUid(), layer: record.layer, operation: 'delete', ...baseOf(record) });
  }

  /**
   * @param {FeatureRecord} record
   * @param {import('../api.js').EditRequest} edit
   */
  async #delete(record, edit) {
    try {
      const outcome = await this.destination.send(edit);
      const { plan, saved } = this.destination;
      const done = outcome.outcome === 'applied' || outcome.outcome === 'merged';
      if (done) saved.saved(this.destination.step([edit], [outcome]));
      this.update();
      const text = done ? gettext('Deleted.') : await describeOutcome(outcome, null, null);
      notify(plan ? gettext('Planned for deletion.') : text, done ? { label: gettext('Undo'), run: () => { void this.step('undo'); } } : undefined);
      if (plan) await this.host.replanned(outcome.uid);
      else await this.host.changed([record.layer], null);
    } catch (error) {
      const conflict = error instanceof HttpError && error.status === 409 && Array.isArray(error.body['conflicts']);
      if (!conflict) {
        notify(messageOf(error));
        return;
      }
      if (await askToDeleteChanged(record.name || record.code)) {
        await this.#delete(record, { ...edit, uid: newUid(), base_version: Number(error.body['version']), resolves: edit.uid });
        return;
      }
      await dismissConflict(edit.uid);
      await this.host.reopen(record);
    }
  }

  /**
   * Within a tool, of its draft; else of what was saved last, through the service.
   * @param {'undo' | 'redo'} direction
   */
  async step(direction) {
    if (this.session) {
      this.session.step(direction);
      this.update();
      return;
    }
    if (this.host.barred) {
      notify(this.host.barred);
      return;
    }
    const { plan, saved } = this.destination;
    try {
      const step = await saved.step(direction);
      if (!step) return;
      this.update();
      notify(direction === 'undo' ? gettext('Undone.') : gettext('Redone.'));
      if (plan) await this.host.replanned(direction === 'redo' ? step.uids[0] ?? null : null);
      else await this.#showAfterStep(step);
    } catch (error) {
      const overtaken = error instanceof HttpError && error.status === 409 && 'outcome' in error.body;
      notify(overtaken ? gettext('Somebody has changed it since, so this cannot be taken back. Its history shows what happened.') : messageOf(error));
    }
  }

  /**
   * The feature may be gone now: an undone creation.
   * @param {SavedStep} step
   */
  async #showAfterStep({ layers, feature }) {
    const [layer] = layers;
    const key = layer && feature !== null ? { layer, id: feature } : null;
    try {
      if (key) await fetchFeature(key);
      await this.host.changed(layers, key);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 404) throw error;
      await this.host.changed(layers, null);
    }
  }

  /** The buttons say what is possible now. */
  update() {
    const history = this.session ? this.session.history : this.destination.saved;
    const { barred } = this.host;
    this.toolbar?.update({
      undo: !barred && history.past.length > 0, redo: !barred && history.future.length > 0, busy: this.session !== null,
      barred, unsplittable: barred || this.unsplittable,
    });
  }

  #wireKeys() {
    document.addEventListener('keydown', (event) => {
      if (document.querySelector('dialog[open]')) return;
      const typing = event.target instanceof HTMLElement && event.target.matches('input:not([type=radio], [type=checkbox]), textarea, select');
      if ((event.ctrlKey || event.metaKey) && !typing) {
        const key = event.key.toLowerCase();
        if (key === 'z') {
          event.preventDefault();
          void this.step(event.shiftKey ? 'redo' : 'undo');
        } else if (key === 'y') {
          event.preventDefault();
          void this.step('redo');
        }
      } else if (this.session && !typing) {
        this.session.key(event);
      }
    });
  }
}

/** @param {unknown} error */
function messageOf(error) {
  const text = failureText(error);
  announce(text);
  return text;
}
