/** The check form: takes the position, notes the time, and is sent once. */
import { byId } from '../elements.js';
import { NoPosition, canBePositioned, takeFix } from './position.js';

const form = byId('visit-form', HTMLFormElement);
const box = byId('visit-position', HTMLElement);
const take = byId('take-position', HTMLButtonElement);

/** @param {string} name @param {string} value */
function fill(name, value) {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

/** @param {'none' | 'asking' | 'found' | 'denied' | 'failed'} state */
function tell(state) {
  box.classList.toggle('is-found', state === 'found');
  for (const text of box.querySelectorAll('[data-when]')) {
    if (text instanceof HTMLElement) text.hidden = text.dataset['when'] !== state;
  }
}

/** @param {number} metres */
function showAccuracy(metres) {
  byId('position-accuracy', HTMLOutputElement).value = String(Math.round(metres));
}

async function position() {
  take.disabled = true;
  tell('asking');
  try {
    const fix = await takeFix();
    fill('longitude', fix.longitude.toFixed(7));
    fill('latitude', fix.latitude.toFixed(7));
    fill('accuracy', fix.accuracy.toFixed(1));
    fill('positioned_at', fix.at.toISOString());
    showAccuracy(fix.accuracy);
    tell('found');
  } catch (error) {
    if (!(error instanceof NoPosition)) throw error;
    tell(error.reason);
  } finally {
    take.disabled = false;
  }
}

// A form that came back with problems still carries its position.
const kept = form.elements.namedItem('longitude');
if (kept instanceof HTMLInputElement && kept.value) {
  const accuracy = form.elements.namedItem('accuracy');
  if (accuracy instanceof HTMLInputElement) showAccuracy(Number(accuracy.value));
  tell('found');
}

if (canBePositioned()) {
  take.hidden = false;
  take.addEventListener('click', () => { void position(); });
}

form.addEventListener('submit', (event) => {
  if (form.dataset['sending']) {
    event.preventDefault();
    return;
  }
  form.dataset['sending'] = 'yes';
  fill('captured_at', new Date().toISOString());
});
// Back from the next page, the form may be sent again; its uid makes that the same visit.
window.addEventListener('pageshow', () => { delete form.dataset['sending']; });
