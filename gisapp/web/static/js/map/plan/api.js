/** Plans over JSON, as the map uses them. */
import { requestJson } from '../../http.js';
import { captured } from '../api.js';

/**
 * @typedef {object} Plan
 * @property {number} id
 * @property {string} title
 * @property {'draft' | 'submitted' | 'returned' | 'approved' | 'applied' | 'withdrawn'} state
 * @property {{code: string, name: string}} division
 * @property {string} author
 * @property {{change: boolean}} can
 *
 * @typedef {{uid: string, layer: string, operation: string, outcome: string}} PlannedEdit
 *
 * @typedef {object} PlannedSide one side of what an edit of the plan would do, as GeoJSON
 * @property {import('../types.js').Geometry | null} geometry
 * @property {Record<string, import('../types.js').FieldValue> & {side: 'before' | 'after', edit: string, layer: string, operation: string, feature_id: number}} properties
 */

/** @returns {Promise<Plan[]>} those in the reader's divisions, the latest changed first */
export async function fetchPlans() {
  return (await requestJson('/api/plans?limit=200')).plans;
}

/**
 * @param {number} number
 * @returns {Promise<Plan & {edits: PlannedEdit[]}>}
 */
export function fetchPlan(number) {
  return requestJson(`/api/plans/${number}`);
}

/**
 * @param {number} number
 * @returns {Promise<PlannedSide[]>}
 */
export async function fetchPlanned(number) {
  return (await requestJson(`/api/plans/${number}/features`)).features;
}

/**
 * @param {{title: string, purpose: string, division: string}} plan
 * @returns {Promise<Plan>}
 */
export function draftPlan(plan) {
  return requestJson('/api/plans', { method: 'POST', body: plan });
}

/**
 * All of them, or HttpError (422, 409) and none.
 * @param {number} number
 * @param {import('../api.js').EditRequest[]} edits
 * @returns {Promise<import('../api.js').Outcome[]>}
 */
export async function postPlanned(number, edits) {
  const body = { edits: edits.map(captured) };
  return (await requestJson(`/api/plans/${number}/edits`, { method: 'POST', body })).outcomes;
}

/**
 * @param {number} number
 * @param {string} uid
 */
export function removePlanned(number, uid) {
  return requestJson(`/api/plans/${number}/edits/${uid}`, { method: 'DELETE' });
}
