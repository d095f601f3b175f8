/** Which rasters are shown and how, as a part of the address: `dem:slope:60,ortho`. */

/** @typedef {import('../types.js').RasterRender} RasterRender */

/**
 * @typedef {object} ShownRaster
 * @property {string} name
 * @property {RasterRender} render
 * @property {number} opacity in per cent
 */

/** Ways that people look at; terrain-RGB is for programs. */
/** @type {RasterRender[]} */
export const RENDERS = ['colours', 'hillshade', 'slope'];
export const OPAQUE = 100;
/** An address is anybody's text. */
const MOST = 50;
const ENTRY = /^([a-z0-9-]{1,50})(?::([a-z]+))?(?::(\d{1,3}))?$/;

/** @param {ShownRaster[]} rasters */
export function formatShown(rasters) {
  return rasters.map(({ name, render, opacity }) => {
    if (opacity !== OPAQUE) return `${name}:${render}:${opacity}`;
    return render === 'colours' ? name : `${name}:${render}`;
  }).join(',');
}

/**
 * Without what cannot be read: the rest of the view is still worth showing.
 * @param {string} text
 * @returns {ShownRaster[]}
 */
export function parseShown(text) {
  return text.split(',', MOST).flatMap((part) => {
    const [, name, asked = 'colours', opacity = String(OPAQUE)] = ENTRY.exec(part) ?? [];
    const render = RENDERS.find((each) => each === asked);
    if (!name || !render || Number(opacity) > OPAQUE) return [];
    return [{ name, render, opacity: Number(opacity) }];
  });
}
