/** The work list: “near me” asks the device and lists by distance. */
import { byId } from '../elements.js';
import { devicePosition } from '../map/locate.js';

const form = byId('work-filters', HTMLFormElement);
const near = document.getElementById('near-me');
const problem = byId('near-problem', HTMLElement);

/** @param {HTMLButtonElement} asked */
async function listByDistance(asked) {
  asked.disabled = true;
  problem.hidden = true;
  try {
    const place = await devicePosition();
    const field = form.elements.namedItem('near');
    if (field instanceof HTMLInputElement) {
      // Six digits are a decimetre: more than any phone knows.
      field.value = `${place.lon.toFixed(6)},${place.lat.toFixed(6)}`;
    }
    form.submit();
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
    asked.disabled = false;
  }
}

if (near instanceof HTMLButtonElement) {
  near.hidden = false;
  near.addEventListener('click', () => { void listByDistance(near); });
}
