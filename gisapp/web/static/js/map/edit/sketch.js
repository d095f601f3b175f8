/** The drawing on the map during an edit: draw, modify, snap. Knows geometry, not attributes. */
import {
  CircleStyle, Collection, DoubleClickZoom, Draw, Feature, Fill, LineString, Modify, MultiPoint,
  MultiLineString, MultiPolygon, Point, Polygon, Stroke, Style, VectorLayer, VectorSource,
  altKeyOnly, singleClick,
} from '../../../vendor/ol.js';
import { byId } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { notify } from '../notices.js';
import { readGeometry, writeGeometry } from '../projection.js';
import { gatherTargets } from './snapping.js';
import { NEAR, visibleSnap } from './surface.js';

const OL_KINDS = { point: 'Point', line: 'LineString', polygon: 'Polygon' };
const SEAL = '#b5391f';

const vertex = new Style({
  image: new CircleStyle({ radius: 5, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: SEAL, width: 2 }) }),
  geometry: (feature) => {
    const geometry = 'clone' in feature ? feature.getGeometry() : undefined;
    const points = geometry ? verticesOf(/** @type {any} */ (geometry)) : [];
    return points.length ? new MultiPoint(points) : undefined;
  },
});
const drawing = [
  new Style({
    fill: new Fill({ color: 'rgba(181,57,31,0.14)' }),
    stroke: new Stroke({ color: SEAL, width: 3 }),
    image: new CircleStyle({ radius: 9, fill: new Fill({ color: SEAL }), stroke: new Stroke({ color: '#fff', width: 3 }) }),
  }),
  vertex,
];

/** @param {import('../../../vendor/ol.js').Geometry} geometry @returns {number[][]} */
function verticesOf(geometry) {
  if (geometry instanceof LineString) return geometry.getCoordinates();
  if (geometry instanceof Polygon || geometry instanceof MultiLineString) return geometry.getCoordinates().flat();
  if (geometry instanceof MultiPolygon) return geometry.getCoordinates().flat(2);
  return [];
}

/** Tracing repeats the vertex it starts from. */
/** @param {number[][]} line */
function withoutRepeats(line) {
  return line.filter(([x, y], index) => index === 0 || x !== line[index - 1]?.[0] || y !== line[index - 1]?.[1]);
}

export class Sketch {
  /**
   * @param {import('../view.js').MapView} view
   * @param {import('../layers.js').FeatureLayers | null} layers that are snapped to; null for none
   * @param {import('../types.js').FeatureKey | null} except
   * @param {(geometry: import('../types.js').Geometry) => void} changed
   */
  constructor(view, layers, except, changed) {
    this.view = view;
    this.changed = changed;
    this.source = new VectorSource();
    /** @type {import('./surface.js').FeatureSource} */
    this.targets = new VectorSource();
    this.layer = new VectorLayer({ source: this.source, style: drawing, zIndex: 80 });
    /** @type {Draw | null} */
    this.draw = null;
    /** What is being drawn, from its first vertex on. */
    /** @type {InstanceType<typeof Feature> | null} */
    this.begun = null;
    /** @type {Modify | null} */
    this.modify = null;
    /** @type {ReturnType<typeof visibleSnap> | null} */
    this.snapping = null;
    /** Whether drawing follows the line that was clicked, until the next click. */
    this.tracing = false;
    /** A switch for devices without an Alt key: the next taps on vertices remove them. */
    this.removing = false;
    this.zooming = new Collection(view.map.getInteractions().getArray().filter((each) => each instanceof DoubleClickZoom));
    /** The pixel that the pointer is at. */
    this.pointer = [NaN, NaN];
    /** @param {import('./surface.js').Pointing} event */
    this.follow = (event) => { this.pointer = event.pixel; };
    view.map.on('pointermove', this.follow);
    this.gather = async () => {
      if (!layers) return;
      await gatherTargets(this.targets, view, layers, except);
      byId('map', HTMLElement).dataset['snaps'] = String(this.targets.getFeatures().length);
    };
    view.map.addLayer(this.layer);
    // Again after every load: without the exact answer, the neighbours come from the tiles.
    view.map.on(['moveend', 'loadend'], this.gather);
    void this.gather();
    this.zooming.forEach((each) => each.setActive(false));
  }

  /** @param {import('../types.js').Geometry | null} geometry */
  show(geometry) {
    this.source.clear();
    if (geometry) this.source.addFeature(new Feature(readGeometry(geometry)));
  }

