/** Saving into a plan instead of the live data. What was put in is undone by taking it out. */
import { SavedHistory } from '../edit/history.js';
import { postPlanned, removePlanned } from './api.js';

/** @typedef {import('../api.js').EditRequest} EditRequest */
/** @typedef {import('../edit/history.js').SavedStep} SavedStep */

/**
 * @param {number} number
 * @returns {import('../edit/destination.js').Destination}
 */
export function intoPlan(number) {
  return {
    plan: number,
    saved: new SavedHistory(),
    send: async (edit) => {
      const [outcome] = await postPlanned(number, [edit]);
      if (!outcome) throw new Error('The plan did not say what became of the edit');
      return outcome;
    },
    sendAll: (edits) => postPlanned(number, edits),
    step: (edits) => putIn(number, edits),
  };
}

/**
 * @param {number} number
 * @param {EditRequest[]} edits
 * @returns {SavedStep}
 */
function putIn(number, edits) {
  return {
    ...about(edits),
    invert: async () => {
      for (const { uid } of [...edits].reverse()) await removePlanned(number, uid);
      return takenOut(number, edits);
    },
  };
}

/**
 * @param {number} number
 * @param {EditRequest[]} edits
 * @returns {SavedStep}
 */
function takenOut(number, edits) {
  return {
    ...about(edits),
    invert: async () => {
      await postPlanned(number, edits);
      return putIn(number, edits);
    },
  };
}

/** @param {EditRequest[]} edits */
function about(edits) {
  return { layers: [], feature: null, uids: edits.map(({ uid }) => uid) };
}
