/** The small map on the pages of the OGC API: the features of the page, over the boundaries. */
import { CircleStyle, Fill, Map as OlMap, Stroke, Style, VectorLayer, VectorSource, View, defaultInteractions } from '../../vendor/ol.js';
import { element } from '../elements.js';
import { requestJson } from '../http.js';
import { gettext } from '../i18n.js';
import { readFeatures, toExtent } from './projection.js';
import { boundaryLayer } from './reference.js';

/** @type {import('./types.js').Box} */
const HUNAN = [108.78, 24.63, 114.26, 30.13];
const CLOSEST = 17;
const line = new Stroke({ color: '#b5391f', width: 2 });
const STYLE = new Style({
  stroke: line,
  fill: new Fill({ color: 'rgba(181, 57, 31, 0.12)' }),
  image: new CircleStyle({ radius: 5, fill: new Fill({ color: '#b5391f' }), stroke: new Stroke({ color: '#ffffff', width: 1.5 }) }),
});

/**
 * @param {HTMLElement} target
 * @param {string} source address of a feature or a collection of them, as GeoJSON in degrees
 */
async function draw(target, source) {
  const features = new VectorSource();
  // What lies underneath is only for orientation: where it fails, the features are still right.
  const quiet = { problem: () => {}, recovered: () => {} };
  const map = new OlMap({
    target,
    interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, mouseWheelZoom: false }),
    layers: [
      boundaryLayer(quiet, () => true),
      new VectorLayer({ source: features, style: STYLE, zIndex: 10 }),
    ],
    view: new View({ maxZoom: CLOSEST, enableRotation: false }),
  });
  map.getView().fit(toExtent(HUNAN));
  features.addFeatures(readFeatures(await requestJson(source)));
  const extent = features.getExtent();
  if (!features.isEmpty() && extent?.every(Number.isFinite)) map.getView().fit(extent, { padding: [30, 30, 30, 30], maxZoom: 14 });
}

const target = document.getElementById('ogc-map');
if (target?.dataset['source']) {
  draw(target, target.dataset['source']).catch(() => {
    target.append(element('p', { class: 'ogc-map-failure', role: 'alert' }, gettext('The map cannot be drawn.')));
  });
}
