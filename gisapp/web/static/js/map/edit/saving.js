/** Sending a draft, and what can come back: applied, a conflict to decide, problems to show. */
import { HttpError } from '../../http.js';
import { dismissConflict, postChangeset } from '../api.js';
import { askAboutDeletion, isGeometry, isPersonal, resolveConflicts } from './conflict.js';
import { broughtBack } from './destination.js';
import { newUid } from './uid.js';

/** @typedef {import('../api.js').EditRequest} EditRequest */
/** @typedef {import('../api.js').Outcome} Outcome */
/** @typedef {import('./destination.js').Destination} Destination */
/** @typedef {{field: string, message: string}} Problem */

/**
 * `theirs`: mine was given up, the feature stands as others left it, or is gone (`deleted`).
 * `undecided`: the user edits on; what is sent next settles the record of this conflict.
 * @typedef {{kind: 'saved', outcome: Outcome, step: import('./history.js').SavedStep | null}
 *   | {kind: 'theirs', deleted: boolean} | {kind: 'problems', problems: Problem[], conflict?: string}
 *   | {kind: 'undecided', conflict: string}} Saved
 */

/**
 * @param {EditRequest} edit
 * @param {import('../types.js').LayerDescription} layer
 * @param {Destination} destination
 * @param {string} name of the feature, for questions
 * @returns {Promise<Saved>} throws for anything the user cannot settle here
 */
export async function saveEdit(edit, layer, destination, name) {
  try {
    const outcome = await destination.send(edit);
    return { kind: 'saved', outcome, step: inJournal(outcome) ? destination.step([edit], [outcome]) : null };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 422) return { kind: 'problems', problems: problemsOf(error) };
    if (error.status !== 409 || !Array.isArray(error.body['conflicts'])) throw error;
    if (error.body['deleted'] === true) return afterDeletion(edit, name);
    return afterConflict(edit, error, layer, destination, name);
  }
}

/** Held and waiting edits are kept by the service, but there is nothing to undo yet. */
/** @param {Outcome} outcome */
export function inJournal(outcome) {
  return outcome.outcome === 'applied' || outcome.outcome === 'merged';
}

/**
 * @param {EditRequest} edit
 * @param {HttpError} error
 * @param {import('../types.js').LayerDescription} layer
 * @param {Destination} destination
 * @param {string} name
 * @returns {Promise<Saved>}
 */
async function afterConflict(edit, error, layer, destination, name) {
  const conflicts = /** @type {import('./conflict.js').Conflict[]} */ (error.body['conflicts']);
  const mine = await resolveConflicts(conflicts, layer);
  if (mine === null) return { kind: 'undecided', conflict: edit.uid };
  const again = reapply(edit, conflicts, mine, Number(error.body['version']), layer);
  if (again !== null) return saveEdit({ ...again, uid: newUid(), resolves: edit.uid }, layer, destination, name);
  await dismissConflict(edit.uid);
  return { kind: 'theirs', deleted: false };
}

/** By the edit that met a deletion: its way back, the same after a lost answer. */
/** @type {Map<string, {restore: string, update: string}>} */
const returns = new Map();

/**
 * @param {EditRequest} edit
 * @param {string} name
 * @returns {Promise<Saved>}
 */
async function afterDeletion(edit, name) {
  const answer = await askAboutDeletion(name);
  if (answer === '') return { kind: 'undecided', conflict: edit.uid };
  if (answer === 'accept') {
    await dismissConflict(edit.uid);
    return { kind: 'theirs', deleted: true };
  }
  const uids = returns.get(edit.uid) ?? { restore: newUid(), update: newUid() };
  returns.set(edit.uid, uids);
  /** @type {EditRequest} */
  const restore = { uid: uids.restore, layer: edit.layer, operation: 'restore', ...feature(edit) };
  const { base_version: _seen, ...mine } = edit;
  try {
    const outcomes = await postChangeset([
      restore, { ...mine, uid: uids.update, base_edit: restore.uid, resolves: edit.uid },
    ]);
    const last = /** @type {Outcome} */ (outcomes.at(-1));
    return { kind: 'saved', outcome: last, step: broughtBack(edit.layer, last) };
  } catch (error) {
    const problems = error instanceof HttpError ? problemsOf(error) : [];
    if (!problems.length) throw error;
    // Nothing of it was written: the conflict is still the one to settle.
    return { kind: 'problems', problems, conflict: edit.uid };
  }
}

/** @param {EditRequest} edit */
function feature(edit) {
  return edit.feature_id === undefined ? {} : { feature_id: edit.feature_id };
}

/**
 * @param {HttpError} error of one edit, or of several that stand or fall together
 * @returns {Problem[]}
 */
export function problemsOf(error) {
  const outcomes = /** @type {Outcome[]} */ (error.body['outcomes'] ?? []);
  const found = [error.body['problems'], ...outcomes.map(({ problems }) => problems)]
    .flatMap((problems) => (Array.isArray(problems) ? problems : []));
  return found.length ? found : [{ field: '', message: error.message }];
}

/**
 * The edit on top of theirs: without the fields where theirs stands. Null if nothing is left.
 * @param {EditRequest} edit
 * @param {{field: string}[]} conflicts
 * @param {Set<string>} mine
 * @param {number} version theirs
 * @param {import('../types.js').LayerDescription} layer
 * @returns {EditRequest | null}
 */
export function reapply(edit, conflicts, mine, version, layer) {
  const dropped = new Set(conflicts.map(({ field }) => field).filter((field) => !mine.has(field)));
  if ([...dropped].some(isPersonal)) {
    for (const { name, kind } of layer.fields) if (kind === 'personal') dropped.add(name);
  }
  const properties = Object.fromEntries(
    Object.entries(edit.properties ?? {}).filter(([name]) => !dropped.has(name)),
  );
  const { geometry, ...rest } = edit;
  const moved = geometry && ![...dropped].some(isGeometry);
  if (!moved && Object.keys(properties).length === 0) return null;
  return { ...rest, base_version: version, properties, ...(moved ? { geometry } : {}) };
}
