/** The tools over the map: add, undo, redo; shown only to those who may edit something. */
import { button, byId, element, icon } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { swatch } from '../symbols.js';

/** @typedef {import('../types.js').LayerDescription} LayerDescription */
/** @typedef {{add: (layer: LayerDescription) => void, undo: () => void, redo: () => void}} Tools */

export class Toolbar {
  /**
   * @param {LayerDescription[]} layers those the user may add to
   * @param {Tools} tools
   */
  constructor(layers, tools) {
    const bar = byId('map-toolbar', HTMLElement);
    this.undo = tool('undo', gettext('Undo (Ctrl+Z)'), tools.undo);
    this.redo = tool('redo', gettext('Redo (Ctrl+Shift+Z)'), tools.redo);
    this.add = button(gettext('Add'), {
      class: 'map-button map-add dropdown-toggle', 'data-bs-toggle': 'dropdown', 'aria-expanded': 'false', id: 'add-feature',
    }, 'add');
    const items = layers.map((layer) => {
      const item = element('button', { type: 'button', class: 'dropdown-item', 'data-add': layer.name }, swatch(layer.geometry, layer.style.color, null), layer.title);
      // After the menu has closed: Bootstrap leaves the menu of a disabled button open.
      item.addEventListener('click', () => { setTimeout(() => tools.add(layer)); });
      return element('li', {}, item);
    });
    bar.replaceChildren(
      element('div', { class: 'dropdown' }, this.add, element('ul', { class: 'dropdown-menu map-add-menu', 'aria-labelledby': 'add-feature' }, ...items)),
      this.undo, this.redo,
    );
    bar.hidden = false;
  }

  /**
   * @param {boolean} canUndo
   * @param {boolean} canRedo
   * @param {boolean} editing
   */
  update(canUndo, canRedo, editing) {
    this.undo.disabled = !canUndo;
    this.redo.disabled = !canRedo;
    this.add.disabled = editing;
  }
}

/**
 * @param {string} iconName
 * @param {string} label
 * @param {() => void} run
 */
function tool(iconName, label, run) {
  const node = element('button', { type: 'button', class: 'map-button', 'aria-label': label, title: label, 'data-tool': iconName, disabled: true }, icon(iconName));
  node.addEventListener('click', run);
  return node;
}
