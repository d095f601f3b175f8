/** Says something to people who use a screen reader. */
import { byId } from './elements.js';

/** @param {string} text */
export function announce(text) {
  const region = byId('announcer', HTMLElement);
  region.textContent = '';
  // A changed text is read out; the same text again would not be.
  setTimeout(() => { region.textContent = text; }, 50);
}
