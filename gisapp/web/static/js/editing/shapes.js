/** The geometries that the page brings with it. */
import { jsonBlock } from '../elements.js';

/** @returns {import('../map/comparison.js').Shape[]} */
export function shapesOfPage() {
  return /** @type {import('../map/comparison.js').Shape[]} */ (jsonBlock('shapes'));
}
