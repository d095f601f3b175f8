/** How features are drawn: pure functions from a tile feature's attributes to OpenLayers styles. */
import { CircleStyle, Fill, RegularShape, Stroke, Style } from '../../vendor/ol.js';
import { STATE_COLOURS, asState, stateOfGroup } from './states.js';

/** @typedef {import('./types.js').UpkeepState} UpkeepState */
/** @typedef {import('../../vendor/ol.js').Feature | import('../../vendor/ol.js').RenderFeature} Drawn */

const CASING = '#ffffff';

/**
 * Without it OpenLayers 10.11 finds no point of a vector tile layer under the pointer: it takes an
 * empty list of decluttered features for "none of these was drawn".
 * @type {'none'}
 */
const declutterMode = 'none';

/** @type {Map<string, Style[]>} */
const made = new Map();

/**
 * @param {string} key
 * @param {() => Style[]} make
 */
function once(key, make) {
  let styles = made.get(key);
  if (!styles) {
    styles = make();
    made.set(key, styles);
  }
  return styles;
}

/**
 * A point's sign: circle, triangle, square, cross, ring, one a state.
 * @param {UpkeepState | null} shape null where colours show the class: then always a circle
 * @param {string} colour
 * @param {number} radius pixels
 */
function sign(shape, colour, radius) {
  const fill = new Fill({ color: colour });
  const stroke = new Stroke({ color: CASING, width: radius < 4 ? 0.75 : 1.5 });
  if (shape === 'due') return new RegularShape({ points: 3, radius: radius * 1.25, fill, stroke, declutterMode });
  if (shape === 'overdue') {
    return new RegularShape({ points: 4, radius: radius * 1.2, angle: Math.PI / 4, fill, stroke, declutterMode });
  }
  if (shape === 'defective') {
    return new RegularShape({ points: 4, radius: radius * 1.45, radius2: radius * 0.5, fill, stroke, declutterMode });
  }
  if (shape === 'none') {
    return new CircleStyle({
      radius: radius * 0.8,
      declutterMode,
      fill: new Fill({ color: CASING }),
      stroke: new Stroke({ color: colour, width: Math.max(1.5, radius * 0.4) }),
    });
  }
  return new CircleStyle({ radius, fill, stroke, declutterMode });
}

/** Dashes tell the states of lines and outlines apart without colour. */
/** @type {Partial<Record<UpkeepState, number[]>>} */
const DASHES = { due: [10, 4], overdue: [5, 4], defective: [1, 5] };

/**
 * @param {UpkeepState | null} shape
 * @param {string} colour
 * @param {number} width
 */
function line(shape, colour, width) {
  const dash = shape ? DASHES[shape] : undefined;
  return [
    new Style({ stroke: new Stroke({ color: 'rgba(255,255,255,0.85)', width: width + 2 }) }),
    new Style({ stroke: new Stroke({ color: colour, width, ...(dash ? { lineDash: dash } : {}) }) }),
  ];
}

/**
 * @param {UpkeepState | null} shape
 * @param {string} colour #rrggbb
 */
function area(shape, colour) {
  const dash = shape ? DASHES[shape] : undefined;
  return [
    new Style({
      fill: new Fill({ color: `${colour}38` }),
      stroke: new Stroke({ color: colour, width: 2, ...(dash ? { lineDash: dash } : {}) }),
    }),
  ];
}

/** @param {number} resolution metres a pixel */
function zoomOf(resolution) {
  return Math.round(Math.log2(156543.034 / resolution));
}

/** Dots of a group grow with the number of features, but stay inside their cell. */
/** @param {number} count */
function groupRadius(count) {
  return Math.min(4.2, 1.6 + Math.log10(count + 1));
}

/**
 * @param {import('./types.js').LayerDescription} layer
 * @param {() => import('./types.js').Colouring} colouring
 * @returns {(feature: Drawn, resolution: number) => Style[]}
 */
