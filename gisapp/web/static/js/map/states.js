/** The upkeep states: order, labels, colours. One place for map, legend and tooltips. */
import { gettext } from '../i18n.js';

/** @type {import('./types.js').UpkeepState[]} */
export const STATES = ['ok', 'due', 'overdue', 'defective', 'none'];

/** @param {import('./types.js').UpkeepState} state */
export function stateLabel(state) {
  const labels = {
    ok: gettext('In good order'),
    due: gettext('Due soon'),
    overdue: gettext('Overdue'),
    defective: gettext('Defective'),
    none: gettext('No upkeep required'),
  };
  return labels[state];
}

const style = getComputedStyle(document.documentElement);

/** The colours are CSS variables, so that pages and map never differ. */
/** @type {Record<import('./types.js').UpkeepState, string>} */
export const STATE_COLOURS = {
  ok: style.getPropertyValue('--state-ok').trim(),
  due: style.getPropertyValue('--state-due').trim(),
  overdue: style.getPropertyValue('--state-overdue').trim(),
  defective: style.getPropertyValue('--state-defective').trim(),
  none: style.getPropertyValue('--state-none').trim(),
};

/**
 * @param {unknown} value a tile's attribute
 * @returns {import('./types.js').UpkeepState}
 */
export function asState(value) {
  return STATES.find((state) => state === value) ?? 'none';
}

/**
 * What a group of features is drawn as: the gravest state that a tenth or more of those under
 * upkeep are in, for a state that few share would hide in the crowd and one in a thousand
 * would paint everything red.
 * @param {(state: import('./types.js').UpkeepState) => number} countOf
 */
export function stateOfGroup(countOf) {
  const kept = countOf('ok') + countOf('due') + countOf('overdue') + countOf('defective');
  if (kept === 0) return 'none';
  const grave = countOf('defective') + countOf('overdue');
  if (grave >= kept / 10) return countOf('defective') > countOf('overdue') ? 'defective' : 'overdue';
  return countOf('due') >= kept / 10 ? 'due' : 'ok';
}
