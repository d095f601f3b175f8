/** The panel's layer switches and the legend, with counts for the view and in all. */
import { byId, element } from '../elements.js';
import { formatNumber, gettext } from '../i18n.js';
import { fetchCounts } from './api.js';
import { toBox } from './projection.js';
import { STATES, stateLabel } from './states.js';
import { swatch } from './symbols.js';

/** @typedef {import('./types.js').Counts} Counts */

const PAUSE = 400;

export class Legend {
  /**
   * @param {import('./view.js').MapView} view
   * @param {import('./layers.js').FeatureLayers} layers
   * @param {() => void} changed called after a switch, for the permalink
   */
  constructor(view, layers, changed) {
    this.view = view;
    this.layers = layers;
    this.changed = changed;
    /** @type {Map<string, Counts>} */
    this.totals = new Map();
    /** @type {Map<string, Counts>} */
    this.inView = new Map();
    /** @type {AbortController | null} */
    this.counting = null;
    /** Counts are of what is live: over a past day there are none. */
    this.counted = true;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.#drawSwitches();
    this.#wireColouring();
    this.draw();
    view.map.on('moveend', () => this.countSoon());
  }

  #drawSwitches() {
    const rows = this.layers.descriptions.map((layer) => {
      const box = element('input', { type: 'checkbox', 'data-layer': layer.name });
      box.checked = this.layers.layer(layer.name).getVisible();
      const row = element(
        'label', { class: 'layer-row' }, box, swatch(layer.geometry, layer.style.color, null),
        element('span', {}, layer.title), element('span', { class: 'count', 'data-count': layer.name }),
      );
      row.classList.toggle('is-hidden', !box.checked);
      box.addEventListener('change', () => {
        this.layers.show(layer.name, box.checked);
        row.classList.toggle('is-hidden', !box.checked);
        this.draw();
        this.countSoon();
        this.changed();
      });
      return row;
    });
    byId('layer-list', HTMLElement).replaceChildren(...rows);
  }

  /** Shows what is switched on after something else than the panel switched it. */
  sync() {
    this.#drawSwitches();
    for (const radio of document.querySelectorAll('input[name="colouring"]')) {
      if (radio instanceof HTMLInputElement) radio.checked = radio.value === this.layers.colouring;
    }
    this.draw();
    this.countSoon();
  }

  #wireColouring() {
    for (const radio of document.querySelectorAll('input[name="colouring"]')) {
      if (!(radio instanceof HTMLInputElement)) continue;
      radio.checked = radio.value === this.layers.colouring;
      radio.addEventListener('change', () => {
        this.layers.colourBy(radio.value === 'class' ? 'class' : 'state');
        this.draw();
        this.changed();
      });
    }
  }

  /** Counts again after a pause, so that a drag asks once. */
  countSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { void this.count(); }, PAUSE);
  }

  /** @param {boolean} counted whether the map shows what is live */
  live(counted) {
    this.counted = counted;
    this.totals.clear();
    this.inView.clear();
    this.draw();
    this.countSoon();
  }

  /** A layer changed: its total is no longer known. */
  /** @param {string} name */
  forget(name) {
    this.totals.delete(name);
    this.countSoon();
  }

  async count() {
    this.counting?.abort();
    if (!this.counted) return;
    const counting = new AbortController();
    this.counting = counting;
    const box = toBox(this.view.view.calculateExtent(this.view.map.getSize()));
    await Promise.all(this.layers.descriptions.map((layer) => this.#countLayer(layer.name, box, counting.signal)));
    if (!counting.signal.aborted) this.draw();
  }

  /**
   * @param {string} name
   * @param {import('./types.js').Box} box
   * @param {AbortSignal} signal
   */
  async #countLayer(name, box, signal) {
    try {
      if (!this.totals.has(name)) this.totals.set(name, await fetchCounts(name, null, signal));
      if (this.layers.layer(name).getVisible()) this.inView.set(name, await fetchCounts(name, box, signal));
    } catch (error) {
      if (signal.aborted) return;
      // A count that is not known is shown as unknown (–), never as an old number.
      this.inView.delete(name);
      console.warn(`No counts for ${name}:`, error);
    }
  }

  draw() {
    for (const layer of this.layers.descriptions) {
      const cell = document.querySelector(`[data-count="${layer.name}"]`);
      const total = this.totals.get(layer.name);
      if (cell) cell.textContent = total ? formatNumber(total.total) : '';
    }
    const visible = this.layers.visible();
    const box = byId('legend', HTMLElement);
    if (visible.length === 0) {
      box.replaceChildren(element('p', { class: 'panel-note' }, gettext('No layer is switched on.')));
    } else {
      box.replaceChildren(...(this.layers.colouring === 'state' ? [this.#states(visible)] : this.#classes(visible)));
    }
  }

  /**
   * @param {Map<string, Counts>} counts
   * @param {string[]} names
   * @param {import('./types.js').UpkeepState} state
   */
  #sum(counts, names, state) {
    if (!names.every((name) => counts.has(name))) return '–';
    return formatNumber(names.reduce((sum, name) => sum + (counts.get(name)?.states[state] ?? 0), 0));
  }

  /** @param {string[]} names */
  #states(names) {
    const head = element(
      'tr', {}, element('th', { scope: 'col' }, gettext('State')),
      element('th', { scope: 'col' }, gettext('In view')), element('th', { scope: 'col' }, gettext('In all')),
    );
    const rows = STATES.map((state) => element(
      'tr', { 'data-state': state },
      element('td', {}, element('span', { class: `state state-${state}` }, stateLabel(state))),
      element('td', {}, this.#sum(this.inView, names, state)),
      element('td', {}, this.#sum(this.totals, names, state)),
    ));
    return element('table', { class: 'legend-table' }, element('thead', {}, head), element('tbody', {}, ...rows));
  }

  /** @param {string[]} names */
  #classes(names) {
    return names.flatMap((name) => {
      const layer = this.layers.describe(name);
      const codes = layer.fields.find((field) => field.name === layer.classify)?.codes ?? [];
      const items = codes.map(({ code, label }) => element(
        'li', {}, swatch(layer.geometry, layer.style.classes[code] ?? layer.style.color, null), element('span', {}, label),
      ));
      return [
        element('p', { class: 'legend-group' }, layer.title),
        element('ul', { class: 'legend-classes' }, ...items),
      ];
    });
  }
}

