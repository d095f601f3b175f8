/** The search box: a combobox over features, divisions and coordinates. */
import { announce } from '../announce.js';
import { byId, element } from '../elements.js';
import { gettext, interpolate, ngettext } from '../i18n.js';
import { search } from './api.js';
import { formatPosition, parsePosition } from './coordinates.js';

/** @typedef {import('./api.js').SearchResult} SearchResult */

const PAUSE = 220;

export class SearchBox {
  /** @param {(result: SearchResult) => void} chosen */
  constructor(chosen) {
    this.chosen = chosen;
    this.input = byId('search-input', HTMLInputElement);
    this.list = byId('search-results', HTMLUListElement);
    /** @type {SearchResult[]} */
    this.results = [];
    this.active = -1;
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.input.addEventListener('input', () => this.#askSoon());
    this.input.addEventListener('keydown', (event) => this.#key(event));
    this.input.addEventListener('focus', () => { if (this.results.length) this.#open(); });
    document.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Node && !this.list.parentElement?.contains(event.target)) this.close();
    });
    document.addEventListener('keydown', (event) => {
      const typing = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]');
      if (event.key === '/' && !typing && !document.querySelector('dialog[open]')) {
        event.preventDefault();
        this.input.focus();
        this.input.select();
      }
    });
  }

  #askSoon() {
    clearTimeout(this.timer);
    this.asking?.abort();
    const text = this.input.value.trim();
    if (!text) {
      this.results = [];
      this.close();
      return;
    }
    this.timer = setTimeout(() => { void this.#ask(text); }, PAUSE);
  }

  /** @param {string} text */
  async #ask(text) {
    const asking = new AbortController();
    this.asking = asking;
    const position = parsePosition(text);
    if (position) {
      this.#show([coordinateResult(position)]);
      return;
    }
    try {
      const results = await search(text, asking.signal);
      if (!asking.signal.aborted) this.#show(results);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#note(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {SearchResult[]} results */
  #show(results) {
    this.results = results;
    this.active = -1;
    if (results.length === 0) {
      this.#note(gettext('Nothing found. Try part of a name, a full code, or “longitude, latitude”.'));
      return;
    }
    this.list.replaceChildren(...results.map((result, index) => this.#option(result, index)));
    this.#open();
    announce(interpolate(ngettext('%(count)s result', '%(count)s results', results.length), { count: results.length }));
  }

  /**
   * @param {SearchResult} result
   * @param {number} index
   */
  #option(result, index) {
    const item = element(
      'li', { role: 'option', id: `search-result-${index}`, 'aria-selected': 'false' },
      element('span', { class: 'result-kind' }, result.code && result.code !== result.name ? result.code : ''),
      element('span', { class: 'result-name' }, result.name || result.code),
      element('span', { class: 'result-place' }, result.place),
    );
    item.addEventListener('click', () => this.#choose(index));
    return item;
  }

  /** @param {string} text */
  #note(text) {
    this.results = [];
    this.active = -1;
    this.list.replaceChildren(element('li', { class: 'results-note', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, text));
    this.#open();
    announce(text);
  }

  #open() {
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return; // A Chinese input method is still choosing characters.
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.#move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && this.results.length) {
      event.preventDefault();
      this.#choose(Math.max(this.active, 0));
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
      this.input.blur();
    }
  }

  /** @param {number} step */
  #move(step) {
    const count = this.results.length;
    if (count === 0) return;
    this.#open();
    this.active = (this.active + step + count + (this.active < 0 && step < 0 ? 1 : 0)) % count;
    this.list.querySelectorAll('[role="option"]').forEach((item, index) => {
      item.setAttribute('aria-selected', String(index === this.active));
      if (index === this.active) item.scrollIntoView({ block: 'nearest' });
    });
    this.input.setAttribute('aria-activedescendant', `search-result-${this.active}`);
  }

  /** @param {number} index */
  #choose(index) {
    const result = this.results[index];
    if (!result) return;
    this.close();
    this.input.blur();
    this.chosen(result);
  }
}

/** @param {import('./coordinates.js').Position} position @returns {SearchResult} */
function coordinateResult(position) {
  return {
    layer: 'coordinates', id: '', code: '', name: formatPosition(position), place: gettext('Go to these coordinates'),
    lon: position.lon, lat: position.lat, bbox: null, url: null,
  };
}
