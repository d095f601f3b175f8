/** Editing on the map: one session at a time, undo and redo around it. */
import { announce } from '../../announce.js';
import { HttpError } from '../../http.js';
import { gettext, interpolate } from '../../i18n.js';
import { fetchFeature, postEdit, undoEdit } from '../api.js';
import { answerButton, ask, confirmDanger } from '../dialogs.js';
import { notify } from '../notices.js';
import { SavedHistory } from './history.js';
import { EditSession } from './session.js';
import { Toolbar } from './toolbar.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').LayerDescription} LayerDescription */
/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */

/**
 * What the editor needs of the workspace.
 * @typedef {object} Host
 * @property {import('../view.js').MapView} view
 * @property {import('../layers.js').FeatureLayers} layers
 * @property {import('../selection.js').Selection} selection
 * @property {import('../sheet.js').Sheet} sheet
 * @property {(name: string) => void} showLayer switches a layer on
 * @property {(layer: string, id: number | null) => Promise<void>} changed
 * @property {(key: import('../types.js').FeatureKey) => Promise<void>} select
 * @property {() => Promise<void>} close
 */

export class Editor {
  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    /** @type {EditSession | null} */
    this.session = null;
    this.saved = new SavedHistory();
    const editable = host.layers.descriptions.filter((layer) => layer.can.create);
    this.toolbar = editable.length
      ? new Toolbar(editable, {
        add: (layer) => { void this.create(layer); },
        undo: () => { void this.step('undo'); },
        redo: () => { void this.step('redo'); },
      })
      : null;
    if (this.toolbar) this.#wireKeys();
    window.addEventListener('beforeunload', (event) => {
      if (this.session?.dirty) event.preventDefault();
    });
  }

  /** @param {LayerDescription} layer */
  async create(layer) {
    if (!(await this.mayLeave())) return;
    this.host.showLayer(layer.name);
    this.#begin(layer, null, 'draw');
  }

  /**
   * @param {FeatureRecord} record
   * @param {'edit' | 'move'} mode
   */
  modify(record, mode) {
    this.#begin(this.host.layers.describe(record.layer), record, mode);
  }

  /**
   * @param {LayerDescription} layer
   * @param {FeatureRecord | null} record
   * @param {'draw' | 'edit' | 'move'} mode
   */
  #begin(layer, record, mode) {
    this.host.selection.paused = true;
    this.host.selection.highlight(null);
    this.session = new EditSession(this.host, layer, record, mode, {
      saved: (outcome) => { void this.#saved(layer.name, outcome); },
      abandoned: () => { void this.#abandoned(record); },
      changed: () => this.#update(),
    });
    this.#update();
  }

  #end() {
    this.session?.end();
    this.session = null;
    this.host.selection.paused = false;
    this.#update();
  }

  /**
   * @param {string} layer
   * @param {import('../api.js').Outcome} outcome
   */
  async #saved(layer, outcome) {
    this.#end();
    this.saved.saved({ uid: outcome.uid, layer });
    this.#update();
    const text = outcome.outcome === 'merged'
      ? gettext('Saved and merged with what others changed meanwhile.')
      : gettext('Saved.');
    notify([text, ...(outcome.warnings ?? []).map((warning) => warning.message)].join(' '));
    await this.host.changed(layer, outcome.feature_id);
  }

  /** @param {FeatureRecord | null} record */
  async #abandoned(record) {
    this.#end();
    if (record) await this.host.select({ layer: record.layer, id: record.id });
    else await this.host.close();
  }

  /**
   * Asks before unsaved work is thrown away.
   * @returns {Promise<boolean>} true when nothing holds the user here
   */
  async mayLeave() {
    if (!this.session) return true;
    if (this.session.dirty) {
      const answer = await ask(
        gettext('There are unsaved changes'), [],
        [answerButton(gettext('Keep editing'), ''), answerButton(gettext('Discard them'), 'discard', 'btn-danger')],
      );
      if (answer !== 'discard') return false;
    }
    this.#end();
    return true;
  }

  /** @param {FeatureRecord} record */
  async remove(record) {
    const sure = await confirmDanger(
      interpolate(gettext('Delete “%(name)s”?'), { name: record.name || record.code }),
      gettext('It leaves the map and the ledger. Its history stays, and you can undo the deletion.'),
      gettext('Delete'),
    );
    if (!sure) return;
    try {
      const outcome = await postEdit({
        uid: newUid(), layer: record.layer, operation: 'delete', feature_id: record.id, base_version: record.version,
      });
      this.saved.saved({ uid: outcome.uid, layer: record.layer });
      this.#update();
      notify(gettext('Deleted.'), { label: gettext('Undo'), run: () => { void this.step('undo'); } });
      await this.host.changed(record.layer, null);
    } catch (error) {
      const conflict = error instanceof HttpError && error.status === 409;
      notify(conflict ? gettext('Somebody else changed it meanwhile. Look at it again before deleting.') : messageOf(error));
      if (conflict) await this.host.select({ layer: record.layer, id: record.id });
    }
  }

  /**
   * Within a session, of its draft; else of the last saved edit, through the service.
   * @param {'undo' | 'redo'} direction
   */
  async step(direction) {
    if (this.session) {
      this.session.step(direction);
      this.#update();
      return;
    }
    try {
      /** @type {import('../api.js').Outcome | null} */
      let outcome = null;
      const edit = await this.saved.step(direction, async ({ uid }) => {
        outcome = await undoEdit(uid);
        return outcome.uid;
      });
      if (!edit || !outcome) return;
      this.#update();
      notify(direction === 'undo' ? gettext('Undone.') : gettext('Redone.'));
      await this.#showAfterStep(edit.layer, /** @type {import('../api.js').Outcome} */ (outcome).feature_id);
    } catch (error) {
      notify(messageOf(error));
    }
  }

  /**
   * The feature may be gone now: an undone creation.
   * @param {string} layer
   * @param {number} id
   */
  async #showAfterStep(layer, id) {
    try {
      await fetchFeature({ layer, id });
      await this.host.changed(layer, id);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 404) throw error;
      await this.host.changed(layer, null);
    }
  }

  #update() {
    const history = this.session ? this.session.history : this.saved;
    this.toolbar?.update(history.past.length > 0, history.future.length > 0, this.session !== null);
  }

  #wireKeys() {
    document.addEventListener('keydown', (event) => {
      if (document.querySelector('dialog[open]')) return;
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
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
  const text = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof HttpError ? error.remedy : '';
  announce(text);
  return [text, remedy].filter(Boolean).join(' ');
}
