/** The work list: “near me” asks the device and lists by distance. */
import { byId } from '../elements.js';
import { NoPosition, canBePositioned, takeFix } from '../verify/position.js';

const form = byId('work-filters', HTMLFormElement);
const near = document.getElementById('near-me');
const problem = byId('near-problem', HTMLElement);

/** @param {HTMLButtonElement} asked */
async function listByDistance(asked) {
  asked.disabled = true;
  problem.hidden = true;
  try {
    const fix = await takeFix();
    const field = form.elements.namedItem('near');
    if (field instanceof HTMLInputElement) {
      // Five digits are a metre, and all that the list needs to know.
      field.value = `${fix.longitude.toFixed(5)},${fix.latitude.toFixed(5)}`;
    }
    form.submit();
  } catch (error) {
    if (!(error instanceof NoPosition)) throw error;
    problem.hidden = false;
    asked.disabled = false;
  }
}

if (near instanceof HTMLButtonElement && canBePositioned()) {
  near.hidden = false;
  near.addEventListener('click', () => { void listByDistance(near); });
}
