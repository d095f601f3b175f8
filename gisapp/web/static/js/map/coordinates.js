/** Reading and writing positions: CGCS2000 longitude and latitude in degrees. Pure. */

/** @typedef {{lon: number, lat: number}} Position */

const NUMBER = String.raw`\d{1,3}(?:\.\d+)?`;
const DMS = String.raw`(\d{1,3})°\s*(\d{1,2})[′']\s*(\d{1,2}(?:\.\d+)?)[″"]`;
const DECIMAL_PAIR = new RegExp(`^(${NUMBER})[,\\s]+(${NUMBER})$`);
const DMS_PAIR = new RegExp(`^${DMS}\\s*[EN]?[,\\s]*${DMS}\\s*[EN]?$`);

/** Full-width digits and punctuation, and the marks people type for minutes and seconds. */
/** @param {string} text */
function halfWidth(text) {
  return text
    .normalize('NFKC')
    // NFKC takes ″ apart into two ′.
    .replace(/′′/g, '"')
    .replace(/[，、；;]/g, ',')
    .replace(/[’‘]/g, "'")
    .replace(/[”“]/g, '"')
    .trim();
}

/** @param {(string | undefined)[]} parts degrees, minutes, seconds */
function fromDms(parts) {
  const [degrees, minutes, seconds] = parts.map(Number);
  return (degrees ?? NaN) + (minutes ?? NaN) / 60 + (seconds ?? NaN) / 3600;
}

/**
 * Two ordinates in either order: in China a longitude is above 70 and a latitude below 60.
 * @param {number} first
 * @param {number} second
 * @returns {Position | null}
 */
function ordered(first, second) {
  if (first > 70 && first < 140 && second > 0 && second < 60) return { lon: first, lat: second };
  if (second > 70 && second < 140 && first > 0 && first < 60) return { lon: second, lat: first };
  return null;
}

/**
 * "109.71, 28.35", "28.35 109.71", "109°42′36″ 28°21′0″", full-width or not; null if it is no
 * position in China.
 * @param {string} text
 * @returns {Position | null}
 */
export function parsePosition(text) {
  const clean = halfWidth(text);
  const decimal = DECIMAL_PAIR.exec(clean);
  if (decimal) return ordered(Number(decimal[1]), Number(decimal[2]));
  const dms = DMS_PAIR.exec(clean);
  if (dms) return ordered(fromDms(dms.slice(1, 4)), fromDms(dms.slice(4, 7)));
  return null;
}

/** Five decimals are a metre. */
/** @param {Position} position */
export function formatPosition({ lon, lat }) {
  return `${lon.toFixed(5)}°E ${lat.toFixed(5)}°N`;
}
