/** The line over the map while the area of a pack is drawn. */
import { byId, element } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { COARSE, hintButton, showHint, toggle } from '../edit/hint.js';

/** @typedef {import('./drawing.js').Way} Way */
/**
 * @typedef {object} AreaTools
 * @property {(way: Way) => void} choose
 * @property {() => void} centre
 * @property {() => void} back
 * @property {() => void} finish
 * @property {() => void} cancel
 * @property {() => void} undo
 * @property {() => void} again
 * @property {(on: boolean) => void} remove
 */

/** @param {Way} way */
function drawingText(way) {
  if (way === 'box') {
    return COARSE
      ? gettext('Drag a box with one finger, or tap two corners.')
      : gettext('Drag a box, or click two corners. Space puts a corner in the middle of the map, Esc cancels.');
  }
  return COARSE
    ? gettext('Tap the corners of the area; finish with the button.')
    : gettext('Click the corners of the area; double-click or Enter finishes. Space adds the middle of the map, Backspace takes back the last corner, Esc cancels.');
}

/**
 * @param {Way} way
 * @param {AreaTools} tools
 */
export function hintArea(way, tools) {
  /** @type {[Way, string, string][]} */
  const ways = [['corners', gettext('Corners'), 'zones'], ['box', gettext('Box'), 'several']];
  const choices = ways.map(([each, label, icon]) => {
    const node = hintButton(label, icon, () => tools.choose(each));
    node.setAttribute('aria-pressed', String(each === way));
    node.dataset['way'] = each;
    return node;
  });
  const finish = way === 'corners' ? [hintButton(gettext('Finish'), 'check', tools.finish)] : [];
  showHint(drawingText(way), [
    element('div', { class: 'btn-group', role: 'group', 'aria-label': gettext('Way of drawing') }, ...choices),
    hintButton(gettext('Add the middle'), 'target', tools.centre),
    hintButton(gettext('Back'), 'undo', tools.back), ...finish, hintButton(gettext('Cancel'), 'close', tools.cancel),
  ]);
  byId('map-crosshair', HTMLElement).hidden = false;
}

export function hintDrawn() {
  byId('map-crosshair', HTMLElement).hidden = true;
  const text = COARSE
    ? gettext('Drag corners; drag an edge to add one.')
    : gettext('Drag corners; drag an edge to add one. Point at a corner and press Delete, or Alt+click it, to remove it.');
  showHint(text, []);
}

/**
 * Beside the figures, since on a phone the panel covers the line over the map.
 * @param {AreaTools} tools
 */
export function drawnButtons(tools) {
  return element(
    'div', { class: 'edit-tools' }, hintButton(gettext('Undo'), 'undo', tools.undo),
    toggle(gettext('Remove corners'), 'delete', tools.remove), hintButton(gettext('Draw again'), 'reload', tools.again),
  );
}
