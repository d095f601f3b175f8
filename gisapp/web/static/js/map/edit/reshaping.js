/** Sending a split, a merge or a move: what was meant depends on the shape, so nothing is merged. */
import { HttpError } from '../../http.js';
import { dismissConflict } from '../api.js';
import { inJournal, problemsOf } from './saving.js';

/** @typedef {import('../api.js').EditRequest} EditRequest */
/** @typedef {import('../api.js').Outcome} Outcome */

/**
 * What the editor hears from a tool.
 * @typedef {object} Ends
 * @property {(outcome: Outcome, step: import('./history.js').SavedStep | null) => void} saved
 * @property {() => void} abandoned
 * @property {() => void} overtaken somebody else changed it: to be looked at, and done again
 * @property {() => void} changed the undo stack is another now
 */

/**
 * @typedef {{kind: 'saved', outcome: Outcome, step: import('./history.js').SavedStep | null}
 *   | {kind: 'overtaken'} | {kind: 'problems', text: string}} Sent
 */

/**
 * @param {EditRequest[]} edits one, or several that stand or fall together
 * @param {import('./destination.js').Destination} destination
 * @returns {Promise<Sent>} throws for what the user cannot settle here
 */
export async function sendReshaping(edits, destination) {
  const [first] = edits;
  if (!first) throw new Error('There is nothing to send');
  try {
    const outcomes = edits.length === 1 ? [await destination.send(first)] : await destination.sendAll(edits);
    const outcome = /** @type {Outcome} */ (outcomes[0]);
    return { kind: 'saved', outcome, step: outcomes.every(inJournal) ? destination.step(edits, outcomes) : null };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 422) return { kind: 'problems', text: inWords(error) };
    if (error.status === 409 && Array.isArray(error.body['outcomes'])) return afterGroup(error);
    if (error.status !== 409 || !Array.isArray(error.body['conflicts'])) throw error;
    // Drawn on a shape that is no more: it is done again on the map, so this record is closed.
    await dismissConflict(first.uid);
    return { kind: 'overtaken' };
  }
}

/**
 * All or nothing leaves no record; either something is wrong with one, or one was overtaken.
 * @param {HttpError} error
 * @returns {Sent}
 */
function afterGroup(error) {
  const outcomes = /** @type {Outcome[]} */ (error.body['outcomes']);
  const rejected = outcomes.some((each) => each.problems?.length);
  return rejected ? { kind: 'problems', text: inWords(error) } : { kind: 'overtaken' };
}

/** @param {HttpError} error */
function inWords(error) {
  return problemsOf(error).map(({ message }) => message).join(' ');
}
