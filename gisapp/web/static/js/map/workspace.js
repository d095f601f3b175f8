/** Wires the map workspace together; every part lives in its own module. */
import { announce } from '../announce.js';
import { byId, element, jsonBlock } from '../elements.js';
import { gettext, interpolate } from '../i18n.js';
import { fetchFeature, fetchLayers, fetchPlaces, fetchSheet } from './api.js';
import { Background } from './background.js';
import { choiceList } from './choice.js';
import { Editor } from './edit/editor.js';
import { FeatureLayers } from './layers.js';
import { Legend } from './legend.js';
import { wireLocate } from './locate.js';
import { notify } from './notices.js';
import { wirePanel } from './panel.js';
import { parseHash, recall, remember } from './permalink.js';
import { toMetres, toPosition } from './projection.js';
import { SearchBox } from './search.js';
import { Selection } from './selection.js';
import { Sheet } from './sheet.js';
import { unmask } from './unmask.js';
import { MapView } from './view.js';
import { tileWatch } from './watch.js';

/** @typedef {import('./types.js').FeatureKey} FeatureKey */
/** @typedef {import('./types.js').FeatureRecord} FeatureRecord */

const STEPS_INTO_A_GROUP = 2;
/** Under more than these, a list is no help: the map zooms in. */
const MOST_CHOICES = 8;
/** Layers of many small things, which start switched off. */
const CALM = new Set(['toilets']);

class Workspace {
  /**
   * @param {import('./types.js').MapConfig} config
   * @param {import('./types.js').LayerDescription[]} descriptions
   */
  constructor(config, descriptions) {
    this.config = config;
    this.view = new MapView();
    /** Read before the first moveend writes the view into the address. */
    this.addressed = window.location.hash !== '';
    this.remembered = recall();
    const watch = tileWatch((layer) => this.#refresh(layer), config.login);
    this.background = new Background(this.view, config, watch);
    this.layers = new FeatureLayers(descriptions, watch);
    this.#restoreView();
    for (const layer of this.layers.drawn.values()) this.view.map.addLayer(layer);
    this.legend = new Legend(this.view, this.layers, () => this.#remember());
    this.selection = new Selection(this.view, this.layers);
    this.sheet = new Sheet(() => { void this.close(); }, (action) => this.#act(action));
    this.search = new SearchBox((result) => { void this.#found(result); });
    this.editor = new Editor(this);
    /** @type {FeatureRecord | null} */
    this.record = null;
    /** @type {AbortController | null} */
    this.loading = null;
    wireLocate(this.view);
    wirePanel();
    this.#wireMap();
    this.#wireHistory();
  }

  /** The view of the address or of the last visit; else the whole of Hunan. */
  #restoreView() {
    for (const { name } of this.layers.descriptions) this.layers.show(name, !CALM.has(name));
    if (this.remembered) this.#apply(this.remembered);
  }

  /** @param {import('./permalink.js').ViewState} state */
  #apply(state) {
    for (const { name } of this.layers.descriptions) {
      if (state.layers) this.layers.show(name, state.layers.includes(name));
    }
    this.layers.colourBy(state.colouring);
    this.view.view.setCenter(toMetres(state));
    this.view.view.setZoom(state.zoom);
  }

  #remember() {
    const { lon, lat } = toPosition(this.view.view.getCenter() ?? [0, 0]);
    remember({
      zoom: this.view.view.getZoom() ?? 8, lat, lon,
      layers: this.layers.descriptions.length ? this.layers.visible() : null,
      colouring: this.layers.colouring,
    });
  }

  /** @param {string} layer */
  #refresh(layer) {
    if (this.layers.has(layer)) this.layers.refresh(layer);
    else if (layer === 'zones') this.background.zones.getSource()?.refresh();
    else this.background.boundaries.getSource()?.refresh();
  }

  #wireMap() {
    this.view.map.on('moveend', () => this.#remember());
    this.view.map.on('click', (event) => {
      if (this.selection.paused) return;
      void this.#clicked(event.pixel, event.coordinate);
    });
    // Sent with the answer of a form in the sheet, such as an upkeep report.
    document.body.addEventListener('feature-changed', (event) => {
      const { layer, id } = /** @type {CustomEvent<FeatureKey>} */ (event).detail;
      if (this.layers.has(layer)) void this.changed(layer, id);
    });
    window.addEventListener('offline', () => notify(gettext('No connection. What is on the screen may be old.')));
    window.addEventListener('online', () => {
      notify(gettext('Connected again.'));
      for (const name of this.layers.visible()) this.layers.refresh(name);
    });
  }

  /**
   * @param {number[]} pixel
   * @param {number[]} coordinate
   */
  async #clicked(pixel, coordinate) {
    const hits = this.selection.hitsAt(pixel);
    const single = hits.filter((hit) => hit.id !== null);
    const only = single[0];
    if (!only || single.length > MOST_CHOICES) {
      if (hits.length) this.view.zoomInto(coordinate, STEPS_INTO_A_GROUP);
      return;
    }
    if (single.length === 1) {
      await this.select({ layer: only.layer, id: Number(only.id) });
      return;
    }
    if (!(await this.editor.mayLeave())) return;
    this.sheet.show(...choiceList(single, this.layers, (key) => { void this.select(key); }));
    this.sheet.focus();
  }

