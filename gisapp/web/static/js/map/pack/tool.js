/** The tool that draws the area of an offline pack and orders it. Nothing is edited. */
import { announce } from '../../announce.js';
import { byId } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { clearHint } from '../edit/hint.js';
import { Steps } from '../edit/history.js';
import { sketchKey } from '../edit/keys.js';
import { readGeometry } from '../projection.js';
import { AreaDrawing } from './drawing.js';
import { PackForm } from './form.js';
import { drawnButtons, hintArea, hintDrawn } from './hint.js';

/** @typedef {import('../types.js').Geometry} Geometry */

export class PackTool {
  /**
   * @param {import('../edit/editor.js').Host} host
   * @param {{made: (pack: import('./form.js').Pack, area: Geometry) => void, abandoned: () => void, changed: () => void}} ends
   */
  constructor(host, ends) {
    this.host = host;
    this.ends = ends;
    /** @type {import('./drawing.js').Way} */
    this.way = 'corners';
    /** @type {Steps<Geometry | null>} */
    this.history = new Steps(/** @type {Geometry | null} */ (null));
    this.drawing = new AreaDrawing(host.view, (area) => this.#do(area));
    this.tools = {
      choose: (/** @type {import('./drawing.js').Way} */ way) => this.#choose(way),
      centre: () => this.drawing.addCentre(),
      back: () => this.drawing.removeLast(),
      finish: () => this.drawing.finish(),
      cancel: () => { void this.#cancel(); },
      undo: () => this.step('undo'),
      again: () => this.#do(null),
      remove: (/** @type {boolean} */ on) => this.drawing.removeCorners(on),
    };
    this.form = new PackForm(host.sheet, drawnButtons(this.tools), {
      made: (pack) => { if (this.history.value) ends.made(pack, this.history.value); },
      cancel: this.tools.cancel,
    });
    this.#show();
    announce(gettext('Draw the area of the offline pack.'));
  }

  get dirty() {
    return this.history.value !== null;
  }

  /** @param {Geometry | null} area */
  #do(area) {
    this.history.do(area);
    this.#show();
    this.ends.changed();
  }

  /** @param {import('./drawing.js').Way} way */
  #choose(way) {
    this.way = way;
    this.#show();
  }

  #show() {
    const area = this.history.value;
    if (area) {
      hintDrawn();
      this.drawing.show(area);
      this.#open(area);
      return;
    }
    if (this.host.sheet.open) this.host.sheet.close();
    hintArea(this.way, this.tools);
    this.drawing.start(this.way);
    byId('map', HTMLElement).focus({ preventScroll: true });
  }

  /**
   * The panel; when it opens, the area comes out from behind it.
   * @param {Geometry} area
   */
  #open(area) {
    const { sheet, view } = this.host;
    const opens = !sheet.open;
    void this.form.show(area);
    sheet.panel.classList.add('is-moving');
    const extent = readGeometry(area).getExtent();
    if (opens && !view.sees(extent)) view.showExtent(extent);
  }

  /** @param {'undo' | 'redo'} direction */
  step(direction) {
    if (direction === 'undo' && this.drawing.isDrawing && !this.history.past.length) this.drawing.removeLast();
    else if (this.history.step(direction)) this.#show();
  }

  /** @param {KeyboardEvent} event on the map, not in a field */
  key(event) {
    sketchKey(event, this.drawing, this.tools);
  }

  /** Leaving asks first when there is an area to lose; the host knows how. */
  async #cancel() {
    if (this.dirty && !(await this.host.mayLeave())) return;
    this.ends.abandoned();
  }

  end() {
    this.drawing.remove();
    clearHint();
    this.host.sheet.panel.classList.remove('is-editing', 'is-moving');
  }
}
