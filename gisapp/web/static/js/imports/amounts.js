/** Sizes, rates and times as people read them. */
import { gettext, interpolate, language } from '../i18n.js';

const UNITS = ['B', 'KB', 'MB', 'GB'];

/** @param {number} bytes */
export function size(bytes) {
  let [value, unit] = [bytes, 0];
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 1 && value < 100 ? 1 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value)} ${UNITS[unit]}`;
}

/** @param {number} seconds */
export function remaining(seconds) {
  if (seconds >= 3600) return interpolate(gettext('about %(count)s h left'), { count: Math.ceil(seconds / 3600) });
  if (seconds >= 60) return interpolate(gettext('about %(count)s min left'), { count: Math.ceil(seconds / 60) });
  return interpolate(gettext('about %(count)s s left'), { count: Math.max(1, Math.ceil(seconds)) });
}

/** The rate of the last seconds: a pause long ago does not slow it down. */
export class Rate {
  constructor() {
    /** @type {[number, number][]} */
    this.marks = [];
  }

  /** @param {number} done @returns {number} per second */
  at(done) {
    const now = performance.now() / 1000;
    this.marks.push([now, done]);
    while (this.marks.length > 2 && now - (this.marks[0]?.[0] ?? now) > 8) this.marks.shift();
    const [time, before] = this.marks[0] ?? [now, done];
    return now > time ? (done - before) / (now - time) : 0;
  }
}