  #wireHistory() {
    // Only an address typed or pasted by hand fires this: our own writes use replaceState.
    window.addEventListener('hashchange', () => {
      const state = parseHash(window.location.hash);
      if (!state) return;
      this.#apply(state);
      this.legend.sync();
    });
    window.addEventListener('popstate', async () => {
      if (!(await this.editor.mayLeave())) return;
      const key = keyOfPath(window.location.pathname);
      if (key) await this.select(key, { history: false });
      else await this.close({ history: false });
    });
  }

  /**
   * Opens a feature's sheet and highlights it.
   * @param {FeatureKey} key
   * @param {{history?: boolean, show?: boolean}} [options] show moves the map there
   */
  async select(key, { history = true, show = false } = {}) {
    if (!(await this.editor.mayLeave())) return;
    const path = `/map/${key.layer}/${key.id}`;
    if (history && window.location.pathname !== path) {
      window.history.pushState(null, '', path + window.location.hash);
    }
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.record = null;
    this.sheet.wait();
    try {
      const [record, html] = await Promise.all([
        fetchFeature(key, loading.signal), fetchSheet(key, loading.signal),
      ]);
      this.#opened(record, html, show);
    } catch (error) {
      if (loading.signal.aborted) return;
      this.selection.highlight(null);
      this.sheet.fail(error, () => { void this.select(key, { history, show }); });
    }
  }

  /**
   * @param {FeatureRecord} record
   * @param {string} html
   * @param {boolean} show
   */
  #opened(record, html, show) {
    this.record = record;
    this.sheet.showHtml(html);
    this.selection.highlight(record.geometry);
    const extent = this.selection.extent();
    if (extent && (show || !this.view.sees(extent))) this.view.showExtent(extent);
    this.sheet.focus();
    announce(interpolate(gettext('%(name)s is open.'), { name: record.name || record.code }));
  }

  /** @param {{history?: boolean}} [options] */
  async close({ history = true } = {}) {
    if (!(await this.editor.mayLeave())) return;
    this.loading?.abort();
    this.record = null;
    this.selection.highlight(null);
    this.sheet.close();
    if (history && keyOfPath(window.location.pathname)) {
      window.history.pushState(null, '', `/map/${window.location.hash}`);
    }
    byId('map', HTMLElement).focus({ preventScroll: true });
  }

  /** @param {string} name */
  showLayer(name) {
    if (this.layers.layer(name).getVisible()) return;
    this.layers.show(name, true);
    this.legend.sync();
  }

  /** @param {import('./sheet.js').SheetAction} action */
  #act(action) {
    const record = this.record;
    if (!record) return;
    const extent = this.selection.extent();
    if (action === 'locate' && extent) this.view.showExtent(extent);
    else if (action === 'edit' || action === 'move') this.editor.modify(record, action);
    else if (action === 'delete') void this.editor.remove(record);
    else if (action === 'unmask') void unmask(record, this.layers.describe(record.layer));
  }

  /** @param {import('./api.js').SearchResult} result */
  async #found(result) {
    if (this.layers.has(result.layer)) {
      this.showLayer(result.layer);
      await this.select({ layer: result.layer, id: Number(result.id) }, { show: true });
    } else if (result.bbox) {
      this.view.showBox(result.bbox);
    } else if (result.lon !== null && result.lat !== null) {
      this.view.showPosition({ lon: result.lon, lat: result.lat }, result.layer === 'coordinates' ? 16 : 13);
    } else {
      notify(gettext('This result has no place on the map.'));
    }
  }

  /**
   * After a saved edit: only this layer is asked for again.
   * @param {string} layer
   * @param {number | null} id the feature to show; null after a deletion
   */
  async changed(layer, id) {
    this.layers.refresh(layer);
    this.legend.forget(layer);
    if (id === null) await this.close();
    else await this.select({ layer, id });
  }

  /** @param {import('./types.js').Places} places */
  placesKnown(places) {
    if (places.extent) this.view.setWhole(places.extent);
    this.background.show(places);
  }

  /** Whether the address asks for one feature. */
  async openAddressed() {
    if (this.config.selected) await this.select(this.config.selected, { history: false, show: !this.addressed });
  }
}

/** @param {string} path @returns {FeatureKey | null} */
function keyOfPath(path) {
  const match = /^\/map\/([a-z0-9-]+)\/(\d+)$/.exec(path);
  return match?.[1] && match[2] ? { layer: match[1], id: Number(match[2]) } : null;
}

/** What a visitor without an account gets instead of the layer switches. */
/** @param {string} login */
function inviteToSignIn(login) {
  const link = element('a', { href: `${login}?next=${encodeURIComponent(window.location.pathname)}` }, gettext('Sign in'));
  byId('layer-list', HTMLElement).replaceChildren(
    element('p', { class: 'panel-note' }, gettext('Without an account the map shows boundaries and zones.'), ' ', link),
  );
}

async function start() {
  const config = /** @type {import('./types.js').MapConfig} */ (jsonBlock('map-config'));
  const descriptions = config.signedIn ? await fetchLayers() : [];
  const workspace = new Workspace(config, descriptions);
  if (!config.signedIn) inviteToSignIn(config.login);
  document.documentElement.dataset['map'] = 'ready';
  const opening = workspace.openAddressed();
  workspace.placesKnown(await fetchPlaces(config.places));
  await opening;
}

start().catch((error) => {
  console.error(error);
  notify(error instanceof Error ? error.message : String(error), {
    label: gettext('Reload'), run: () => window.location.reload(),
  });
});
