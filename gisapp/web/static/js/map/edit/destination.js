/** Where saved work goes: to the live data, or into a plan (../plan/destination.js). */
import { postChangeset, postEdit, undoEdit } from '../api.js';
import { SavedHistory } from './history.js';
import { newUid } from './uid.js';

/** @typedef {import('../api.js').EditRequest} EditRequest */
/** @typedef {import('../api.js').Outcome} Outcome */
/** @typedef {import('./history.js').SavedStep} SavedStep */

/**
 * @typedef {object} Destination
 * @property {number | null} plan its number; null for the live data
 * @property {SavedHistory} saved
 * @property {(edit: EditRequest) => Promise<Outcome>} send throws HttpError: 409 a conflict, 422 problems
 * @property {(edits: EditRequest[]) => Promise<Outcome[]>} sendAll all of them, or HttpError and none
 * @property {(edits: EditRequest[], outcomes: Outcome[]) => SavedStep} step the way back
 */

/** @returns {Destination} */
export function liveData() {
  return {
    plan: null,
    saved: new SavedHistory(),
    send: postEdit,
    sendAll: postChangeset,
    step: (edits, outcomes) => undoable(
      [...new Set(edits.map(({ layer }) => layer))], outcomes.map(({ uid }) => uid),
      // Of several none stands for all.
      outcomes.length === 1 ? outcomes[0]?.feature_id ?? null : null,
    ),
  };
}

/**
 * Undone through the service, the last one first; each inverse is an edit with a uid of its own.
 * @param {string[]} layers
 * @param {string[]} uids
 * @param {number | null} feature
 * @returns {SavedStep}
 */
export function undoable(layers, uids, feature) {
  return {
    layers,
    feature,
    uids,
    invert: async () => {
      /** @type {Outcome[]} */
      const outcomes = [];
      for (const uid of [...uids].reverse()) outcomes.push(await undoEdit(uid));
      return undoable(layers, outcomes.map(({ uid }) => uid), outcomes.length === 1 ? outcomes[0]?.feature_id ?? null : null);
    },
  };
}

/**
 * Of a feature that was deleted and brought back with changes: it is deleted again, whole.
 * @param {string} layer
 * @param {Outcome} outcome of the last edit on it
 * @returns {SavedStep}
 */
export function broughtBack(layer, outcome) {
  const { feature_id, version } = outcome;
  return {
    layers: [layer],
    feature: feature_id,
    uids: [outcome.uid],
    invert: async () => {
      const deleted = await postEdit({ uid: newUid(), layer, operation: 'delete', feature_id, base_version: version });
      return undoable([layer], [deleted.uid], feature_id);
    },
  };
}

/**
 * What an edit of this record starts from: the version that was read, or the plan's own last edit.
 * @param {import('../types.js').FeatureRecord} record
 * @returns {Pick<EditRequest, 'feature_id' | 'base_version' | 'base_edit'>}
 */
export function baseOf(record) {
  return record.planned ? { base_edit: record.planned } : { feature_id: record.id, base_version: record.version };
}
