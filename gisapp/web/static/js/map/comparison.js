/** A small map of what differs: the sides of a plan, a conflict or two versions over each other. */
import {
  CircleStyle, Feature, Fill, Map as OlMap, MultiPoint, Stroke, Style, VectorLayer, VectorSource,
  VectorTileLayer, View, defaultInteractions,
} from '../../vendor/ol.js';
import { readGeometry } from './projection.js';
import { boundaryLayer } from './reference.js';
import { tileSource } from './tiles.js';

/**
 * @typedef {object} Shape
 * @property {string} side
 * @property {import('./types.js').Geometry} geometry
 * @property {string} [edit] the edit of a plan that it belongs to
 */

/**
 * Told apart by colour, by dash and by the size of their points; the same in editing.css.
 * @type {Record<string, {colour: string, dash?: number[], width: number, order: number}>}
 */
const SIDES = {
  base: { colour: '#5b6168', dash: [2, 5], width: 3, order: 1 },
  before: { colour: '#5b6168', dash: [7, 5], width: 3, order: 1 },
  theirs: { colour: '#b5391f', dash: [9, 4], width: 4, order: 2 },
  mine: { colour: '#0a58ca', width: 2.5, order: 3 },
  gone: { colour: '#a8201a', dash: [3, 5], width: 4, order: 2 },
  after: { colour: '#17604f', width: 2.5, order: 3 },
};
const HALO = 'rgba(255,255,255,0.9)';
const MOST_VERTICES = 400;
const CLOSEST = 17;
const FAR_ZOOM = 9;

/** Live features of the same layers around, only to know where one is. */
const around = new Style({
  fill: new Fill({ color: 'rgba(120,116,104,0.12)' }),
  stroke: new Stroke({ color: 'rgba(120,116,104,0.75)', width: 1.2 }),
  image: new CircleStyle({ radius: 2.5, fill: new Fill({ color: 'rgba(120,116,104,0.75)' }), declutterMode: 'none' }),
});

/**
 * @param {string} side
 * @param {boolean} strong whether it is the one that was asked for
 */
function styles(side, strong) {
  const { colour, dash, width, order } = SIDES[side] ?? { colour: '#000000', width: 2, order: 0 };
  const drawn = width + (strong ? 2.5 : 0);
  const radius = 4 + (4 - order) * 2.2 + (strong ? 2 : 0);
  return [
    new Style({
      zIndex: order,
      stroke: new Stroke({ color: HALO, width: drawn + 3 }),
      image: new CircleStyle({ radius: radius + 1.5, fill: new Fill({ color: HALO }) }),
    }),
    new Style({
      zIndex: order,
      fill: new Fill({ color: `${colour}22` }),
      stroke: new Stroke({ color: colour, width: drawn, ...(dash ? { lineDash: dash } : {}) }),
      image: new CircleStyle({
        radius,
        fill: new Fill({ color: order === 3 ? colour : `${colour}40` }),
        stroke: new Stroke({ color: colour, width: 2, ...(dash ? { lineDash: [3, 2] } : {}) }),
      }),
    }),
    new Style({
      zIndex: order,
      geometry: (feature) => new MultiPoint(feature.get('differing')),
      image: new CircleStyle({ radius: 5, fill: new Fill({ color: colour }), stroke: new Stroke({ color: HALO, width: 1.5 }) }),
    }),
    new Style({
      zIndex: order,
      geometry: (feature) => vertices(feature.getGeometry()),
      image: new CircleStyle({ radius: 2.5, fill: new Fill({ color: '#ffffff' }), stroke: new Stroke({ color: colour, width: 1.5 }) }),
    }),
  ];
}

/**
 * @param {unknown} geometry of any kind but a collection
 * @returns {number[][]}
 */
function placesOf(geometry) {
  const shape = /** @type {import('ol/geom/SimpleGeometry.js').default} */ (geometry);
  const flat = shape.getFlatCoordinates();
  const stride = shape.getStride();
  const places = [];
  for (let at = 0; at < flat.length; at += stride) places.push([flat[at] ?? 0, flat[at + 1] ?? 0]);
  return places;
}

/** The vertices of lines and areas, where there are not too many to be told apart. */
/** @param {unknown} geometry */
function vertices(geometry) {
  const shape = /** @type {import('ol/geom/SimpleGeometry.js').default} */ (geometry);
  if (shape.getType().endsWith('Point')) return undefined;
  const places = placesOf(geometry);
  return places.length > MOST_VERTICES ? undefined : new MultiPoint(places);
}

