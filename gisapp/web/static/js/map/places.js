/** Where the rows of a delivered file would be: over the county boundaries, inside or outside. */
import {
  CircleStyle, Feature, Fill, Map as OlMap, RegularShape, Stroke, Style, VectorLayer, VectorSource,
  View, defaultInteractions,
} from '../../vendor/ol.js';
import { requestJson } from '../http.js';
import { readGeometry } from './projection.js';
import { boundaryLayer, labelLayer } from './reference.js';

/**
 * `state`: ok, elsewhere (outside the stated county), rejected or none.
 * @typedef {{geometry: import('./types.js').Geometry | null, properties: {row: number, state: string}}} Sampled
 */

/** Told apart by colour and by shape; the same in imports.css. */
const INSIDE = new Style({
  stroke: new Stroke({ color: '#0b7a67', width: 2.5 }),
  fill: new Fill({ color: 'rgba(11,122,103,0.2)' }),
  image: new CircleStyle({
    radius: 5, fill: new Fill({ color: '#0b7a67' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
  }),
});
const OUTSIDE = new Style({
  zIndex: 2,
  stroke: new Stroke({ color: '#a8201a', width: 2.5, lineDash: [6, 4] }),
  fill: new Fill({ color: 'rgba(168,32,26,0.15)' }),
  image: new RegularShape({
    points: 4, radius: 7, fill: new Fill({ color: '#a8201a' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
  }),
});
const PROVINCE = [12_109_600, 2_830_000, 12_719_000, 3_521_000];
/** Near enough to see the places, far enough to see which county they are in. */
const CLOSEST = 9.6;
const silent = { problem: () => {}, recovered: () => {} };

export class PlacesMap {
  /** @param {HTMLElement} target */
  constructor(target) {
    this.source = new VectorSource();
    this.map = new OlMap({
      target,
      controls: [],
      // The wheel scrolls the page until the map is chosen.
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, onFocusOnly: true }),
      layers: [
        boundaryLayer(silent, () => true),
        new VectorLayer({
          source: this.source,
          zIndex: 50,
          style: (feature) => (feature.get('state') === 'ok' ? INSIDE : OUTSIDE),
        }),
      ],
      view: new View({ maxZoom: 18, minZoom: 2, enableRotation: false }),
    });
    this.map.getView().fit(PROVINCE);
    void this.#name();
    target.setAttribute('aria-busy', 'true');
    this.map.on('loadstart', () => target.setAttribute('aria-busy', 'true'));
    this.map.on('loadend', () => target.setAttribute('aria-busy', 'false'));
  }

  /** The names of the counties, when they have come. */
  async #name() {
    /** @type {import('./types.js').Places} */
    const { labels } = await requestJson('/map/places.json');
    this.map.addLayer(labelLayer(labels));
  }

  /** @param {{features: Sampled[]}} found */
  show({ features }) {
    this.source.clear();
    for (const { geometry, properties } of features) {
      if (!geometry) continue;
      const feature = new Feature(readGeometry(geometry));
      feature.setProperties({ row: properties.row, state: properties.state });
      this.source.addFeature(feature);
    }
    const inside = this.source.getFeatures().filter((feature) => feature.get('state') === 'ok');
    // One wild place would shrink all others to a dot.
    const extent = inside.length > 0 ? new VectorSource({ features: inside }).getExtent() : PROVINCE;
    this.map.getView().fit(extent ?? PROVINCE, { padding: [40, 40, 40, 40], maxZoom: CLOSEST });
  }
}
