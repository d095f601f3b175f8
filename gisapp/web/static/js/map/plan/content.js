/** What a plan would change, feature by feature. Pure. */

/** @typedef {import('../types.js').Geometry} Geometry */
/** @typedef {import('../types.js').FieldValue} FieldValue */
/** @typedef {import('./api.js').PlannedSide} PlannedSide */
/** @typedef {'created' | 'changed' | 'deleted'} Change */
/** @typedef {{geometry: Geometry | null, values: Record<string, FieldValue>}} State */

/**
 * @typedef {object} Planned one feature that the plan creates, changes or deletes
 * @property {string} layer
 * @property {number} id of the live feature; one that is only planned has a number of no meaning
 * @property {boolean} live whether it is there without the plan
 * @property {Change} change
 * @property {State | null} before
 * @property {State | null} after
 * @property {string[]} entries uids of all that happens to it, in order
 * @property {string[]} edits uids of the plan's edits that do it: a split's pieces name the split
 * @property {string[]} operations of those edits
 */

/** What stands beside a feature's own values. */
const ABOUT = new Set(['side', 'edit', 'layer', 'operation', 'feature_id']);

/**
 * @param {PlannedSide[]} sides in the plan's order, the parts of an edit after it
 * @param {import('./api.js').PlannedEdit[]} edits
 * @returns {Planned[]}
 */
export function plannedFeatures(sides, edits) {
  const wholes = new Map(edits.map((edit) => [edit.uid, edit.operation]));
  /** @type {Map<string, Planned>} */
  const found = new Map();
  let whole = '';
  for (const side of sides) {
    const { edit, layer, feature_id: id } = side.properties;
    // A part has a uid of its own, and comes after the edit that it is a part of.
    if (wholes.has(edit)) whole = edit;
    const key = `${layer}/${id}`;
    const planned = found.get(key) ?? begin(layer, id);
    found.set(key, planned);
    take(planned, side, whole, wholes.get(whole) ?? side.properties.operation);
  }
  return [...found.values()].filter(({ before, after }) => before || after);
}

/**
 * @param {string} layer
 * @param {number} id
 * @returns {Planned}
 */
function begin(layer, id) {
  return { layer, id, live: false, change: 'created', before: null, after: null, entries: [], edits: [], operations: [] };
}

/**
 * @param {Planned} planned
 * @param {PlannedSide} side
 * @param {string} whole
 * @param {string} operation
 */
function take(planned, side, whole, operation) {
  const { edit } = side.properties;
  const first = planned.entries.length === 0;
  const newEntry = planned.entries.at(-1) !== edit;
  if (newEntry) {
    planned.entries.push(edit);
    // Until its other side says otherwise, nothing is left of it.
    planned.after = null;
  }
  if (planned.edits.at(-1) !== whole) {
    planned.edits.push(whole);
    planned.operations.push(operation);
  }
  if (side.properties.side === 'after') planned.after = stateOf(side);
  else if (first) {
    planned.before = stateOf(side);
    planned.live = true;
  }
  planned.change = !planned.live ? 'created' : planned.after ? 'changed' : 'deleted';
}

/** @param {PlannedSide} side @returns {State} */
function stateOf(side) {
  const values = Object.fromEntries(Object.entries(side.properties).filter(([name]) => !ABOUT.has(name)));
  return { geometry: side.geometry, values: /** @type {Record<string, FieldValue>} */ (values) };
}

/**
 * As a record to edit on from, within the plan.
 * @param {Planned} planned
 * @returns {import('../types.js').FeatureRecord}
 */
export function recordOf(planned) {
  const { geometry, values } = planned.after ?? planned.before ?? { geometry: null, values: {} };
  const text = (/** @type {string} */ name) => String(values[name] ?? '');
  return {
    id: planned.live ? planned.id : 0, layer: planned.layer, version: 0, code: text('code'), name: text('name'),
    geometry, properties: values, division: { code: text('division'), name: '' },
    can: { update: planned.after !== null, delete: planned.after !== null }, planned: planned.entries.at(-1) ?? '',
  };
}

/**
 * The fields that the plan changes.
 * @param {Planned} planned
 * @returns {string[]}
 */
export function changedFields({ before, after }) {
  if (!before || !after) return [];
  return Object.keys(after.values).filter((name) => String(before.values[name] ?? '') !== String(after.values[name] ?? ''));
}

/** @param {Planned} planned */
export function movesGeometry({ before, after }) {
  return JSON.stringify(before?.geometry ?? null) !== JSON.stringify(after?.geometry ?? null);
}
