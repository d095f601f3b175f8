/** A plan's page: its edits on the map, and printing. */
import { requestJson } from '../http.js';
import { openComparison } from '../map/comparison.js';
import { offerPrinting } from './printing.js';

/** @typedef {import('../map/comparison.js').Shape} Shape */
/** @typedef {{geometry: Shape['geometry'] | null, properties: {side: string, edit: string}}} Planned */

/** @param {string} address */
async function draw(address) {
  /** @type {{features: Planned[]}} */
  const { features } = await requestJson(address);
  /** @type {Shape[]} */
  const shapes = [];
  const kept = new Set(features.filter(({ properties }) => properties.side === 'after').map(({ properties }) => properties.edit));
  for (const { geometry, properties: { side, edit } } of features) {
    // What has only a before is deleted.
    if (geometry) shapes.push({ side: side === 'before' && !kept.has(edit) ? 'gone' : side, edit, geometry });
  }
  const map = openComparison(shapes);
  if (!map) return;
  for (const button of document.querySelectorAll('[data-show]')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const edit = button.dataset['show'] ?? '';
    if (!shapes.some((shape) => shape.edit === edit)) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      map.showDifference(edit);
      for (const card of document.querySelectorAll('.edit-shown')) card.classList.remove('edit-shown');
      button.closest('.edit-card')?.classList.add('edit-shown');
      const target = document.getElementById('minimap');
      const box = target?.getBoundingClientRect();
      if (target && box && (box.top < 0 || box.bottom > window.innerHeight)) target.scrollIntoView({ block: 'center' });
    });
  }
}

offerPrinting();
const source = document.getElementById('minimap')?.dataset['source'];
if (source) await draw(source);
