/** Between EPSG:4490 degrees (API) and EPSG:3857 metres (screen). CGCS2000 is drawn as WGS 84. */
import { GeoJSON, fromLonLat, toLonLat, transformExtent } from '../../vendor/ol.js';

const DISPLAY = 'EPSG:3857';
const DEGREES = 'EPSG:4326';
// Seven decimals are a centimetre; the API keeps what it gets.
const format = new GeoJSON({ dataProjection: DEGREES, featureProjection: DISPLAY });

/** @param {import('./types.js').Box} box */
export function toExtent(box) {
  return transformExtent(box, DEGREES, DISPLAY);
}

/**
 * @param {number[]} extent
 * @returns {import('./types.js').Box}
 */
export function toBox(extent) {
  const [west, south, east, north] = transformExtent(extent, DISPLAY, DEGREES);
  return [west ?? 0, south ?? 0, east ?? 0, north ?? 0];
}

/** @param {import('./coordinates.js').Position} position */
export function toMetres({ lon, lat }) {
  return fromLonLat([lon, lat]);
}

/**
 * @param {number[]} coordinate
 * @returns {import('./coordinates.js').Position}
 */
export function toPosition(coordinate) {
  const [lon, lat] = toLonLat(coordinate);
  return { lon: lon ?? 0, lat: lat ?? 0 };
}

/** @param {unknown} collection a GeoJSON FeatureCollection */
export function readFeatures(collection) {
  return format.readFeatures(collection);
}

/** @param {import('./types.js').Geometry} geometry */
export function readGeometry(geometry) {
  const read = format.readGeometry(geometry);
  if (!read) throw new Error('The geometry is empty');
  return read;
}

/**
 * @param {import('../../vendor/ol.js').Geometry} geometry
 * @returns {import('./types.js').Geometry}
 */
export function writeGeometry(geometry) {
  const written = format.writeGeometryObject(geometry, { decimals: 8, rightHanded: true });
  return /** @type {import('./types.js').Geometry} */ (written);
}
