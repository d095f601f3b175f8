/** The line over the map that says what the pointer and keys do while drawing. */
import { button, byId, element } from '../../elements.js';
import { gettext } from '../../i18n.js';

/** @typedef {import('../types.js').GeometryKind} GeometryKind */
/** @typedef {{centre: () => void, finish: () => void, back: () => void, cancel: () => void, remove: (on: boolean) => void, trace: (on: boolean) => void}} HintTools */

export const COARSE = window.matchMedia('(pointer: coarse)').matches;

/** @param {GeometryKind} kind */
function drawingText(kind) {
  if (kind === 'point') return COARSE ? gettext('Tap the place, or move the map under the cross.') : gettext('Click the place. Space puts it under the cross in the middle; Esc cancels.');
  return COARSE
    ? gettext('Tap the vertices; finish with the button.')
    : gettext('Click the vertices; double-click or Enter finishes. Space adds the middle of the map, Backspace takes back the last vertex, Esc cancels.');
}

/** @param {GeometryKind} kind */
function modifyingText(kind) {
  if (kind === 'point') return gettext('Drag the point to its place, then save.');
  return COARSE
    ? gettext('Drag vertices; drag a line to add one.')
    : gettext('Drag vertices; drag a line to add one. Point at a vertex and press Delete, or Alt+click it, to remove it.');
}

/**
 * @param {string} label
 * @param {string} iconName
 * @param {() => void} run
 */
export function hintButton(label, iconName, run) {
  const node = button(label, { class: 'btn btn-sm btn-outline-secondary' }, iconName);
  node.addEventListener('click', run);
  return node;
}

/**
 * A button that stays pressed.
 * @param {string} label
 * @param {string} iconName
 * @param {(on: boolean) => void} run
 */
export function toggle(label, iconName, run) {
  const node = hintButton(label, iconName, () => {
    const on = node.getAttribute('aria-pressed') !== 'true';
    node.setAttribute('aria-pressed', String(on));
    run(on);
  });
  node.setAttribute('aria-pressed', 'false');
  return node;
}

/**
 * @param {GeometryKind} kind
 * @param {HintTools} tools
 */
export function hintDrawing(kind, tools) {
  const buttons = [hintButton(kind === 'point' ? gettext('Put it here') : gettext('Add the middle'), 'target', tools.centre)];
  if (kind !== 'point') {
    const trace = toggle(gettext('Follow lines'), 'trace', tools.trace);
    trace.title = gettext('Click an existing line, move along it, and click where to leave it (T)');
    trace.id = 'hint-trace';
    buttons.push(trace, hintButton(gettext('Back'), 'undo', tools.back), hintButton(gettext('Finish'), 'check', tools.finish));
  }
  buttons.push(hintButton(gettext('Cancel'), 'close', tools.cancel));
  showHint(drawingText(kind), buttons);
  byId('map-crosshair', HTMLElement).hidden = false;
}

/**
 * @param {GeometryKind} kind
 * @param {HintTools} tools
 */
export function hintModifying(kind, tools) {
  byId('map-crosshair', HTMLElement).hidden = true;
  if (kind === 'point') {
    showHint(modifyingText(kind), []);
    return;
  }
  showHint(modifyingText(kind), [toggle(gettext('Remove vertices'), 'delete', tools.remove)]);
}

/**
 * @param {string} text
 * @param {HTMLElement[]} buttons
 */
export function showHint(text, buttons) {
  const line = byId('map-hint', HTMLElement);
  line.replaceChildren(element('span', {}, text), ...buttons);
  line.hidden = false;
}

export function clearHint() {
  byId('map-hint', HTMLElement).hidden = true;
  byId('map-crosshair', HTMLElement).hidden = true;
}
