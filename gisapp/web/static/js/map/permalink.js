/** The view in the address (`#zoom/lat/lon/layers/colouring/rasters`) and remembered between visits. */
import { formatShown, parseShown } from './rasters/shown.js';

const KEY = 'xiangcun.map.view';

/**
 * @typedef {object} ViewState
 * @property {number} zoom
 * @property {number} lat
 * @property {number} lon
 * @property {string[] | null} layers the visible ones; null for the default
 * @property {import('./types.js').Colouring} colouring
 * @property {import('./rasters/shown.js').ShownRaster[]} rasters
 */

/** @param {ViewState} state */
export function formatHash({ zoom, lat, lon, layers, colouring, rasters }) {
  const shown = layers === null ? '' : layers.join(',') || '-';
  const view = `#${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}/${shown}/${colouring}`;
  return rasters.length ? `${view}/${formatShown(rasters)}` : view;
}

/**
 * @param {string} hash
 * @returns {ViewState | null}
 */
export function parseHash(hash) {
  const [zoom, lat, lon, shown = '', colouring, rasters = ''] = hash.replace(/^#/, '').split('/');
  const numbers = [zoom, lat, lon].map((part) => (part ? Number(part) : NaN));
  if (!numbers.every(Number.isFinite)) return null;
  const [z, y, x] = /** @type {[number, number, number]} */ (numbers);
  if (z < 0 || z > 24 || Math.abs(y) > 85 || Math.abs(x) > 180) return null;
  const layers = shown === '' ? null : shown === '-' ? [] : shown.split(',');
  return {
    zoom: z, lat: y, lon: x, layers,
    colouring: colouring === 'class' ? 'class' : 'state',
    rasters: parseShown(rasters),
  };
}

/** @param {ViewState} state */
export function remember(state) {
  const hash = formatHash(state);
  window.history.replaceState(window.history.state, '', `${window.location.pathname}${window.location.search}${hash}`);
  try {
    window.localStorage.setItem(KEY, hash);
  } catch (error) {
    // Storage may be forbidden or full; the address still carries the view.
    console.info('The view is not remembered:', error);
  }
}

/** The plan that the address asks for (`?plan=12`); null without one. */
export function addressedPlan() {
  const asked = new URLSearchParams(window.location.search).get('plan') ?? '';
  return /^[1-9]\d{0,15}$/.test(asked) ? Number(asked) : null;
}

/** The past day that the address asks for (`?at=2024-03-01`); null without one. */
export function addressedDate() {
  const asked = new URLSearchParams(window.location.search).get('at') ?? '';
  return /^\d{4}-\d\d-\d\d$/.test(asked) ? asked : null;
}

/** Whether the address asks for drawing the area of a pack (`?draw=pack`); asked once, not again on reload. */
export function takeAddressedDrawing() {
  const address = new URL(window.location.href);
  if (address.searchParams.get('draw') !== 'pack') return false;
  address.searchParams.delete('draw');
  window.history.replaceState(window.history.state, '', address);
  return true;
}

/**
 * A path with the view and this plan, or this past day, or neither, in the address.
 * @param {string} path
 * @param {number | null} plan
 * @param {string | null} [date]
 */
export function addressOf(path, plan, date = null) {
  const query = plan === null ? '' : `?plan=${plan}`;
  return `${path}${date === null ? query : `?at=${date}`}${window.location.hash}`;
}

/** The view of the address, else the remembered one, else null. */
export function recall() {
  const addressed = parseHash(window.location.hash);
  if (addressed) return addressed;
  try {
    return parseHash(window.localStorage.getItem(KEY) ?? '');
  } catch (error) {
    console.info('No remembered view:', error);
    return null;
  }
}
