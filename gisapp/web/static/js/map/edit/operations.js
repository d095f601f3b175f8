/**
 * Changes to a draft before it is saved. Each is a plain object; applying one returns the new draft
 * and the change that takes it back, so undo and redo need no further code. Pure.
 */

/** @typedef {import('../types.js').FieldValue} FieldValue */
/** @typedef {import('../types.js').Geometry} Geometry */

/**
 * @typedef {object} Draft
 * @property {Geometry | null} geometry
 * @property {Record<string, FieldValue>} properties
 *
 * @typedef {{kind: 'geometry', geometry: Geometry | null}} SetGeometry
 * @typedef {{kind: 'property', name: string, value: FieldValue}} SetProperty
 * @typedef {SetGeometry | SetProperty} Change
 */

/**
 * @param {Draft} draft
 * @param {Change} change
 * @returns {{draft: Draft, inverse: Change}}
 */
export function apply(draft, change) {
  if (change.kind === 'geometry') {
    return {
      draft: { ...draft, geometry: change.geometry },
      inverse: { kind: 'geometry', geometry: draft.geometry },
    };
  }
  return {
    draft: { ...draft, properties: { ...draft.properties, [change.name]: change.value } },
    inverse: { kind: 'property', name: change.name, value: draft.properties[change.name] ?? null },
  };
}

/**
 * Whether two values mean the same to a form: null and "" are both "no value", and the API gives
 * decimals as text.
 * @param {FieldValue | undefined} one
 * @param {FieldValue | undefined} other
 */
export function sameValue(one, other) {
  return String(one ?? '') === String(other ?? '');
}

/**
 * What differs from the base: the fields to send, and the geometry if it moved.
 * @param {Draft} base
 * @param {Draft} draft
 * @returns {{properties: Record<string, FieldValue>, geometry: Geometry | null}}
 */
export function changesBetween(base, draft) {
  const properties = Object.fromEntries(
    Object.entries(draft.properties).filter(([name, value]) => !sameValue(value, base.properties[name])),
  );
  const moved = JSON.stringify(base.geometry) !== JSON.stringify(draft.geometry);
  return { properties, geometry: moved ? draft.geometry : null };
}
