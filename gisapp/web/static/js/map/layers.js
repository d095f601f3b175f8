/** The layers of features: one vector tile layer each, styled from the registry's description. */
import { VectorTileLayer } from '../../vendor/ol.js';
import { layerStyle } from './symbols.js';
import { tileAddress, tileSource } from './tiles.js';

/** @typedef {import('./types.js').LayerDescription} LayerDescription */
/** @typedef {InstanceType<typeof VectorTileLayer<any, any>>} DrawnLayer */

const ORDER = { polygon: 20, line: 30, point: 40 };

export class FeatureLayers {
  /**
   * @param {LayerDescription[]} descriptions
   * @param {import('./tiles.js').TileWatch} watch
   */
  constructor(descriptions, watch) {
    this.descriptions = descriptions;
    /** @type {import('./types.js').Colouring} */
    this.colouring = 'state';
    /** Features (`layer/id`) that something else shows in their stead, such as a plan. */
    /** @type {Set<string>} */
    this.replaced = new Set();
    /** @type {Map<string, DrawnLayer>} */
    this.drawn = new Map();
    for (const description of descriptions) {
      const style = layerStyle(description, () => this.colouring);
      const layer = new VectorTileLayer({
        source: tileSource(description.name, watch),
        style: (feature, resolution) => (this.replaced.has(`${description.name}/${feature.getId()}`) ? undefined : style(feature, resolution)),
        zIndex: ORDER[description.geometry],
        renderBuffer: 64,
        preload: 0,
      });
      layer.set('name', description.name);
      this.drawn.set(description.name, layer);
    }
  }

  /** @param {string} name */
  describe(name) {
    const found = this.descriptions.find((each) => each.name === name);
    if (!found) throw new Error(`There is no layer ${name}`);
    return found;
  }

  /** @param {string} name */
  has(name) {
    return this.drawn.has(name);
  }

  /** @param {string} name */
  layer(name) {
    const found = this.drawn.get(name);
    if (!found) throw new Error(`There is no layer ${name}`);
    return found;
  }

  /** Names of the layers that are switched on. */
  visible() {
    return this.descriptions.map((each) => each.name).filter((name) => this.layer(name).getVisible());
  }

  /**
   * @param {string} name
   * @param {boolean} shown
   */
  show(name, shown) {
    this.layer(name).setVisible(shown);
  }

  /** @param {Set<string>} replaced */
  replace(replaced) {
    this.replaced = replaced;
    for (const layer of this.drawn.values()) layer.changed();
  }

  /** @param {import('./types.js').Colouring} colouring */
  colourBy(colouring) {
    this.colouring = colouring;
    for (const layer of this.drawn.values()) layer.changed();
  }

  /** @param {string | null} date the day whose features are drawn; null for what is live */
  showAt(date) {
    for (const [name, layer] of this.drawn) layer.getSource()?.setUrl(tileAddress(name, date));
  }

  /** Asks the server for this layer's tiles again; unchanged ones come back as 304. */
  /** @param {string} name */
  refresh(name) {
    this.layer(name).getSource()?.refresh();
  }
}
