/** The tools over the map; shown only to those who may edit something. */
import { button, byId, element, icon } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { notify } from '../notices.js';
import { swatch } from '../symbols.js';

/** @typedef {import('../types.js').LayerDescription} LayerDescription */

/**
 * @typedef {object} Tools
 * @property {(layer: LayerDescription) => void} add
 * @property {() => void} split
 * @property {() => void} merge
 * @property {() => void} several
 * @property {() => void} undo
 * @property {() => void} redo
 *
 * @typedef {object} Possible
 * @property {boolean} undo
 * @property {boolean} redo
 * @property {boolean} busy another tool is at work
 * @property {string} barred why nothing can be edited; empty when it can
 * @property {string} unsplittable why the open feature cannot be split
 */

export class Toolbar {
  /**
   * @param {LayerDescription[]} layers those the user may add to
   * @param {Tools} tools
   * @param {HTMLElement} chooser of the plan
   */
  constructor(layers, tools, chooser) {
    this.undo = new ToolButton('undo', gettext('Undo (Ctrl+Z)'), tools.undo);
    this.redo = new ToolButton('redo', gettext('Redo (Ctrl+Shift+Z)'), tools.redo);
    this.split = new ToolButton('split', gettext('Split'), tools.split, true);
    this.merge = new ToolButton('merge', gettext('Merge'), tools.merge, true);
    this.several = new ToolButton('several', gettext('Move several'), tools.several);
    this.add = button(gettext('Add'), {
      class: 'map-button map-add dropdown-toggle', 'data-bs-toggle': 'dropdown', 'aria-expanded': 'false', id: 'add-feature',
    }, 'add');
    byId('map-toolbar', HTMLElement).replaceChildren(
      this.#menu(layers, tools.add), this.split.node, this.merge.node, this.several.node, this.undo.node, this.redo.node, chooser,
    );
    byId('map-toolbar', HTMLElement).hidden = false;
  }

  /**
   * @param {LayerDescription[]} layers
   * @param {(layer: LayerDescription) => void} add
   */
  #menu(layers, add) {
    const items = layers.map((layer) => {
      const item = element('button', { type: 'button', class: 'dropdown-item', 'data-add': layer.name }, swatch(layer.geometry, layer.style.color, null), layer.title);
      // After the menu has closed: Bootstrap leaves the menu of a disabled button open.
      item.addEventListener('click', () => { setTimeout(() => add(layer)); });
      return element('li', {}, item);
    });
    return element('div', { class: 'dropdown' }, this.add, element('ul', { class: 'dropdown-menu map-add-menu', 'aria-labelledby': 'add-feature' }, ...items));
  }

  /** @param {Possible} possible */
  update({ undo, redo, busy, barred, unsplittable }) {
    const occupied = busy ? gettext('Save or cancel first.') : '';
    this.undo.enable(undo ? '' : gettext('There is nothing to undo.'));
    this.redo.enable(redo ? '' : gettext('There is nothing to redo.'));
    this.split.enable(occupied || unsplittable);
    this.merge.enable(occupied || barred);
    this.several.enable(occupied || barred);
    this.add.disabled = busy || barred !== '';
    this.add.title = occupied || barred;
  }
}

/** A button that, when it can do nothing, still says why: to the pointer, a finger and a reader. */
class ToolButton {
  /**
   * @param {string} name of the tool and its icon
   * @param {string} label
   * @param {() => void} run
   * @param {boolean} [labelled] whether the label is written beside the icon
   */
  constructor(name, label, run, labelled = false) {
    this.label = label;
    this.reason = '';
    const text = labelled ? [element('span', { class: 'tool-label' }, label)] : [];
    this.node = element('button', { type: 'button', class: labelled ? 'map-button map-tool' : 'map-button', 'data-tool': name, 'aria-label': label }, icon(name), ...text);
    this.node.addEventListener('click', () => {
      if (this.reason) notify(this.reason);
      else run();
    });
  }

  /** @param {string} reason why not; empty to enable */
  enable(reason) {
    this.reason = reason;
    this.node.title = reason ? `${this.label} — ${reason}` : this.label;
    if (reason) this.node.setAttribute('aria-disabled', 'true');
    else this.node.removeAttribute('aria-disabled');
    this.node.setAttribute('aria-description', reason);
  }
}
