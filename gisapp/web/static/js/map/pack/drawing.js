/** The area of a pack on the map: drawn by its corners or as a box, then changed by its corners. */
import { Sketch } from '../edit/sketch.js';
import { BoxDrawing } from './box.js';

/** @typedef {import('../types.js').Geometry} Geometry */
/** @typedef {'corners' | 'box'} Way */

export class AreaDrawing {
  /**
   * @param {import('../view.js').MapView} view
   * @param {(geometry: Geometry) => void} changed
   */
  constructor(view, changed) {
    this.view = view;
    this.changed = changed;
    this.sketch = new Sketch(view, null, null, changed);
    /** @type {BoxDrawing | null} */
    this.box = null;
  }

  /** @param {Way} way */
  start(way) {
    this.#endBox();
    this.sketch.show(null);
    if (way === 'corners') this.sketch.startDrawing('polygon');
    else {
      this.sketch.rest();
      this.box = new BoxDrawing(this.view, this.sketch.source, (geometry) => {
        this.show(geometry);
        this.changed(geometry);
      });
    }
  }

  /** @param {Geometry} geometry from now on changed by its corners */
  show(geometry) {
    this.#endBox();
    this.sketch.show(geometry);
    this.sketch.startModifying();
  }

  get isDrawing() {
    return this.box !== null || this.sketch.isDrawing;
  }

  /** The middle of the map as the next corner: drawing without a pointer. */
  addCentre() {
    const centre = this.view.view.getCenter();
    if (this.box && centre) this.box.add(centre);
    else this.sketch.addCentre('polygon');
  }

  finish() {
    this.sketch.finish();
  }

  removeLast() {
    if (this.box) this.box.removeLast();
    else this.sketch.removeLast();
  }

  removePointed() {
    return this.sketch.removePointed();
  }

  /** @param {boolean} on whether the next taps on corners remove them */
  removeCorners(on) {
    this.sketch.removing = on;
  }

  remove() {
    this.#endBox();
    this.sketch.remove();
  }

  #endBox() {
    this.box?.remove();
    this.box = null;
  }
}
