/** Choosing several features on the map: click by click, or all in a box. */
import { DragBox, shiftKeyOnly, toFeature } from '../../../vendor/ol.js';
import { formatNumber, gettext, interpolate } from '../../i18n.js';
import { fetchFeature } from '../api.js';
import { notify } from '../notices.js';
import { hintButton } from './hint.js';
import { failureText } from './panel.js';

/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */
/** @typedef {import('../types.js').FeatureKey} FeatureKey */

/** More than a person checks one by one. */
export const MOST_PICKED = 50;

/**
 * @typedef {object} Picks
 * @property {() => FeatureRecord[]} all
 * @property {(layer: string) => boolean} fits whether a feature of this layer may join the others
 * @property {(records: FeatureRecord[]) => void} add
 * @property {(record: FeatureRecord) => void} remove
 */

export class Picking {
  /**
   * @param {import('./editor.js').Host} host
   * @param {import('./surface.js').Surface} surface
   * @param {Picks} picks
   */
  constructor(host, surface, picks) {
    this.host = host;
    this.surface = surface;
    this.picks = picks;
    /** For fingers, which have no Shift key: the next drag draws a box. */
    this.boxing = false;
    this.boxButton = hintButton(gettext('Draw a box'), 'several', () => this.#box(!this.boxing));
    this.#box(false);
    const box = new DragBox({ condition: (event) => this.boxing || shiftKeyOnly(event) });
    box.on('boxend', () => {
      void this.#pickBox(box.getGeometry().getExtent());
      this.#box(false);
    });
    surface.interact(box);
    surface.listen('click', (event) => { void this.#pickAt(event.pixel); });
    surface.listen('pointermove', (event) => {
      if (!event.dragging) surface.cursor(this.#candidates(event.pixel).length ? 'pointer' : '');
    });
  }

  /** @param {boolean} on */
  #box(on) {
    this.boxing = on;
    this.boxButton.setAttribute('aria-pressed', String(on));
  }

  /** @param {number[]} pixel */
  #candidates(pixel) {
    return this.host.selection.hitsAt(pixel).filter((hit) => hit.id !== null);
  }

  /** @param {number[]} pixel */
  async #pickAt(pixel) {
    const hits = this.#candidates(pixel);
    const fitting = hits.filter((hit) => this.picks.fits(hit.layer));
    if (!fitting.length) {
      if (hits.length) notify(gettext('Only features of the same layer can be taken together.'));
      return;
    }
    const fresh = fitting.find((hit) => !this.#picked({ layer: hit.layer, id: Number(hit.id) }));
    if (fresh) {
      await this.pick([{ layer: fresh.layer, id: Number(fresh.id) }]);
      return;
    }
    const known = this.#picked({ layer: fitting[0]?.layer ?? '', id: Number(fitting[0]?.id) });
    if (known) this.picks.remove(known);
  }

  /** @param {FeatureKey} key */
  #picked({ layer, id }) {
    return this.picks.all().find((each) => each.layer === layer && each.id === id);
  }

  /** @param {number[]} extent in metres */
  async #pickBox(extent) {
    const { layers } = this.host;
    const names = layers.visible().filter((name) => this.picks.fits(name));
    const found = names.flatMap((name) => {
      const inside = layers.layer(name).getFeaturesInExtent(extent).filter((each) => {
        if (each.get('n') !== undefined || layers.replaced.has(`${name}/${each.getId()}`)) return false;
        const drawn = toFeature(/** @type {import('../../../vendor/ol.js').RenderFeature} */ (/** @type {unknown} */ (each)));
        return drawn.getGeometry()?.intersectsExtent(extent);
      });
      // A feature comes once for each tile that it lies in.
      return [...new Set(inside.map((each) => Number(each.getId())))].map((id) => ({ layer: name, id }));
    });
    const fresh = found.filter((key) => this.picks.fits(key.layer) && !this.#picked(key));
    if (!fresh.length) {
      notify(gettext('Nothing more that fits lies in this box.'));
      return;
    }
    await this.pick(fresh);
  }

  /** @param {FeatureKey[]} keys */
  async pick(keys) {
    const room = MOST_PICKED - this.picks.all().length;
    if (keys.length > room) {
      notify(interpolate(gettext('At most %(most)s features at once: choose a smaller box.'), { most: formatNumber(MOST_PICKED) }));
      return;
    }
    try {
      const records = await Promise.all(keys.map((key) => fetchFeature(key)));
      const allowed = records.filter((record) => record.can.update && !this.#picked(record));
      if (allowed.length < records.length) notify(gettext('Some of them you may not change: they were left out.'));
      if (allowed.length) this.picks.add(allowed);
    } catch (error) {
      notify(failureText(error));
    }
  }
}
