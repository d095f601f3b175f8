/**
 * The texts of the active language, from Django's JavaScript catalog (loaded before any module).
 * Strings are marked by calling these three by name, so that makemessages finds them.
 */

/**
 * @typedef {object} Catalog
 * @property {(text: string) => string} gettext
 * @property {(one: string, many: string, count: number) => string} ngettext
 * @property {(text: string, values: Record<string, unknown>, named: true) => string} interpolate
 */

const catalog = /** @type {Catalog} */ (/** @type {unknown} */ (globalThis));

/** @param {string} text */
export function gettext(text) {
  return catalog.gettext(text);
}

/**
 * @param {string} one
 * @param {string} many
 * @param {number} count
 */
export function ngettext(one, many, count) {
  return catalog.ngettext(one, many, count);
}

/**
 * Fills %(name)s places in a whole sentence; texts are never glued together.
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
export function interpolate(text, values) {
  return catalog.interpolate(text, values, true);
}

export const language = document.documentElement.lang || 'zh-hans';

/** @param {number} value */
export function formatNumber(value) {
  return new Intl.NumberFormat(language).format(value);
}

/** @param {number} value from 0 to 1 */
export function formatShare(value) {
  return new Intl.NumberFormat(language, { style: 'percent' }).format(value);
}