/** Two vertices are the same when a centimetre does not part them. */
/** @param {number[]} place */
function nameOf([x = 0, y = 0]) {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

/** Gives each feature the vertices that not all sides of its edit have. */
/** @param {Feature[]} features */
function markDifferences(features) {
  for (const feature of features) {
    const sides = features.filter((each) => each.get('edit') === feature.get('edit'));
    const others = sides.filter((each) => each !== feature);
    const theirs = others.map((each) => new Set(placesOf(each.getGeometry()).map(nameOf)));
    const differing = placesOf(feature.getGeometry()).filter((place) => theirs.some((known) => !known.has(nameOf(place))));
    feature.set('differing', differing.length > MOST_VERTICES ? [] : differing);
  }
}

const silent = { problem: () => {}, recovered: () => {} };

export class ComparisonMap {
  /**
   * @param {HTMLElement} target
   * @param {Shape[]} shapes
   */
  constructor(target, shapes) {
    this.chosen = '';
    /** @type {Set<string>} */
    this.hidden = new Set();
    this.source = new VectorSource({
      features: shapes.map(({ side, geometry, edit }) => {
        const feature = new Feature(readGeometry(geometry));
        feature.setProperties({ side, edit: edit ?? '' });
        return feature;
      }),
    });
    markDifferences(this.source.getFeatures());
    this.layer = new VectorLayer({
      source: this.source,
      zIndex: 50,
      style: (feature) => this.#style(feature.get('side'), feature.get('edit')),
    });
    const layers = (target.dataset['layers'] ?? '').split(' ').filter(Boolean);
    this.map = new OlMap({
      target,
      controls: [],
      // The wheel scrolls the page until the map is chosen.
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false, onFocusOnly: true }),
      layers: [
        boundaryLayer(silent, () => true),
        ...layers.map((name) => new VectorTileLayer({ source: tileSource(name, silent), style: around, zIndex: 10 })),
        this.layer,
      ],
      view: new View({ maxZoom: 20, minZoom: 6, enableRotation: false }),
    });
    this.#tellLoading(target);
    this.showAll();
  }

  showAll() {
    this.chosen = '';
    this.layer.changed();
    this.#fit(this.source.getExtent());
  }

  /** What differs, near enough to see how; everything where nothing does. */
  /** @param {string} edit of a plan, else '' */
  showDifference(edit = '') {
    const features = this.source.getFeatures().filter((feature) => feature.get('edit') === edit);
    const places = features.flatMap((feature) => feature.get('differing'));
    this.chosen = edit;
    this.layer.changed();
    const shown = places.length > 0 ? places : features.flatMap((feature) => placesOf(feature.getGeometry()));
    if (shown.length > 0) this.#fit(new MultiPoint(shown).getExtent());
  }

  /**
   * @param {string} side
   * @param {boolean} shown
   */
  showSide(side, shown) {
    if (shown) this.hidden.delete(side);
    else this.hidden.add(side);
    this.layer.changed();
  }

  /**
   * @param {string} side
   * @param {string} edit
   */
  #style(side, edit) {
    return this.hidden.has(side) ? [] : styles(side, this.chosen !== '' && edit === this.chosen);
  }

  /** @param {number[] | null} extent */
  #fit(extent) {
    const view = this.map.getView();
    if (!extent || !Number.isFinite(extent[0])) {
      view.setZoom(FAR_ZOOM);
      return;
    }
    view.fit(extent, { padding: [44, 44, 44, 44], maxZoom: CLOSEST });
  }

  /** @param {HTMLElement} target */
  #tellLoading(target) {
    target.setAttribute('aria-busy', 'true');
    this.map.on('loadstart', () => target.setAttribute('aria-busy', 'true'));
    this.map.on('loadend', () => target.setAttribute('aria-busy', 'false'));
  }
}

/** Puts the map into the page's #minimap and wires its legend. */
/** @param {Shape[]} shapes */
export function openComparison(shapes) {
  const target = document.getElementById('minimap');
  if (!target || shapes.length === 0) return null;
  const map = new ComparisonMap(target, shapes);
  for (const box of document.querySelectorAll('[data-side]')) {
    if (!(box instanceof HTMLInputElement)) continue;
    const side = box.dataset['side'] ?? '';
    if (shapes.some((shape) => shape.side === side)) {
      box.addEventListener('change', () => map.showSide(side, box.checked));
      map.showSide(side, box.checked);
    } else {
      box.disabled = true;
      box.checked = false;
    }
  }
  document.getElementById('minimap-whole')?.addEventListener('click', () => map.showAll());
  document.getElementById('minimap-difference')?.addEventListener('click', () => map.showDifference());
  return map;
}
