/** What keys do to a sketch, whatever it is drawn for. */

/**
 * @typedef {object} Keyed
 * @property {boolean} isDrawing
 * @property {() => void} finish
 * @property {() => void} removeLast
 * @property {() => boolean} removePointed
 */

/**
 * @param {KeyboardEvent} event on the map, not in a field
 * @param {Keyed} sketch
 * @param {{cancel: () => void, centre: () => void}} tools
 * @returns {boolean} whether the key had a meaning
 */
export function sketchKey(event, sketch, { cancel, centre }) {
  const run = meaningOf(event, sketch, { cancel, centre });
  if (!run) return false;
  event.preventDefault();
  run();
  return true;
}

/**
 * @param {KeyboardEvent} event
 * @param {Keyed} sketch
 * @param {{cancel: () => void, centre: () => void}} tools
 * @returns {(() => void) | null}
 */
function meaningOf({ key, target }, sketch, { cancel, centre }) {
  if (key === 'Escape') return cancel;
  if (!sketch.isDrawing) return key === 'Delete' || key === 'Backspace' ? () => sketch.removePointed() : null;
  if (target instanceof HTMLElement && target.closest('button, a')) return null;
  if (key === 'Enter') return () => sketch.finish();
  if (key === ' ') return centre;
  return key === 'Backspace' ? () => sketch.removeLast() : null;
}