  /** Starts drawing; ends in `changed` and modification. */
  /** @param {import('../types.js').GeometryKind} kind */
  startDrawing(kind) {
    this.#clearTools();
    this.tracing = false;
    const draw = new Draw({
      source: this.source, type: /** @type {'Point'} */ (OL_KINDS[kind]), style: drawing, stopClick: true,
      trace: () => this.tracing, traceSource: this.targets,
    });
    draw.on('drawstart', (event) => { this.begun = event.feature; });
    draw.on('drawabort', () => { this.begun = null; });
    draw.on('drawend', (event) => {
      this.begun = null;
      const geometry = event.feature.getGeometry();
      if (geometry instanceof LineString) geometry.setCoordinates(withoutRepeats(geometry.getCoordinates()));
      // The sketch is added to the source after this event; switching tools has to wait for it.
      setTimeout(() => {
        this.startModifying();
        if (geometry) this.changed(writeGeometry(geometry));
      });
    });
    this.draw = draw;
    this.view.map.addInteraction(draw);
    this.#addSnap();
  }

  startModifying() {
    this.#clearTools();
    const modify = new Modify({
      source: this.source,
      pixelTolerance: window.matchMedia('(pointer: coarse)').matches ? 20 : 10,
      deleteCondition: (event) => (this.removing || altKeyOnly(event)) && singleClick(event),
    });
    modify.on('modifyend', () => this.#report());
    this.modify = modify;
    this.view.map.addInteraction(modify);
    this.#addSnap();
  }

  /** Adds the middle of the map as the next vertex: drawing without a pointer. */
  /** @param {import('../types.js').GeometryKind} kind */
  addCentre(kind) {
    const centre = this.view.view.getCenter();
    if (!centre) return;
    if (kind === 'point') {
      this.source.clear();
      this.source.addFeature(new Feature(new Point(centre)));
      this.startModifying();
      this.#report();
    } else {
      this.draw?.appendCoordinates([centre]);
    }
  }

  /** Ends the line or polygon being drawn with the vertices it has, or says that they are too few. */
  finish() {
    const geometry = this.begun?.getGeometry();
    // While it is drawn, the pointer is a vertex too, and a ring has its first one at its end.
    const few = geometry instanceof Polygon ? verticesOf(geometry).length < 5 : geometry instanceof LineString && verticesOf(geometry).length < 3;
    if (few) notify(geometry instanceof Polygon ? gettext('An area needs at least three corners.') : gettext('A line needs at least two vertices.'));
    else this.draw?.finishDrawing();
  }

  /** Takes the tools off the map; what is drawn stays. */
  rest() {
    this.#clearTools();
  }

  removeLast() {
    this.draw?.removeLastPoint();
  }

  /** Removes the vertex that the pointer is at; the last ones of a shape stay. */
  removePointed() {
    const geometry = this.source.getFeatures()[0]?.getGeometry();
    const near = geometry && verticesOf(geometry).find((vertex) => {
      const [x = 0, y = 0] = this.view.map.getPixelFromCoordinate(vertex) ?? [];
      return Math.hypot(x - (this.pointer[0] ?? 0), y - (this.pointer[1] ?? 0)) <= NEAR;
    });
    return near ? this.modify?.removePoint(near) ?? false : false;
  }

  get isDrawing() {
    return this.draw !== null;
  }

  remove() {
    this.#clearTools();
    this.view.map.un(['moveend', 'loadend'], this.gather);
    this.view.map.un('pointermove', this.follow);
    delete byId('map', HTMLElement).dataset['snaps'];
    this.view.map.removeLayer(this.layer);
    // The click that ended the drawing may be the first half of a double click.
    setTimeout(() => this.zooming.forEach((each) => each.setActive(true)), 400);
    byId('map-crosshair', HTMLElement).hidden = true;
  }

  #report() {
    const geometry = this.source.getFeatures()[0]?.getGeometry();
    if (geometry) this.changed(writeGeometry(geometry));
  }

  #addSnap() {
    // Added last, so that it corrects the pointer before the tools above see it.
    this.snapping = visibleSnap(this.view, this.targets);
  }

  #clearTools() {
    if (this.draw) this.view.map.removeInteraction(this.draw);
    this.draw = this.begun = null;
    if (this.modify) this.view.map.removeInteraction(this.modify);
    this.modify = null;
    this.snapping?.remove();
    this.snapping = null;
  }
}
