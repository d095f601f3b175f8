/** Wires the map workspace together; every part lives in its own module. */
import { announce } from '../announce.js';
import { byId, element, jsonBlock } from '../elements.js';
import { gettext, interpolate } from '../i18n.js';
import { fetchFeature, fetchLayers, fetchPlaces, fetchRasters, fetchSheet } from './api.js';
import { Background } from './background.js';
import { choiceList } from './choice.js';
import { Editor } from './edit/editor.js';
import { FeatureLayers } from './layers.js';
import { Legend } from './legend.js';
import { wireLocate } from './locate.js';
import { notify } from './notices.js';
import { wirePanel } from './panel.js';
import { PackControl } from './pack/control.js';
import { addressOf, addressedDate, addressedPlan, parseHash, recall, remember, takeAddressedDrawing } from './permalink.js';
import { pastCard } from './past/card.js';
import { PastMode } from './past/mode.js';
import { PlanChooser } from './plan/chooser.js';
import { recordOf } from './plan/content.js';
import { PlanMode } from './plan/mode.js';
import { toMetres, toPosition } from './projection.js';
import { RasterPanel } from './rasters/panel.js';
import { SearchBox } from './search.js';
import { Selection } from './selection.js';
import { Sheet } from './sheet.js';
import { unmask } from './unmask.js';
import { MapView } from './view.js';
import { tileWatch } from './watch.js';

/** @typedef {import('./types.js').FeatureKey} FeatureKey */
/** @typedef {import('./types.js').FeatureRecord} FeatureRecord */
/** @typedef {import('./plan/content.js').Planned} Planned */

const STEPS_INTO_A_GROUP = 2;
/** Under more than these, a list is no help: the map zooms in. */
const MOST_CHOICES = 8;
/** Layers of many small things, which start switched off. */
const CALM = new Set(['toilets']);

