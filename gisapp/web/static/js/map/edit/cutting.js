/**
 * Where a blade cuts a line, and what comes of it: the preview of what the service will do, by the
 * same rules (layers/editing/cutting.py). Positions are longitude and latitude in degrees. Pure.
 */
import { lengthOf } from './ellipsoid.js';

/** @typedef {import('../types.js').Geometry} Geometry */
/** @typedef {number[][]} Line */
/** @typedef {{lines: Line[], length: number, kept: boolean}} Piece length in metres; `kept` keeps the record */

/** A point cuts a line that it is on, or at most this many degrees (some 50 m) away from. */
const REACH = 0.0005;
/** Pieces below this many metres are the accident of a blade through an end. */
const SHORTEST = 0.1;

/** @param {Geometry | null} geometry @returns {Line[]} */
export function linesOf(geometry) {
  if (geometry?.type === 'LineString') return [geometry.coordinates];
  return geometry?.type === 'MultiLineString' ? geometry.coordinates : [];
}

/**
 * The pieces, the one that keeps the record first; one piece alone: the blade misses.
 * @param {Geometry} geometry of lines
 * @param {Geometry} blade a LineString, or a Point on the line
 * @returns {Piece[]}
 */
export function cut(geometry, blade) {
  /** @type {Line[]} */
  const kept = [];
  /** @type {Line[]} */
  const fresh = [];
  for (const part of linesOf(geometry)) {
    const pieces = cutPart(part, blade).filter((piece) => lengthOf(piece) >= SHORTEST);
    pieces.sort((one, other) => lengthOf(other) - lengthOf(one));
    kept.push(pieces[0] ?? part);
    fresh.push(...pieces.slice(1));
  }
  return [piece(kept, true), ...fresh.map((line) => piece([line], false))];
}

/**
 * @param {Line[]} lines
 * @param {boolean} keeps
 * @returns {Piece}
 */
function piece(lines, keeps) {
  return { lines, kept: keeps, length: lines.reduce((sum, line) => sum + lengthOf(line), 0) };
}

/**
 * @param {Line} part
 * @param {Geometry} blade
 */
function cutPart(part, blade) {
  const whole = planarLength(part);
  const stations = blade.type === 'Point' ? projected(part, blade.coordinates) : crossings(part, blade.coordinates);
  const inner = [...new Set(stations)].filter((along) => along > 0 && along < whole).sort((a, b) => a - b);
  const stops = [0, ...inner, whole];
  return stops.slice(1).map((stop, index) => substring(part, stops[index] ?? 0, stop));
}

/**
 * The place on the lines nearest to a position; null where there are no lines.
 * @param {Line[]} lines
 * @param {number[]} position
 * @returns {{position: number[], distance: number} | null} distance in degrees
 */
export function nearest(lines, position) {
  const found = lines.flatMap((line) => segments(line).map(({ from, to }) => {
    const foot = between(from, to, fraction(from, to, position));
    return { position: foot, distance: Math.hypot(foot[0] - (position[0] ?? 0), foot[1] - (position[1] ?? 0)) };
  }));
  return found.reduce((/** @type {typeof found[0] | null} */ best, each) => (best && best.distance <= each.distance ? best : each), null);
}

/** @param {Line} line */
function segments(line) {
  let start = 0;
  return line.slice(1).map((to, index) => {
    const from = line[index] ?? to;
    const length = Math.hypot((to[0] ?? 0) - (from[0] ?? 0), (to[1] ?? 0) - (from[1] ?? 0));
    const segment = { from, to, start, length };
    start += length;
    return segment;
  });
}

/** @param {Line} line */
function planarLength(line) {
  return segments(line).reduce((sum, { length }) => sum + length, 0);
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number[]} position
 * @returns {number} 0 at `from`, 1 at `to`
 */
function fraction([x1 = 0, y1 = 0], [x2 = 0, y2 = 0], [x = 0, y = 0]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const square = dx * dx + dy * dy;
  return square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / square));
}

/**
 * @param {number[]} from
 * @param {number[]} to
 * @param {number} part
 * @returns {[number, number]}
 */
function between([x1 = 0, y1 = 0], [x2 = 0, y2 = 0], part) {
  return [x1 + (x2 - x1) * part, y1 + (y2 - y1) * part];
}

/**
 * @param {Line} line
 * @param {number[]} position
 */
function projected(line, position) {
  let best = { away: Infinity, along: 0 };
  for (const { from, to, start, length } of segments(line)) {
    const part = fraction(from, to, position);
    const [x, y] = between(from, to, part);
    const away = Math.hypot(x - (position[0] ?? 0), y - (position[1] ?? 0));
    if (away < best.away) best = { away, along: start + part * length };
  }
  return best.away <= REACH ? [best.along] : [];
}

/**
 * @param {Line} line
 * @param {Line} blade
 */
function crossings(line, blade) {
  return segments(line).flatMap(({ from, to, start, length }) => segments(blade)
    .map((edge) => meeting(from, to, edge.from, edge.to))
    .filter((part) => part !== null)
    .map((part) => start + part * length));
}

/**
 * @param {number[]} a
 * @param {number[]} b
 * @param {number[]} c
 * @param {number[]} d
 * @returns {number | null} how far along a-b it meets c-d; null where it does not
 */
function meeting([ax = 0, ay = 0], [bx = 0, by = 0], [cx = 0, cy = 0], [dx = 0, dy = 0]) {
  const cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx);
  if (cross === 0) return null;
  const along = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / cross;
  const across = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / cross;
  return along >= 0 && along <= 1 && across >= 0 && across <= 1 ? along : null;
}

/**
 * @param {Line} line
 * @param {number} from
 * @param {number} to
 * @returns {Line}
 */
function substring(line, from, to) {
  /** @type {Line} */
  const found = [];
  for (const segment of segments(line)) {
    const end = segment.start + segment.length;
    if (end <= from || segment.start >= to || segment.length === 0) continue;
    if (!found.length) found.push(between(segment.from, segment.to, Math.max(0, (from - segment.start) / segment.length)));
    found.push(end <= to ? segment.to : between(segment.from, segment.to, (to - segment.start) / segment.length));
  }
  return found;
}

/**
 * How lines will be joined: end to end they become one (layers/editing/reshaping.py).
 * @param {Line[]} lines
 * @returns {number} how many parts stay
 */
export function partsAfterJoining(lines) {
  /** @type {Map<string, number[]>} */
  const ends = new Map();
  lines.forEach((line, index) => {
    for (const end of [line[0], line.at(-1)]) {
      const key = (end ?? []).slice(0, 2).join(' ');
      ends.set(key, [...(ends.get(key) ?? []), index]);
    }
  });
  const group = lines.map((_line, index) => index);
  /** @param {number} index @returns {number} */
  const root = (index) => (group[index] === index ? index : root(group[index] ?? index));
  for (const meeting of ends.values()) {
    // Three at one place are a junction: none of them is the continuation of another.
    if (meeting.length === 2) group[root(meeting[0] ?? 0)] = root(meeting[1] ?? 0);
  }
  return new Set(lines.map((_line, index) => root(index))).size;
}
