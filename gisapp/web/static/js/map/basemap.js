/** 天地图 WMTS under the map, where the bureau has a key; without one nothing outside is asked. */
import { TileLayer, XYZ } from '../../vendor/ol.js';

/** Service name of the picture and of its annotations, in Web Mercator (`_w`). */
const SETS = { vec: ['vec', 'cva'], img: ['img', 'cia'], ter: ['ter', 'cta'] };

/** @typedef {keyof typeof SETS} Basemap */

/**
 * @param {string} name
 * @param {string} key
 */
function tiandituUrl(name, key) {
  const query = new URLSearchParams({
    SERVICE: 'WMTS', REQUEST: 'GetTile', VERSION: '1.0.0', LAYER: name, STYLE: 'default',
    TILEMATRIXSET: 'w', FORMAT: 'tiles',
  });
  const place = '&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}';
  return `https://t{0-7}.tianditu.gov.cn/${name}_w/wmts?${query}${place}&tk=${encodeURIComponent(key)}`;
}

/**
 * The two layers of a basemap, picture below the boundaries and names above them.
 * @param {Basemap} basemap
 * @param {string} key
 */
export function basemapLayers(basemap, key) {
  return SETS[basemap].map(
    (name, index) => new TileLayer({
      source: new XYZ({ url: tiandituUrl(name, key), maxZoom: 18 }),
      zIndex: index === 0 ? 0 : 5,
      visible: false,
    }),
  );
}
