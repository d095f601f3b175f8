/** How planned changes are drawn: told apart by sign and dash, not by colour alone. */
import {
  CircleStyle, Fill, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, RegularShape, Stroke, Style,
} from '../../../vendor/ol.js';
import { gettext } from '../../i18n.js';

/** @typedef {import('./content.js').Change} Change */
/** @typedef {import('../../../vendor/ol.js').Geometry} Geometry */

export const COLOURS = { created: '#159a3c', changed: '#1d4f9c', deleted: '#c1121f' };
const WAS = '#5b6b8a';
/** Pixels between the signs along a line. */
const CROSSES = 26;
const PLUSES = 60;
const MOST_SIGNS = 400;

/** @param {Change} change */
export function changeLabel(change) {
  return { created: gettext('To be created'), changed: gettext('To be changed'), deleted: gettext('To be deleted') }[change];
}

const white = (/** @type {number} */ width) => new Stroke({ color: '#fff', width });

/** @param {string} colour */
function solid(colour) {
  return [
    new Style({ stroke: white(10), zIndex: 3 }),
    new Style({
      zIndex: 4,
      stroke: new Stroke({ color: colour, width: 6 }),
      fill: new Fill({ color: `${colour}33` }),
      image: new CircleStyle({ radius: 9, fill: new Fill({ color: colour }), stroke: white(2.5) }),
    }),
  ];
}

/**
 * A sign on a point, and along lines and outlines every so many pixels.
 * @param {InstanceType<typeof RegularShape>} image
 * @param {number} every
 * @param {number} resolution metres a pixel
 */
function sign(image, every, resolution) {
  return new Style({
    image, zIndex: 6,
    geometry: (feature) => {
      const geometry = 'clone' in feature ? feature.getGeometry() : undefined;
      return geometry ? along(/** @type {Geometry} */ (geometry), every * resolution) : undefined;
    },
  });
}

const plus = new RegularShape({ points: 4, radius: 5, radius2: 0, stroke: white(2) });
const cross = (/** @type {string} */ colour, /** @type {number} */ radius) => new RegularShape({
  points: 4, radius, radius2: 0, angle: Math.PI / 4, stroke: new Stroke({ color: colour, width: 2.6 }),
});

/**
 * @param {Geometry} geometry
 * @param {number} every metres of the map's projection
 */
function along(geometry, every) {
  if (geometry instanceof Point) return geometry;
  const points = linesOf(geometry).flatMap((line) => {
    const count = Math.min(MOST_SIGNS, Math.max(1, Math.floor(line.getLength() / every)));
    return Array.from({ length: count }, (_each, index) => line.getCoordinateAt((index + 0.5) / count));
  });
  return new MultiPoint(points);
}

/** @param {Geometry} geometry @returns {InstanceType<typeof LineString>[]} */
function linesOf(geometry) {
  if (geometry instanceof LineString) return [geometry];
  if (geometry instanceof MultiLineString) return geometry.getLineStrings();
  if (geometry instanceof Polygon) return geometry.getCoordinates().map((ring) => new LineString(ring));
  return geometry instanceof MultiPolygon ? geometry.getPolygons().flatMap(linesOf) : [];
}

/** Red hatching for what an area loses. */
const hatching = (() => {
  const tile = document.createElement('canvas');
  tile.width = 10;
  tile.height = 10;
  const pen = tile.getContext('2d');
  if (!pen) return COLOURS.deleted;
  pen.strokeStyle = COLOURS.deleted;
  pen.lineWidth = 1.5;
  for (const offset of [-10, 0, 10]) {
    pen.moveTo(offset, 10);
    pen.lineTo(offset + 10, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, 'repeat') ?? COLOURS.deleted;
})();

const created = solid(COLOURS.created);
const changed = solid(COLOURS.changed);
const was = [
  new Style({
    zIndex: 1,
    stroke: new Stroke({ color: `${WAS}b0`, width: 3, lineDash: [7, 6] }),
    fill: new Fill({ color: `${WAS}14` }),
    image: new CircleStyle({ radius: 8, fill: new Fill({ color: '#ffffffa0' }), stroke: new Stroke({ color: WAS, width: 2, lineDash: [4, 3] }) }),
  }),
];
const deleted = [
  new Style({ stroke: white(8), zIndex: 2 }),
  new Style({
    zIndex: 2,
    stroke: new Stroke({ color: `${COLOURS.deleted}d0`, width: 3, lineDash: [8, 5] }),
    fill: new Fill({ color: hatching }),
    image: new CircleStyle({ radius: 9, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: COLOURS.deleted, width: 2.5 }) }),
  }),
];

/**
 * @param {Change | 'before'} kind
 * @param {number} resolution
 */
export function planStyle(kind, resolution) {
  if (kind === 'before') return was;
  if (kind === 'deleted') {
    return [...deleted, sign(cross('#fff', 7.5), CROSSES, resolution), sign(cross(COLOURS.deleted, 6), CROSSES, resolution)];
  }
  if (kind === 'created') return [...created, sign(plus, PLUSES, resolution)];
  return changed;
}
