/** A box on the map: dragged, or from one corner to the other by two clicks, taps or keys. */
import { DragBox, Feature, Point, Polygon } from '../../../vendor/ol.js';
import { writeGeometry } from '../projection.js';

export class BoxDrawing {
  /**
   * @param {import('../view.js').MapView} view
   * @param {import('../edit/surface.js').FeatureSource} source where the first corner is shown
   * @param {(geometry: import('../types.js').Geometry) => void} drawn
   */
  constructor(view, source, drawn) {
    this.view = view;
    this.source = source;
    this.drawn = drawn;
    /** @type {number[] | null} */
    this.corner = null;
    this.drag = new DragBox();
    this.#listen();
    view.map.addInteraction(this.drag);
  }

  #listen() {
    let resolution = this.view.view.getResolution();
    this.drag.on('boxstart', () => { resolution = this.view.view.getResolution(); });
    this.drag.on('boxend', () => {
      // A second finger made a zoom of it.
      if (resolution === this.view.view.getResolution()) this.drawn(writeGeometry(this.drag.getGeometry()));
    });
    this.drag.on('boxcancel', (event) => this.add(event.coordinate));
  }

  /** @param {number[]} coordinate of a corner, in metres */
  add(coordinate) {
    const [west, south] = this.corner ?? coordinate;
    const [east, north] = coordinate;
    if (this.corner && west !== east && south !== north) {
      this.drawn(writeGeometry(new Polygon([[[west, south], [east, south], [east, north], [west, north], [west, south]].map(([x = 0, y = 0]) => [x, y])])));
      return;
    }
    this.corner = coordinate;
    this.source.clear();
    this.source.addFeature(new Feature(new Point(coordinate)));
  }

  removeLast() {
    this.corner = null;
    this.source.clear();
  }

  remove() {
    this.view.map.removeInteraction(this.drag);
  }
}
