/** The service's API, as the map uses it. */
import { requestHtml, requestJson } from '../http.js';

/** @returns {Promise<import('./types.js').LayerDescription[]>} */
export function fetchLayers() {
  return requestJson('/api/layers');
}

/** @returns {Promise<import('./types.js').RasterDescription[]>} */
export function fetchRasters() {
  return requestJson('/api/rasters');
}

/**
 * @param {string} layer
 * @param {import('./types.js').Box | null} box
 * @param {AbortSignal} signal
 * @returns {Promise<import('./types.js').Counts>}
 */
export function fetchCounts(layer, box, signal) {
  const query = box ? `?bbox=${box.map((ordinate) => ordinate.toFixed(6)).join(',')}` : '';
  return requestJson(`/api/layers/${layer}/counts${query}`, { signal });
}

/**
 * @param {import('./types.js').FeatureKey} key
 * @param {AbortSignal} [signal]
 * @returns {Promise<import('./types.js').FeatureRecord>}
 */
export function fetchFeature({ layer, id }, signal) {
  return requestJson(`/api/layers/${layer}/features/${id}`, signal ? { signal } : {});
}

/**
 * @param {import('./types.js').FeatureKey} key
 * @param {AbortSignal} signal
 */
export function fetchSheet({ layer, id }, signal) {
  return requestHtml(`/map/${layer}/${id}/sheet`, { signal });
}

/**
 * @param {string} url
 * @returns {Promise<import('./types.js').Places>}
 */
export function fetchPlaces(url) {
  return requestJson(url);
}

/**
 * @typedef {object} SearchResult
 * @property {string} layer
 * @property {number | string} id
 * @property {string} code
 * @property {string} name
 * @property {string} place
 * @property {number | null} lon
 * @property {number | null} lat
 * @property {import('./types.js').Box | null} bbox
 * @property {string | null} url
 */

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<SearchResult[]>}
 */
export async function search(text, signal) {
  const answer = await requestJson(`/api/search?q=${encodeURIComponent(text)}`, { signal });
  return answer.results;
}

/**
 * @typedef {object} EditRequest
 * @property {string} uid
 * @property {string} layer
 * @property {'create' | 'update' | 'delete' | 'restore' | 'split' | 'merge'} operation
 * @property {number} [feature_id]
 * @property {number} [base_version]
 * @property {string} [base_edit] in place of a version: the earlier edit that this one goes on from
 * @property {import('./types.js').Geometry | null} [geometry]
 * @property {Record<string, import('./types.js').FieldValue>} [properties]
 * @property {import('./types.js').Geometry} [blade] where a split cuts
 * @property {{feature_id: number, base_version: number}[]} [others] what a merge takes up
 * @property {string} [resolves] the conflict that this edit settles
 * @property {string} [method] how the place became known: digitised, phone
 * @property {number} [accuracy_m]
 *
 * @typedef {object} Outcome
 * @property {'applied' | 'merged' | 'conflict' | 'rejected' | 'waiting' | 'held'} outcome
 * @property {string} uid
 * @property {number} feature_id
 * @property {number} version
 * @property {{field: string, message: string}[]} [problems]
 * @property {{field: string, message: string}[]} [warnings]
 */

/** @param {EditRequest} edit */
export function captured(edit) {
  return { ...edit, captured_at: new Date().toISOString() };
}

/**
 * Throws HttpError: 409 is a conflict, 422 names the fields at fault.
 * @param {EditRequest} edit
 * @returns {Promise<Outcome>}
 */
export function postEdit(edit) {
  return requestJson('/api/edits', { method: 'POST', body: captured(edit) });
}

/**
 * Several edits of one changeset: all of them, or (HttpError 409, with the outcomes) none.
 * @param {EditRequest[]} edits
 * @returns {Promise<Outcome[]>}
 */
export async function postChangeset(edits) {
  const body = { edits: edits.map(captured), atomic: true };
  return (await requestJson('/api/changesets', { method: 'POST', body })).outcomes;
}

/**
 * Applies the inverse of an edit; the answer's uid is that of the inverse.
 * @param {string} uid
 * @returns {Promise<Outcome>}
 */
export function undoEdit(uid) {
  return requestJson(`/api/edits/${uid}/undo`, { method: 'POST', body: {} });
}

/**
 * Gives up what was sent and ran into a conflict; the record of it stays.
 * @param {string} uid
 */
export function dismissConflict(uid) {
  return requestJson(`/api/conflicts/${uid}/dismiss`, { method: 'POST', body: {} });
}