export function layerStyle(layer, colouring) {
  return (feature, resolution) => {
    const byState = colouring() === 'state';
    const type = feature.getGeometry()?.getType() ?? '';
    const grouped = feature.get('n') !== undefined;
    const state = grouped
      ? stateOfGroup((each) => Number(feature.get(each) ?? 0))
      : asState(feature.get('state'));
    const classCode = String(feature.get('class') ?? '');
    const colour = byState ? STATE_COLOURS[state] : layer.style.classes[classCode] ?? layer.style.color;
    const shape = byState ? state : null;
    const zoom = zoomOf(resolution);
    if (grouped) return groupStyle(colour, Number(feature.get('n')));
    if (type.endsWith('Point')) {
      const radius = Math.max(2.75, Math.min(7, zoom * 0.75 - 3.25));
      return once(`p${shape}${colour}${radius}`, () => [new Style({ image: sign(shape, colour, radius), zIndex: gravity(state) })]);
    }
    if (type.endsWith('LineString')) {
      const width = Math.max(1.2, Math.min(5, (zoom - 6) * 0.55));
      return once(`l${shape}${colour}${width}`, () => line(shape, colour, width));
    }
    return once(`a${shape}${colour}`, () => area(shape, colour));
  };
}

/**
 * @param {string} colour
 * @param {number} count
 */
function groupStyle(colour, count) {
  const radius = Math.round(groupRadius(count) * 4) / 4;
  return once(`g${colour}${radius}`, () => [
    new Style({ image: new CircleStyle({ radius, fill: new Fill({ color: `${colour}d9` }), declutterMode }) }),
  ]);
}

/** Graver states are drawn over lighter ones. */
/** @param {UpkeepState} state */
function gravity(state) {
  return ['none', 'ok', 'due', 'overdue', 'defective'].indexOf(state);
}

/**
 * A little drawing of a layer or state for lists and legend, as inline SVG markup parts.
 * @param {import('./types.js').GeometryKind} kind
 * @param {string} colour
 * @param {UpkeepState | null} shape
 */
export function swatch(kind, colour, shape) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('viewBox', '0 0 18 14');
  svg.setAttribute('aria-hidden', 'true');
  const drawing = { point: pointDrawing, line: lineDrawing, polygon: areaDrawing }[kind](shape);
  const node = document.createElementNS('http://www.w3.org/2000/svg', drawing.tag);
  for (const [name, value] of Object.entries(drawing.attributes)) {
    node.setAttribute(name, value.replace('currentColor', colour));
  }
  svg.append(node);
  return svg;
}

/** @typedef {{tag: 'path' | 'circle' | 'rect', attributes: Record<string, string>}} Drawing */

/** @param {UpkeepState | null} shape @returns {Drawing} */
function pointDrawing(shape) {
  const fill = 'currentColor';
  if (shape === 'due') return { tag: 'path', attributes: { d: 'M9 1 15 12.500H3Z', fill } };
  if (shape === 'overdue') return { tag: 'rect', attributes: { x: '4', y: '2', width: '10', height: '10', fill } };
  if (shape === 'defective') {
    return { tag: 'path', attributes: { d: 'M9 0 11 5 16 7 11 9 9 14 7 9 2 7 7 5Z', fill } };
  }
  if (shape === 'none') {
    return { tag: 'circle', attributes: { cx: '9', cy: '7', r: '4', fill: '#fff', stroke: fill, 'stroke-width': '2.2' } };
  }
  return { tag: 'circle', attributes: { cx: '9', cy: '7', r: '5', fill } };
}

/** @param {UpkeepState | null} shape @returns {Drawing} */
function lineDrawing(shape) {
  const dash = (shape && DASHES[shape]) || [];
  return { tag: 'path', attributes: { d: 'M1 11 6 4 11 8 17 3', fill: 'none', stroke: 'currentColor', 'stroke-width': '2.6', 'stroke-dasharray': dash.join(' ') } };
}

/** @param {UpkeepState | null} _shape @returns {Drawing} */
function areaDrawing(_shape) {
  return { tag: 'rect', attributes: { x: '2', y: '2', width: '14', height: '10', rx: '1', fill: 'currentColor', 'fill-opacity': '0.25', stroke: 'currentColor', 'stroke-width': '1.8' } };
}

