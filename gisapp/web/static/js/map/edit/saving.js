/** Sending a draft, and what can come back: applied, a conflict to resolve, problems to show. */
import { HttpError } from '../../http.js';
import { postEdit } from '../api.js';
import { isGeometry, resolveConflicts } from './conflict.js';

/** @typedef {import('../api.js').EditRequest} EditRequest */
/** @typedef {import('../api.js').Outcome} Outcome */

/**
 * @typedef {{kind: 'saved', outcome: Outcome} | {kind: 'theirs', feature: number}
 *   | {kind: 'problems', problems: {field: string, message: string}[]} | {kind: 'undecided'}} Saved
 */

/**
 * @param {EditRequest} edit
 * @param {import('../types.js').LayerDescription} layer
 * @param {() => string} newUid each attempt after a conflict is a new edit
 * @returns {Promise<Saved>} throws for anything the user cannot settle here
 */
export async function saveEdit(edit, layer, newUid) {
  try {
    return { kind: 'saved', outcome: await postEdit(edit) };
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 422) return { kind: 'problems', problems: problemsOf(error) };
    if (error.status !== 409 || !Array.isArray(error.body['conflicts'])) throw error;
    const conflicts = /** @type {import('./conflict.js').Conflict[]} */ (error.body['conflicts']);
    const mine = await resolveConflicts(conflicts, layer);
    if (mine === null) return { kind: 'undecided' };
    const again = reapply(edit, conflicts, mine, Number(error.body['version']));
    if (again === null) return { kind: 'theirs', feature: edit.feature_id ?? 0 };
    return saveEdit({ ...again, uid: newUid() }, layer, newUid);
  }
}

/** @param {HttpError} error @returns {{field: string, message: string}[]} */
function problemsOf(error) {
  const problems = error.body['problems'];
  return Array.isArray(problems) && problems.length ? problems : [{ field: '', message: error.message }];
}

/**
 * The edit on top of theirs: without the fields where theirs stands. Null if nothing is left.
 * @param {EditRequest} edit
 * @param {{field: string}[]} conflicts
 * @param {Set<string>} mine
 * @param {number} version theirs
 * @returns {EditRequest | null}
 */
export function reapply(edit, conflicts, mine, version) {
  const dropped = new Set(conflicts.map(({ field }) => field).filter((field) => !mine.has(field)));
  const properties = Object.fromEntries(
    Object.entries(edit.properties ?? {}).filter(([name]) => !dropped.has(name)),
  );
  const { geometry, ...rest } = edit;
  const moved = geometry && ![...dropped].some(isGeometry);
  if (!moved && Object.keys(properties).length === 0 && edit.operation !== 'delete') return null;
  return { ...rest, base_version: version, properties, ...(moved ? { geometry } : {}) };
}
