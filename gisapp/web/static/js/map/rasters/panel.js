/** The panel's section of rasters. Which are shown is known before there is a list of them. */
import { byId } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { notify } from '../notices.js';
import { RasterEntry } from './entry.js';
import { watchedAs } from './source.js';

/** @typedef {import('../types.js').RasterDescription} RasterDescription */
/** @typedef {import('./shown.js').ShownRaster} ShownRaster */

export class RasterPanel {
  /**
   * @param {import('../view.js').MapView} view
   * @param {import('../background.js').Background} background
   * @param {import('../tiles.js').TileWatch} watch
   * @param {() => void} changed called after another choice, for the permalink
   */
  constructor(view, background, watch, changed) {
    this.view = view;
    this.background = background;
    this.watch = watch;
    this.changed = changed;
    /** By the name that failures have for it; null until the service has said which there are. */
    /** @type {Map<string, RasterEntry> | null} */
    this.entries = null;
    /** @type {ShownRaster[]} */
    this.wanted = [];
  }

  /** @param {string} watched */
  has(watched) {
    return this.entries?.has(watched) ?? false;
  }

  /** @param {string} watched */
  refresh(watched) {
    this.entries?.get(watched)?.layer.getSource()?.refresh();
  }

  /** @param {RasterDescription[]} rasters those that the visitor sees */
  offer(rasters) {
    this.entries = new Map(rasters.map((raster) => [watchedAs(raster.name), this.#entry(raster)]));
    byId('raster-section', HTMLElement).hidden = rasters.length === 0;
    byId('raster-list', HTMLElement).replaceChildren(...[...this.entries.values()].map((entry) => entry.node));
    this.show(this.wanted);
  }

  /** Those that are switched on. */
  get shown() {
    if (!this.entries) return this.wanted;
    return [...this.entries.values()].filter((entry) => entry.visible).map((entry) => entry.shown);
  }

  /** Switches these on, and all others off. */
  /** @param {ShownRaster[]} rasters */
  show(rasters) {
    this.wanted = rasters;
    if (!this.entries) return;
    for (const entry of this.entries.values()) {
      entry.show(rasters.find(({ name }) => name === entry.raster.name) ?? null);
    }
    this.#attribute();
    if (rasters.some(({ name }) => !this.has(watchedAs(name)))) {
      notify(gettext('This view has imagery or terrain that does not exist, or that you may not see.'));
    }
  }

  /** @param {RasterDescription} raster */
  #entry(raster) {
    const entry = new RasterEntry(raster, this.watch, () => {
      this.#attribute();
      this.changed();
    }, () => {
      this.view.showBox(raster.bounds);
      document.dispatchEvent(new CustomEvent('panel:done'));
    });
    this.background.putUnder(entry.layer);
    return entry;
  }

  /** Source, licence and approval numbers of what is shown, beside those of the boundaries. */
  #attribute() {
    const shown = [...this.entries?.values() ?? []].filter((entry) => entry.visible);
    this.background.attribute(shown.map((entry) => entry.raster.attribution).filter(Boolean));
  }
}
