/** The review of a delivery: every choice is kept at once, and the page follows. */
import { byId } from '../elements.js';
import { HttpError, OfflineError, requestHtml, requestJson } from '../http.js';
import { gettext, interpolate } from '../i18n.js';
import { PlacesMap } from '../map/places.js';

const MOVES_MAP = ['datum', 'division', 'swapped', 'packed', 'x', 'y', 'wkt', 'accuracy_m'];

class Review {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    /** @type {PlacesMap | null} */
    this.map = null;
    this.saving = Promise.resolve();
    this.waiting = 0;
    form.addEventListener('change', (event) => {
      if (event.target instanceof HTMLElement) this.#changed(event.target);
    });
    form.addEventListener('submit', (event) => event.preventDefault());
    document.addEventListener('submit', (event) => this.#start(event));
    document.addEventListener('click', (event) => {
      if (event.target instanceof HTMLElement) setFrom(event.target);
      if (event.target instanceof Element && event.target.closest('[data-first-open]')) {
        event.preventDefault();
        showFirstOpen();
      }
    });
    void this.showPlaces();
  }

  /** @param {HTMLElement} control */
  #changed(control) {
    const name = control.getAttribute('name') ?? '';
    if (name.startsWith('column-') && control instanceof HTMLSelectElement) this.#onlyHere(control);
    // One after the other: the last word is the last that is kept.
    this.waiting += 1;
    this.saving = this.saving.then(() => this.#save(name)).finally(() => { this.waiting -= 1; });
  }

  /** A run starts from what was said last: it waits for that to be kept, which renews the form. */
  /** @param {SubmitEvent} event */
  #start(event) {
    const { target, submitter } = event;
    if (!(target instanceof HTMLFormElement) || !target.matches('.imp-start') || this.waiting === 0) return;
    event.preventDefault();
    const mode = submitter instanceof HTMLButtonElement ? submitter.value : '';
    void this.saving.then(() => {
      const button = document.querySelector(`.imp-start button[value="${CSS.escape(mode)}"]`);
      if (button instanceof HTMLButtonElement) button.click();
    });
  }

  /** A field is filled by one column: the one that had it lets go. */
  /** @param {HTMLSelectElement} chosen */
  #onlyHere(chosen) {
    if (!chosen.value) return;
    for (const other of this.form.querySelectorAll('select[name^="column-"]')) {
      if (other instanceof HTMLSelectElement && other !== chosen && other.value === chosen.value) other.value = '';
    }
  }

  /** @param {string} name of the control that changed */
  async #save(name) {
    tell(gettext('Saving…'));
    try {
      const html = await requestHtml(this.form.action, { method: 'POST', form: new FormData(this.form) });
      if (name === 'source' || html === '') {
        window.location.reload();
        return;
      }
      replaceParts(html);
      tell(gettext('Saved'));
      if (MOVES_MAP.includes(name) || name.startsWith('answer:') || name.startsWith('parameter-')) await this.showPlaces();
    } catch (error) {
      if (!(error instanceof HttpError || error instanceof OfflineError)) throw error;
      tell(interpolate(gettext('Not saved: %(problem)s'), { problem: error.message }));
    }
  }

  async showPlaces() {
    const target = document.getElementById('places-map');
    if (!target) return;
    this.map ??= new PlacesMap(target);
    const found = await requestJson(target.dataset['source'] ?? '');
    this.map.show(found);
    const told = byId('places-told', HTMLElement);
    const total = found.features.length;
    if (found.problem) told.textContent = found.problem;
    else if (found.told) told.textContent = found.told;
    else if (total === 0) told.textContent = gettext('No places can be shown yet.');
    else {
      const text = gettext('Of %(total)s rows looked at, %(ok)s are where they should be and %(bad)s are not.');
      told.textContent = interpolate(text, { total, ok: found.ok, bad: found.bad });
    }
    told.classList.toggle('imp-inside-bad', Boolean(found.problem) || found.bad > 0);
  }
}

/** Puts the answer's parts in the places of the page's; the focus stays where it is. */
/** @param {string} html */
function replaceParts(html) {
  const answer = new DOMParser().parseFromString(html, 'text/html');
  const focused = document.activeElement?.id ?? '';
  const told = document.getElementById('places-told')?.textContent ?? '';
  const open = [...document.querySelectorAll('details.imp-words, details.imp-old')].map((each) => /** @type {HTMLDetailsElement} */ (each).open);
  for (const part of document.querySelectorAll('[data-part]')) {
    const other = answer.getElementById(part.id);
    if (other) part.replaceWith(document.importNode(other, true));
  }
  [...document.querySelectorAll('details.imp-words, details.imp-old')].forEach((each, at) => {
    if (open[at]) each.setAttribute('open', '');
  });
  const place = document.getElementById('places-told');
  if (place) place.textContent = told;
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

/** A button beside a choice that makes it. */
/** @param {HTMLElement} clicked */
function setFrom(clicked) {
  const button = clicked.closest('[data-set]');
  const control = button instanceof HTMLElement ? document.getElementById(button.dataset['set'] ?? '') : null;
  if (!(button instanceof HTMLElement) || !(control instanceof HTMLSelectElement)) return;
  control.value = button.dataset['value'] ?? '';
  control.dispatchEvent(new Event('change', { bubbles: true }));
}

function showFirstOpen() {
  const first = document.querySelector('.imp-must, .imp-word-must, .imp-word-open');
  first?.scrollIntoView({ block: 'center' });
  const control = first?.querySelector('input, select, a');
  if (control instanceof HTMLElement) control.focus();
}

/** @param {string} text */
function tell(text) {
  const place = document.getElementById('saved');
  if (place) place.textContent = text;
}

const form = document.getElementById('review');
if (form instanceof HTMLFormElement) new Review(form);
