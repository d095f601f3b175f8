/** Where the rows of a delivered file would be: over the county boundaries, inside or outside. */
import {
  CircleStyle, Feature, Fill, Map as OlMap, Point, RegularShape, Stroke, Style, VectorLayer, VectorSource,
  View, defaultInteractions,
} from '../../vendor/ol.js';
import { requestJson } from '../http.js';
import { toMetres } from './projection.js';
import { boundaryLayer, labelLayer } from './reference.js';

/** @typedef {{geometry: {coordinates: [number, number]}, properties: {row: number, inside: boolean}}} Sampled */

/** Told apart by colour and by shape; the same in imports.css. */
const INSIDE = new Style({
  image: new CircleStyle({
    radius: 5, fill: new Fill({ color: '#0b7a67' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
  }),
});
const OUTSIDE = new Style({
  zIndex: 2,
  image: new RegularShape({
    points: 4, radius: 7, fill: new Fill({ color: '#a8201a' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }),
  }),
});
const PROVINCE = [12_109_600, 2_830_000, 12_719_000, 3_521_000];
/** Near enough to see the places, far enough to see which county they are in. */
const CLOSEST = 11;
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
          style: (feature) => (feature.get('inside') ? INSIDE : OUTSIDE),
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
    this.source.addFeatures(features.map(({ geometry: { coordinates: [lon, lat] }, properties }) => {
      const feature = new Feature(new Point(toMetres({ lon, lat })));
      feature.setProperties(properties);
      return feature;
    }));
    const inside = this.source.getFeatures().filter((feature) => feature.get('inside'));
    // One wild place would shrink all others to a dot.
    const extent = inside.length > 0 ? new VectorSource({ features: inside }).getExtent() : PROVINCE;
    this.map.getView().fit(extent ?? PROVINCE, { padding: [40, 40, 40, 40], maxZoom: CLOSEST });
  }
}
