/** What lies under a pixel, the tooltip, and the highlight of the selected feature. */
import { CircleStyle, Feature, Fill, Stroke, Style, VectorLayer, VectorSource } from '../../vendor/ol.js';
import { byId, element } from '../elements.js';
import { formatNumber, gettext, interpolate } from '../i18n.js';
import { readGeometry } from './projection.js';
import { asState, stateLabel } from './states.js';

/**
 * @typedef {object} Hit
 * @property {string} layer
 * @property {number | null} id null for a group
 * @property {number} count 1 for a single feature
 * @property {string} name
 * @property {string} classCode
 * @property {import('./types.js').UpkeepState} state
 */

const COARSE = window.matchMedia('(pointer: coarse)').matches;
const HALO = '#00a5ff';
const highlight = [
  new Style({
    stroke: new Stroke({ color: '#fff', width: 9 }),
    image: new CircleStyle({ radius: 13, stroke: new Stroke({ color: '#fff', width: 6 }) }),
  }),
  new Style({
    fill: new Fill({ color: 'rgba(0,165,255,0.10)' }),
    stroke: new Stroke({ color: HALO, width: 5 }),
    image: new CircleStyle({ radius: 13, stroke: new Stroke({ color: HALO, width: 3.5 }) }),
  }),
];

export class Selection {
  /**
   * @param {import('./view.js').MapView} view
   * @param {import('./layers.js').FeatureLayers} layers
   */
  constructor(view, layers) {
    this.view = view;
    this.layers = layers;
    this.source = new VectorSource();
    view.map.addLayer(new VectorLayer({ source: this.source, style: highlight, zIndex: 70 }));
    /** Set while something else, such as drawing, uses the pointer. */
    this.paused = false;
    this.#wireTooltip();
  }

  /**
   * Everything at this pixel, each feature once, topmost first.
   * @param {number[]} pixel
   * @param {number} tolerance
   * @returns {Hit[]}
   */
  hitsAt(pixel, tolerance = COARSE ? 12 : 5) {
    /** @type {Map<string, Hit>} */
    const hits = new Map();
    this.view.map.forEachFeatureAtPixel(
      pixel,
      (feature, layer) => {
        const name = String(layer.get('name'));
        const hit = hitOf(name, feature);
        hits.set(`${name}/${hit.id ?? 'group'}`, hit);
      },
      { hitTolerance: tolerance, layerFilter: (layer) => this.layers.has(String(layer.get('name'))) },
    );
    return [...hits.values()];
  }

  /** @param {import('./types.js').Geometry | null} geometry */
  highlight(geometry) {
    this.source.clear();
    if (geometry) this.source.addFeature(new Feature(readGeometry(geometry)));
  }

  /** The extent of the highlighted feature in metres, if it has a place. */
  extent() {
    return this.source.isEmpty() ? null : this.source.getExtent();
  }

  #wireTooltip() {
    const tooltip = byId('map-tooltip', HTMLElement);
    const target = byId('map', HTMLElement);
    if (COARSE) return;
    this.view.map.on('pointermove', (event) => {
      if (event.dragging || this.paused) {
        tooltip.hidden = true;
        return;
      }
      const hit = this.hitsAt(event.pixel, 3)[0];
      target.style.cursor = hit ? 'pointer' : '';
      tooltip.hidden = !hit;
      if (!hit) return;
      tooltip.replaceChildren(...this.#tooltipText(hit));
      tooltip.style.left = `${event.pixel[0]}px`;
      tooltip.style.top = `${event.pixel[1]}px`;
    });
    target.addEventListener('pointerleave', () => { tooltip.hidden = true; });
  }

  /** @param {Hit} hit */
  #tooltipText(hit) {
    const title = this.layers.describe(hit.layer).title;
    if (hit.id === null) {
      const text = interpolate(gettext('%(count)s × %(layer)s'), { count: formatNumber(hit.count), layer: title });
      return [text, element('small', {}, gettext('Click to zoom in'))];
    }
    return [hit.name || title, element('small', {}, [hit.name ? title : '', stateLabel(hit.state)].filter(Boolean).join(' · '))];
  }
}

/**
 * @param {string} layer
 * @param {import('./symbols.js').Drawn} feature
 * @returns {Hit}
 */
function hitOf(layer, feature) {
  const count = feature.get('n');
  const id = feature.getId();
  return {
    layer,
    id: count === undefined && id !== undefined ? Number(id) : null,
    count: count === undefined ? 1 : Number(count),
    name: String(feature.get('name') ?? ''),
    classCode: String(feature.get('class') ?? ''),
    state: asState(feature.get('state')),
  };
}
