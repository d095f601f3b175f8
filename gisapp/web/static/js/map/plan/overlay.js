/** The plan over the live map: what it creates, changes (before and after) and deletes. */
import { Feature, VectorLayer, VectorSource } from '../../../vendor/ol.js';
import { readGeometry } from '../projection.js';
import { planStyle } from './signs.js';

/** @typedef {import('./content.js').Planned} Planned */

const COARSE = window.matchMedia('(pointer: coarse)').matches;
/** Over the live features, under selection and tools. */
const LEVEL = 55;

export class PlanOverlay {
  /** @param {import('../view.js').MapView} view */
  constructor(view) {
    this.view = view;
    this.source = new VectorSource();
    this.layer = new VectorLayer({
      source: this.source, zIndex: LEVEL,
      style: (feature, resolution) => planStyle(feature.get('kind'), resolution),
    });
    view.map.addLayer(this.layer);
  }

  /** @param {Planned[]} planned */
  show(planned) {
    this.source.clear();
    this.source.addFeatures(planned.flatMap((each) => {
      const after = drawn(each, each.after?.geometry, each.change);
      if (!each.before) return after;
      if (each.change === 'deleted') return drawn(each, each.before.geometry, 'deleted');
      const moved = JSON.stringify(each.before.geometry) !== JSON.stringify(each.after?.geometry ?? null);
      return [...(moved ? drawn(each, each.before.geometry, 'before') : []), ...after];
    }));
  }

  /**
   * The planned features at this pixel, topmost first.
   * @param {number[]} pixel
   * @returns {Planned[]}
   */
  hitsAt(pixel) {
    /** @type {Set<Planned>} */
    const found = new Set();
    this.view.map.forEachFeatureAtPixel(pixel, (feature) => { found.add(feature.get('planned')); }, {
      hitTolerance: COARSE ? 12 : 5, layerFilter: (layer) => layer === this.layer,
    });
    return [...found];
  }

  /** In metres; null where nothing is drawn. */
  extent() {
    return this.source.isEmpty() ? null : this.source.getExtent();
  }

  remove() {
    this.view.map.removeLayer(this.layer);
  }
}

/**
 * @param {Planned} planned
 * @param {import('../types.js').Geometry | null | undefined} geometry
 * @param {import('./content.js').Change | 'before'} kind
 */
function drawn(planned, geometry, kind) {
  if (!geometry) return [];
  const feature = new Feature(readGeometry(geometry));
  feature.setProperties({ planned, kind });
  return [feature];
}