export class Workspace {
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
    this.rasters = new RasterPanel(this.view, this.background, watch, () => this.#remember());
    this.#restoreView();
    for (const layer of this.layers.drawn.values()) this.view.map.addLayer(layer);
    this.legend = new Legend(this.view, this.layers, () => this.#remember());
    this.selection = new Selection(this.view, this.layers);
    this.sheet = new Sheet(() => { void this.close(); }, (action) => this.#act(action));
    this.search = new SearchBox((result) => { void this.#found(result); });
    /** @type {FeatureRecord | null} */
    this.record = null;
    this.past = new PastMode(this, () => this.editor.update());
    const chooser = new PlanChooser(config.planDivisions, () => this.#countyHere(), (plan) => { void this.choosePlan(plan); });
    this.plans = new PlanMode(this, (plan) => {
      chooser.show(plan);
      this.editor.update();
    });
    /** @type {Editor} */
    this.editor = new Editor(this, chooser.element);
    this.packs = config.signedIn ? new PackControl(this) : null;
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
    this.rasters.show(state.rasters);
    this.view.view.setCenter(toMetres(state));
    this.view.view.setZoom(state.zoom);
  }

  #remember() {
    const { lon, lat } = toPosition(this.view.view.getCenter() ?? [0, 0]);
    remember({
      zoom: this.view.view.getZoom() ?? 8, lat, lon,
      layers: this.layers.descriptions.length ? this.layers.visible() : null,
      colouring: this.layers.colouring,
      rasters: this.rasters.shown,
    });
  }

  /** @param {string} layer */
  #refresh(layer) {
    if (this.layers.has(layer)) this.layers.refresh(layer);
    else if (this.rasters.has(layer)) this.rasters.refresh(layer);
    else if (layer === 'zones') this.background.zones.getSource()?.refresh();
    else this.background.boundaries.getSource()?.refresh();
  }

  #wireMap() {
    this.view.map.on('moveend', () => this.#remember());
    this.view.map.on('click', (event) => {
      if (this.selection.paused) return;
      void this.#clicked(event.pixel, event.coordinate, event.originalEvent.shiftKey === true);
    });
    // Sent with the answer of a form in the sheet, such as an upkeep report.
    document.body.addEventListener('feature-changed', (event) => {
      const { layer, id } = /** @type {CustomEvent<FeatureKey>} */ (event).detail;
      if (this.layers.has(layer)) void this.changed([layer], { layer, id });
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
   * @param {boolean} together whether the Shift key was held
   */
  async #clicked(pixel, coordinate, together) {
    const planned = this.plans.hitsAt(pixel)[0];
    if (planned) {
      if (await this.editor.mayLeave()) this.plans.open(planned);
      return;
    }
    const hits = this.selection.hitsAt(pixel);
    const single = hits.filter((hit) => hit.id !== null);
    const only = single[0];
    if (only && together && this.editor.toolbar) {
      await this.editor.merge({ layer: only.layer, id: Number(only.id) });
      return;
    }
    if (!only || single.length > MOST_CHOICES) {
      if (hits.length) this.view.zoomInto(coordinate, STEPS_INTO_A_GROUP);
      return;
    }
    if (this.past.date) {
      this.#showPast(only, this.past.date);
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
      this.past.show(this.config.signedIn ? addressedDate() : null, { history: false });
      const plan = addressedPlan();
      if (plan !== (this.plans.plan?.id ?? null)) {
        if (plan === null) this.plans.leave({ history: false });
        else await this.plans.enter(plan, { history: false });
      }
      const key = keyOfPath(window.location.pathname);
      if (key) await this.select(key, { history: false });
      else await this.close({ history: false });
    });
  }

  /**
   * Opens a feature's sheet and highlights it; within a plan, what is planned for it.
   * @param {FeatureKey} key
   * @param {{history?: boolean, show?: boolean, live?: boolean}} [options] show moves the map
   *   there; live opens it as it is now in any case
   */
  async select(key, { history = true, show = false, live = false } = {}) {
    if (!(await this.editor.mayLeave())) return;
    // A sheet is of today, and so is the map beside it.
    this.past.show(null, { history: false });
    const path = `/map/${key.layer}/${key.id}`;
    if (history && window.location.pathname !== path) {
      window.history.pushState(null, '', addressOf(path, this.plans.plan?.id ?? null));
    }
    const planned = live ? null : this.plans.plannedOf(key);
    if (planned) {
      this.plans.open(planned, show);
      return;
    }
    this.loading?.abort();
    const loading = new AbortController();
    this.loading = loading;
    this.#hold(null);
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
   * @param {import('./selection.js').Hit} hit
   * @param {string} date
   */
  #showPast(hit, date) {
    const key = { layer: hit.layer, id: Number(hit.id) };
    this.sheet.show(...pastCard(hit, this.layers.describe(hit.layer), date, () => { void this.select(key); }));
    this.sheet.focus();
  }

  /**
   * @param {FeatureRecord} record
   * @param {string} html
   * @param {boolean} show
   */
  #opened(record, html, show) {
    this.#hold(record);
    this.sheet.showHtml(html);
    this.selection.highlight(record.geometry);
    const extent = this.selection.extent();
    if (extent && (show || !this.view.sees(extent))) this.view.showExtent(extent);
    this.sheet.focus();
    announce(interpolate(gettext('%(name)s is open.'), { name: record.name || record.code }));
  }

  /** What is open decides which tools can be used. */
  /** @param {FeatureRecord | null} record */
  #hold(record) {
    this.record = record;
    this.editor.update();
  }

  /** @returns {Promise<boolean>} */
  mayLeave() {
    return this.editor.mayLeave();
  }

  /**
   * After a tool was left: the record again as it is now, live or in the plan.
   * @param {FeatureRecord} record
   */
  async reopen(record) {
    const planned = record.planned ? this.plans.plannedBy(record.planned) : null;
    if (planned) this.plans.open(planned);
    else if (record.planned) await this.close();
    else await this.select({ layer: record.layer, id: record.id });
  }

  /**
   * @param {Planned} planned
   * @param {Node} sheet
   * @param {boolean} show moves the map there
   */
  showPlanned(planned, sheet, show) {
    this.loading?.abort();
    const record = recordOf(planned);
    this.#hold(planned.after ? record : null);
    this.sheet.show(sheet);
    this.selection.highlight(record.geometry);
    const extent = this.selection.extent();
    if (extent && (show || !this.view.sees(extent))) this.view.showExtent(extent);
    this.sheet.focus();
    announce(interpolate(gettext('%(name)s is open.'), { name: record.name || record.code }));
  }

  /**
   * @param {Planned} planned
   * @param {FeatureRecord} record
   * @param {'locate' | 'edit' | 'move' | 'live'} action
   */
  actOnPlanned(planned, record, action) {
    const extent = this.selection.extent();
    if (action === 'locate' && extent) this.view.showExtent(extent);
    else if (action === 'live') void this.select({ layer: planned.layer, id: planned.id }, { live: true });
    else if (action === 'edit' || action === 'move') void this.editor.modify(record, action);
  }

  /**
   * Into a plan, or out of it to the live map.
   * @param {number | null} plan
   */
  async choosePlan(plan) {
    if (!(await this.editor.mayLeave())) return;
    await this.close();
    this.past.show(null, { history: false });
    if (plan === null) this.plans.leave();
    else await this.plans.enter(plan);
  }

  /**
   * To the map of a past day, or back to today.
   * @param {string | null} date
   */
  async chooseDate(date) {
    if (!(await this.editor.mayLeave())) return;
    await this.close();
    if (this.plans.plan) this.plans.leave({ history: false });
    this.past.show(date);
  }

  /** Why nothing can be edited now; empty when it can. */
  get barred() {
    return this.past.barred || this.plans.barred;
  }

  /** The county in the middle of the map, as far as it is drawn. */
  #countyHere() {
    const centre = this.view.view.getCenter();
    const pixel = centre && this.view.map.getPixelFromCoordinate(centre);
    const code = pixel && this.view.map.forEachFeatureAtPixel(pixel, (feature) => (feature.get('level') === 'county' ? String(feature.get('code')) : undefined), {
      layerFilter: (layer) => layer === this.background.boundaries,
    });
    return code ?? null;
  }

  /** @param {{history?: boolean}} [options] */
  async close({ history = true } = {}) {
    if (!(await this.editor.mayLeave())) return;
    this.loading?.abort();
    this.#hold(null);
    this.selection.highlight(null);
    this.sheet.close();
    if (history && keyOfPath(window.location.pathname)) {
      window.history.pushState(null, '', addressOf('/map/', this.plans.plan?.id ?? null, this.past.date));
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
    else if (action === 'edit' || action === 'move') void this.editor.modify(record, action);
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
   * After a saved edit: only these layers are asked for again.
   * @param {string[]} layers
   * @param {FeatureKey | null} key the feature to show; null after a deletion
   */
  async changed(layers, key) {
    for (const layer of layers) {
      this.layers.refresh(layer);
      this.legend.forget(layer);
    }
    if (key) await this.select(key);
    else await this.close();
  }

  /**
   * After the plan was changed: what it would do is asked for again.
   * @param {string | null} entry uid of what to show; null for nothing
   */
  async replanned(entry) {
    await this.plans.refresh();
    const planned = entry && this.plans.plannedBy(entry);
    if (planned) this.plans.open(planned);
    else await this.close();
    this.editor.update();
  }

  /** @param {import('./types.js').Places} places */
  placesKnown(places) {
    if (places.extent) this.view.setWhole(places.extent);
    this.background.show(places);
  }

  /** What the address asks for: a drawing to begin, or the plan and the feature to show. */
  async openAddressed() {
    if (this.packs && takeAddressedDrawing()) {
      await this.packs.draw();
      return;
    }
    const date = this.config.signedIn ? addressedDate() : null;
    if (date !== null && !this.config.selected) {
      this.past.show(date, { history: false });
      return;
    }
    const plan = this.config.signedIn ? addressedPlan() : null;
    if (plan !== null) await this.plans.enter(plan, { history: false, show: !this.addressed && !this.config.selected });
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
  const here = encodeURIComponent(window.location.pathname + window.location.search);
  const link = element('a', { href: `${login}?next=${here}` }, gettext('Sign in'));
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
  workspace.rasters.offer(await fetchRasters());
  await opening;
}

start().catch((error) => {
  console.error(error);
  notify(error instanceof Error ? error.message : String(error), {
    label: gettext('Reload'), run: () => window.location.reload(),
  });
});
