/** On a phone the left panel slides in over the map. */
import { byId } from '../elements.js';

export function wirePanel() {
  const panel = byId('map-panel', HTMLElement);
  const open = byId('map-panel-open', HTMLButtonElement);
  /** @param {boolean} shown */
  const show = (shown) => {
    panel.classList.toggle('is-open', shown);
    open.setAttribute('aria-expanded', String(shown));
    if (shown) byId('map-panel-close', HTMLButtonElement).focus();
  };
  open.addEventListener('click', () => show(true));
  byId('map-panel-close', HTMLButtonElement).addEventListener('click', () => { show(false); open.focus(); });
  byId('map-stage', HTMLElement).addEventListener('pointerdown', (event) => {
    if (event.target instanceof Node && !open.contains(event.target)) show(false);
  });
  panel.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false); });
  document.addEventListener('panel:done', () => show(false));
}
