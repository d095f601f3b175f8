/** The tool that draws the area of an offline pack and orders it. Nothing is edited. */
import { announce } from '../../announce.js';
import { byId } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { clearHint } from '../edit/hint.js';
import { Steps } from '../edit/history.js';
import { sketchKey } from '../edit/keys.js';
import { AreaDrawing } from './drawing.js';
import { PackForm } from './form.js';
import { hintArea, hintDrawn } from './hint.js';

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
    this.form = new PackForm(host.sheet, {
      made: (pack) => { if (this.history.value) ends.made(pack, this.history.value); },
      cancel: () => { void this.#cancel(); },
    });
    this.tools = {
      choose: (/** @type {import('./drawing.js').Way} */ way) => this.#choose(way),
      centre: () => this.drawing.addCentre(),
      back: () => this.drawing.removeLast(),
      finish: () => this.drawing.finish(),
      cancel: () => { void this.#cancel(); },
      again: () => this.#do(null),
      remove: (/** @type {boolean} */ on) => this.drawing.removeCorners(on),
    };
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
      hintDrawn(this.tools);
      this.drawing.show(area);
      void this.form.show(area);
      this.host.sheet.panel.classList.add('is-moving');
      return;
    }
    if (this.host.sheet.open) this.host.sheet.close();
    hintArea(this.way, this.tools);
    this.drawing.start(this.way);
    byId('map', HTMLElement).focus({ preventScroll: true });
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
