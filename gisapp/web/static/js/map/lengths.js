/** Lengths in words, in the language of the page. */
import { language } from '../i18n.js';

/** @param {number} metres @returns {string} "845 m", "1.24 km" */
export function formatLength(metres) {
  const far = metres >= 1000;
  return new Intl.NumberFormat(language, {
    style: 'unit', unit: far ? 'kilometer' : 'meter', unitDisplay: 'short',
    maximumFractionDigits: far ? 2 : metres < 100 ? 1 : 0,
  }).format(far ? metres / 1000 : metres);
}
