/** The OpenLayers map itself: view, zoom buttons, scale, position readout, tooltip. */
import { Map as OlMap, ScaleLine, View, defaultInteractions } from '../../vendor/ol.js';
import { byId } from '../elements.js';
import { formatPosition } from './coordinates.js';
import { toExtent, toMetres, toPosition } from './projection.js';

/** Hunan with a little room around it; the fallback while no boundaries are loaded. */
/** @type {import('./types.js').Box} */
const HUNAN = [108.78, 24.63, 114.26, 30.13];
const CLOSEST = 20;
const NEAR = 16;

/** @returns {number} animation in ms: none for people who asked for calm */
function duration() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 350;
}

export class MapView {
  constructor() {
    this.whole = toExtent(HUNAN);
    this.map = new OlMap({
      target: 'map',
      controls: [new ScaleLine({ target: 'map-scale', minWidth: 70 })],
      interactions: defaultInteractions({ altShiftDragRotate: false, pinchRotate: false }),
      view: new View({ maxZoom: CLOSEST, minZoom: 5, enableRotation: false, showFullExtent: true }),
    });
    this.view.fit(this.whole, { padding: [20, 20, 20, 20] });
    this.#wireButtons();
    this.#showPosition();
    this.#showLoading();
  }

  get view() {
    return this.map.getView();
  }

  /** @param {import('./types.js').Box} box */
  setWhole(box) {
    this.whole = toExtent(box);
  }

  /** Room that panels cover, so that what is shown is not behind them. */
  #padding() {
    const stage = byId('map-stage', HTMLElement);
    const sheet = byId('map-sheet', HTMLElement);
    const room = [64, 30, 40, 30];
    if (sheet.hidden) return room;
    const narrow = sheet.offsetWidth >= stage.offsetWidth;
    if (narrow) room[2] = Math.min(sheet.offsetHeight, stage.offsetHeight * 0.6) + 20;
    else room[1] = sheet.offsetWidth + 30;
    return room;
  }

  /** @param {number[]} extent in metres */
  showExtent(extent) {
    this.view.fit(extent, { padding: this.#padding(), maxZoom: NEAR + 1, duration: duration() });
  }

  /** @param {import('./types.js').Box} box */
  showBox(box) {
    this.showExtent(toExtent(box));
  }

  /**
   * @param {import('./coordinates.js').Position} position
   * @param {number} [zoom]
   */
  showPosition(position, zoom = NEAR) {
    const metres = toMetres(position);
    const extent = [metres[0] ?? 0, metres[1] ?? 0, metres[0] ?? 0, metres[1] ?? 0];
    const closest = Math.max(zoom, this.view.getZoom() ?? zoom);
    this.view.fit(extent, { padding: this.#padding(), maxZoom: closest, duration: duration() });
  }

  /**
   * @param {number[]} centre in metres
   * @param {number} steps
   */
  zoomInto(centre, steps) {
    this.view.animate({ center: centre, zoom: (this.view.getZoom() ?? 8) + steps, duration: duration() });
  }

  /** Whether the extent lies well inside what the panels leave visible. */
  /** @param {number[]} extent */
  sees(extent) {
    const [top = 0, right = 0, bottom = 0, left = 0] = this.#padding();
    const [width = 0, height = 0] = this.map.getSize() ?? [];
    const corner1 = this.map.getPixelFromCoordinate([extent[0] ?? 0, extent[1] ?? 0]);
    const corner2 = this.map.getPixelFromCoordinate([extent[2] ?? 0, extent[3] ?? 0]);
    if (!corner1 || !corner2) return false;
    return [corner1, corner2].every(([x = -1, y = -1]) => x >= left && x <= width - right && y >= top && y <= height - bottom);
  }

  #wireButtons() {
    /** @param {number} steps */
    const zoom = (steps) => this.view.animate({ zoom: (this.view.getZoom() ?? 8) + steps, duration: duration() / 2 });
    byId('zoom-in', HTMLButtonElement).addEventListener('click', () => zoom(1));
    byId('zoom-out', HTMLButtonElement).addEventListener('click', () => zoom(-1));
    byId('full-extent', HTMLButtonElement).addEventListener('click', () => this.showExtent(this.whole));
  }

  /** A thin bar (css) while tiles are on their way; tests wait for its end too. */
  #showLoading() {
    const target = byId('map', HTMLElement);
    target.setAttribute('aria-busy', 'true');
    this.map.on('loadstart', () => target.setAttribute('aria-busy', 'true'));
    this.map.on('loadend', () => target.setAttribute('aria-busy', 'false'));
  }

  #showPosition() {
    const readout = byId('map-position', HTMLOutputElement);
    this.map.on('pointermove', (event) => {
      if (!event.dragging) readout.value = `CGCS2000 ${formatPosition(toPosition(event.coordinate))}`;
    });
  }
}
