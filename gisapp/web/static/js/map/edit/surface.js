/** What a tool puts on the map while it is at work, and takes off again as one. */
import {
  CircleStyle, DoubleClickZoom, Feature, Fill, Point, Snap, Stroke, Style, VectorLayer, VectorSource,
} from '../../../vendor/ol.js';
import { byId } from '../../elements.js';

/** @typedef {import('ol/interaction/Interaction.js').default} Interaction */
/** @typedef {InstanceType<typeof VectorSource<InstanceType<typeof Feature>>>} FeatureSource */
/** @typedef {import('ol/style/Style.js').StyleLike} StyleLike */
/** @typedef {import('ol/MapBrowserEvent.js').default<any>} Pointing */

/** How near in pixels a pointer or a finger has to come. */
export const NEAR = window.matchMedia('(pointer: coarse)').matches ? 22 : 12;
/** After a drawing has ended, its last click may still be the first half of a double click. */
const DOUBLE_CLICK = 400;

const snapped = new Style({
  image: new CircleStyle({ radius: 7, stroke: new Stroke({ color: '#b5391f', width: 2.5 }), fill: new Fill({ color: 'rgba(255,255,255,0.65)' }) }),
});

export class Surface {
  /** @param {import('../view.js').MapView} view */
  constructor(view) {
    this.view = view;
    this.map = view.map;
    /** @type {InstanceType<typeof VectorLayer>[]} */
    this.drawn = [];
    /** @type {Interaction[]} */
    this.interactions = [];
    /** @type {(() => void)[]} */
    this.undoings = [];
    this.zooming = view.map.getInteractions().getArray().filter((each) => each instanceof DoubleClickZoom);
    for (const each of this.zooming) each.setActive(false);
  }

  /**
   * @param {StyleLike} style
   * @param {{zIndex?: number}} [options]
   * @returns {FeatureSource}
   */
  source(style, { zIndex = 80 } = {}) {
    /** @type {FeatureSource} */
    const source = new VectorSource();
    const layer = new VectorLayer({ source, style, zIndex });
    this.drawn.push(layer);
    this.map.addLayer(layer);
    return source;
  }

  /** @param {Interaction} interaction */
  interact(interaction) {
    this.interactions.push(interaction);
    this.map.addInteraction(interaction);
  }

  /**
   * @param {'click' | 'pointermove'} kind
   * @param {(event: Pointing) => void} listener
   */
  listen(kind, listener) {
    this.map.on(kind, listener);
    this.undoings.push(() => this.map.un(kind, listener));
  }

  /** Says what the pointer does here; the map's own cursor comes back at the end. */
  /** @param {string} cursor */
  cursor(cursor) {
    byId('map', HTMLElement).style.cursor = cursor;
  }

  remove() {
    for (const undo of this.undoings) undo();
    for (const interaction of this.interactions) this.map.removeInteraction(interaction);
    for (const layer of this.drawn) this.map.removeLayer(layer);
    this.cursor('');
    setTimeout(() => this.zooming.forEach((each) => each.setActive(true)), DOUBLE_CLICK);
  }
}

/**
 * Snapping that shows where: a ring at the vertex, edge or crossing that the pointer is held at.
 * @param {import('../view.js').MapView} view
 * @param {FeatureSource} targets
 * @returns {{snap: InstanceType<typeof Snap>, remove: () => void}}
 */
export function visibleSnap(view, targets) {
  const mark = new VectorSource();
  const layer = new VectorLayer({ source: mark, style: snapped, zIndex: 90 });
  const snap = new Snap({ source: targets, pixelTolerance: 10, intersection: true });
  const hide = () => mark.clear();
  snap.on('snap', (event) => {
    mark.clear();
    if (event.vertex) mark.addFeature(new Feature(new Point(event.vertex)));
  });
  snap.on('unsnap', hide);
  view.map.addLayer(layer);
  view.map.addInteraction(snap);
  return {
    snap,
    remove: () => {
      view.map.removeInteraction(snap);
      view.map.removeLayer(layer);
    },
  };
}
