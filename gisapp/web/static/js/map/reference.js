/** What the features lie on: boundaries, demonstration zones and names. */
import {
  Feature, Fill, Point, Stroke, Style, Text, VectorLayer, VectorSource, VectorTileLayer,
} from '../../vendor/ol.js';
import { toMetres } from './projection.js';
import { tileSource } from './tiles.js';

const INK = '#3f4a47';
const HALO = new Stroke({ color: 'rgba(252,250,244,0.92)', width: 3 });
const FONT = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

/** The two areas the province emphasises, and a colour for any further zone. */
/** @type {Record<string, string>} */
export const ZONE_COLOURS = { wuling: '#2f6f9f', luoxiao: '#a3477a' };
export const OTHER_ZONE = '#8a6a1f';

/** @param {string} code */
export function zoneColour(code) {
  return ZONE_COLOURS[code] ?? OTHER_ZONE;
}

const land = new Style({ fill: new Fill({ color: '#fbf9f3' }), stroke: new Stroke({ color: '#c9c3b2', width: 1 }) });
const outline = new Style({ stroke: new Stroke({ color: '#a39d8b', width: 1 }) });
const prefecture = new Style({ stroke: new Stroke({ color: '#97907c', width: 1.6 }), zIndex: 2 });
const province = new Style({ stroke: new Stroke({ color: '#7d7663', width: 2.4 }), zIndex: 3 });

/**
 * @param {import('./tiles.js').TileWatch} watch
 * @param {() => boolean} filled false over a basemap, where only lines are drawn
 */
export function boundaryLayer(watch, filled) {
  return new VectorTileLayer({
    source: tileSource('divisions', watch),
    zIndex: 1,
    style: (feature) => {
      const level = feature.get('level');
      if (level === 'province') return province;
      if (level === 'prefecture') return prefecture;
      return filled() ? land : outline;
    },
  });
}

/** @param {import('./tiles.js').TileWatch} watch */
export function zoneLayer(watch) {
  /** @type {Map<string, Style>} */
  const styles = new Map();
  return new VectorTileLayer({
    source: tileSource('zones', watch),
    zIndex: 2,
    style: (feature, resolution) => {
      const colour = zoneColour(String(feature.get('code')));
      // Inside a zone its tint would only dull the map; the outline is enough.
      const tint = resolution > 150 ? '1f' : '0c';
      const known = styles.get(colour + tint);
      if (known) return known;
      const style = new Style({
        fill: new Fill({ color: colour + tint }),
        stroke: new Stroke({ color: `${colour}d0`, width: 2.2 }),
      });
      styles.set(colour + tint, style);
      return style;
    },
  });
}

/** @param {import('./types.js').Places['labels']} labels */
export function labelLayer(labels) {
  const features = labels.map((place) => {
    const feature = new Feature(new Point(toMetres(place)));
    feature.setProperties({ name: place.name, level: place.level });
    return feature;
  });
  return new VectorLayer({
    source: new VectorSource({ features }),
    declutter: true,
    zIndex: 60,
    style: (feature, resolution) => labelStyle(feature.get('name'), feature.get('level'), resolution),
  });
}

/**
 * Prefectures from far, counties from nearer; never both at once.
 * @param {string} name
 * @param {string} level
 * @param {number} resolution
 */
function labelStyle(name, level, resolution) {
  const far = resolution > 420;
  if (far !== (level === 'prefecture')) return undefined;
  return new Style({
    text: new Text({
      text: name,
      font: far ? `600 13px ${FONT}` : `500 12px ${FONT}`,
      fill: new Fill({ color: INK }),
      stroke: HALO,
      padding: [2, 3, 2, 3],
    }),
  });
}
