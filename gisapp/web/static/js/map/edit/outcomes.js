/** What became of an edit, in words. */
import { gettext, interpolate } from '../../i18n.js';
import { fetchFeature } from '../api.js';

/** @typedef {import('../types.js').Geometry} Geometry */

/** Two ordinates closer than this are the same place, written with other digits. */
const SAME = 1e-7;

/**
 * @param {import('../api.js').Outcome} outcome
 * @param {import('../types.js').FeatureKey | null} key of the feature, where one is shown
 * @param {Geometry | null} sent
 */
export async function describeOutcome(outcome, key, sent) {
  const text = await inWords(outcome, key, sent);
  return [text, ...(outcome.warnings ?? []).map((warning) => warning.message)].join(' ');
}

/**
 * @param {import('../api.js').Outcome} outcome
 * @param {import('../types.js').FeatureKey | null} key
 * @param {Geometry | null} sent
 */
async function inWords(outcome, key, sent) {
  if (outcome.outcome === 'held') {
    return gettext('Sent, but your right to edit there has ended: a reviewer decides whether it counts. It is not lost.');
  }
  if (outcome.outcome === 'waiting') {
    return gettext('Sent: it waits for an earlier edit that it builds on, and is applied when that has arrived.');
  }
  if (outcome.outcome !== 'merged') return gettext('Saved.');
  const now = sent && key ? (await fetchFeature(key)).geometry : null;
  const reshaped = now !== null && sent !== null && !samePlace(now, sent);
  return reshaped
    ? interpolate(gettext('Saved, and merged vertex by vertex with what somebody else changed on the shape meanwhile (version %(version)s): the map shows the result.'), { version: outcome.version })
    : gettext('Saved and merged with what others changed meanwhile.');
}

/**
 * Whether two geometries have the same vertices; a line and a multi-line of one part may.
 * @param {Geometry} one
 * @param {Geometry} other
 */
export function samePlace(one, other) {
  const [a, b] = [ordinates(one), ordinates(other)];
  return a.length === b.length && a.every((value, index) => Math.abs(value - (b[index] ?? NaN)) < SAME);
}

/** @param {Geometry} geometry @returns {number[]} */
function ordinates(geometry) {
  return /** @type {number[]} */ (/** @type {unknown[]} */ (geometry.coordinates).flat(4));
}
