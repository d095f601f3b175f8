/** Deciding a conflict: the sides on the map, and arrow keys over the table of fields. */
import { interpolate, ngettext } from '../i18n.js';
import { openComparison } from '../map/comparison.js';
import { shapesOfPage } from './shapes.js';

/** @param {HTMLFormElement} form */
function rowsOf(form) {
  return [...form.querySelectorAll('.sides-row')].map((row) => /** @type {HTMLInputElement[]} */ ([...row.querySelectorAll('input[type=radio]')]));
}

/** @param {HTMLFormElement} form */
function tellCount(form) {
  const output = form.querySelector('#sides-count');
  const open = rowsOf(form).filter((row) => !row.some((radio) => radio.checked)).length;
  if (!(output instanceof HTMLOutputElement)) return;
  output.value = open === 0
    ? ''
    : interpolate(ngettext('%(count)s field is still open', '%(count)s fields are still open', open), { count: open });
}

/**
 * Up and down go to the same side of the next field; left and right choose, as radios do.
 * @param {KeyboardEvent} event
 * @param {HTMLFormElement} form
 */
function steer(event, form) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLInputElement) || event.target.type !== 'radio') return;
  const rows = rowsOf(form);
  const radio = event.target;
  const at = rows.findIndex((row) => row.includes(radio));
  event.preventDefault();
  const next = rows[at + step];
  if (next) (next.find(({ checked }) => checked) ?? next.find(({ value }) => value === radio.value) ?? next[0])?.focus();
}

/** @param {HTMLFormElement} form */
function wire(form) {
  form.addEventListener('change', () => tellCount(form));
  form.addEventListener('keydown', (event) => steer(event, form));
  for (const button of form.querySelectorAll('[data-all]')) {
    // With scripts it fills the choices in, to be looked at and sent; without, it decides at once.
    if (!(button instanceof HTMLButtonElement)) continue;
    button.type = 'button';
    button.addEventListener('click', () => {
      for (const radio of form.querySelectorAll(`input[type=radio][value="${button.value}"]`)) {
        if (radio instanceof HTMLInputElement) radio.checked = true;
      }
      tellCount(form);
    });
  }
  for (const hint of form.querySelectorAll('[data-with-keys]')) {
    if (hint instanceof HTMLElement) hint.hidden = false;
  }
  tellCount(form);
}

openComparison(shapesOfPage())?.showDifference();
const form = document.getElementById('sides-form');
if (form instanceof HTMLFormElement && form.querySelector('input[type=radio]')) wire(form);
