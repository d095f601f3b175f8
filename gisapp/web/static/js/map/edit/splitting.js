/** The split tool: a click on the line, or a line across it, and what the pieces will be. */
import {
  CircleStyle, Draw, Feature, Fill, LineString, MultiLineString, Point, Stroke, Style, Text, VectorSource,
} from '../../../vendor/ol.js';
import { announce } from '../../announce.js';
import { byId, element } from '../../elements.js';
import { gettext, interpolate, ngettext } from '../../i18n.js';
import { formatLength } from '../lengths.js';
import { notify } from '../notices.js';
import { readGeometry, toMetres, toPosition, writeGeometry } from '../projection.js';
import { cut, linesOf, nearest } from './cutting.js';
import { baseOf } from './destination.js';
import { COARSE, clearHint, hintButton, showHint } from './hint.js';
import { Steps } from './history.js';
import { ToolPanel } from './panel.js';
import { sendReshaping } from './reshaping.js';
import { gatherTargets } from './snapping.js';
import { NEAR, Surface, visibleSnap } from './surface.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').Geometry} Geometry */
/** @typedef {import('./cutting.js').Piece} Piece */

/** The first keeps the record; told apart by lightness too. */
const COLOURS = ['#12487f', '#e07b00', '#8a2f8f', '#4d9a2a'];
const FONT = '600 13px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const white = (/** @type {number} */ width) => new Stroke({ color: '#fff', width });

const bladeStyle = [
  new Style({ stroke: white(5) }),
  new Style({
    stroke: new Stroke({ color: '#b5391f', width: 2.5, lineDash: [7, 5] }),
    image: new CircleStyle({ radius: 6, fill: new Fill({ color: '#b5391f' }), stroke: white(2.5) }),
  }),
];
const footStyle = new Style({
  image: new CircleStyle({ radius: 7, fill: new Fill({ color: '#fff' }), stroke: new Stroke({ color: '#b5391f', width: 3 }) }),
});
const wholeStyle = [new Style({ stroke: white(8) }), new Style({ stroke: new Stroke({ color: '#b5391f', width: 4 }) })];

export class SplitTool {
  /**
   * @param {import('./editor.js').Host} host
   * @param {import('../types.js').LayerDescription} layer
   * @param {import('../types.js').FeatureRecord & {geometry: Geometry}} record
   * @param {import('./destination.js').Destination} destination
   * @param {import('./reshaping.js').Ends} ends
   */
  constructor(host, layer, record, destination, ends) {
    this.host = host;
    this.layer = layer;
    this.record = record;
    this.destination = destination;
    this.ends = ends;
    this.uid = newUid();
    /** @type {Steps<Geometry | null>} */
    this.history = new Steps(/** @type {Geometry | null} */ (null));
    this.lines = linesOf(record.geometry);
    this.panel = new ToolPanel(host.sheet, {
      kicker: layer.title,
      title: interpolate(gettext('Split: %(name)s'), { name: record.name || record.code }),
      save: gettext('Split'),
    }, () => this.#save(), () => ends.abandoned());
    this.surface = new Surface(host.view);
    this.whole = this.surface.source(wholeStyle, { zIndex: 78 });
    this.pieces = this.surface.source((feature) => feature.get('style'));
    this.blade = this.surface.source(bladeStyle, { zIndex: 82 });
    this.foot = this.surface.source(footStyle, { zIndex: 84 });
    /** @type {import('./surface.js').FeatureSource} */
    this.targets = new VectorSource();
    this.drawing = false;
    this.endedAt = 0;
    this.#listen();
    this.#show();
    host.sheet.close();
    byId('map', HTMLElement).focus({ preventScroll: true });
    announce(gettext('Choose where to cut.'));
  }

  get dirty() {
    return this.history.value !== null;
  }

  #listen() {
    this.draw = new Draw({
      type: 'LineString', style: bladeStyle, stopClick: true,
      condition: (event) => this.drawing || !this.#under(event.pixel, event.coordinate),
    });
    this.draw.on('drawstart', () => { this.drawing = true; });
    this.draw.on('drawabort', () => { this.drawing = false; });
    this.draw.on('drawend', (event) => {
      this.drawing = false;
      this.endedAt = Date.now();
      const line = event.feature.getGeometry();
      if (line) this.#cutAlong(writeGeometry(line));
    });
    this.surface.interact(this.draw);
    this.surface.listen('click', (event) => {
      if (this.drawing || Date.now() - this.endedAt < 400) return;
      const foot = this.#under(event.pixel, event.coordinate);
      if (foot) this.#cutAlong({ type: 'Point', coordinates: foot });
    });
    this.surface.listen('pointermove', (event) => {
      const foot = this.drawing || event.dragging ? null : this.#under(event.pixel, event.coordinate);
      this.foot.clear();
      if (foot) this.foot.addFeature(new Feature(new Point(toMetres({ lon: foot[0] ?? 0, lat: foot[1] ?? 0 }))));
      this.surface.cursor('crosshair');
    });
    // After the rest, so that it corrects the pointer before drawing sees it.
    this.snapping = visibleSnap(this.host.view, this.targets);
    void this.#gather();
  }

  /** The crossings with other roads are where a road is usually cut. */
  async #gather() {
    await gatherTargets(this.targets, this.host.view, this.host.layers, { layer: this.layer.name, id: this.record.id });
    this.targets.addFeature(new Feature(readGeometry(this.record.geometry)));
    byId('map', HTMLElement).dataset['snaps'] = String(this.targets.getFeatures().length);
  }

  /**
   * The place on the line under the pointer, held at vertices and crossings; null beside it.
   * @param {number[]} pixel
   * @param {number[]} coordinate in metres
   * @returns {number[] | null} longitude and latitude
   */
  #under(pixel, coordinate) {
    if (this.layer.geometry !== 'line') return null;
    const held = this.snapping?.snap.snapTo(pixel, coordinate, this.surface.map)?.vertex ?? coordinate;
    const { lon, lat } = toPosition(held);
    const foot = nearest(this.lines, [lon, lat]);
    if (!foot) return null;
    const [x = 0, y = 0] = this.surface.map.getPixelFromCoordinate(toMetres({ lon: foot.position[0] ?? 0, lat: foot.position[1] ?? 0 })) ?? [];
    return Math.hypot(x - (pixel[0] ?? 0), y - (pixel[1] ?? 0)) <= NEAR ? foot.position : null;
  }

  /** @param {Geometry} blade */
  #cutAlong(blade) {
    if (this.layer.geometry === 'line' && cut(this.record.geometry, blade).length < 2) {
      notify(blade.type === 'Point'
        ? gettext('Here is an end of the line: cut it somewhere between.')
        : gettext('This line does not cross it. Draw from one side to the other.'));
      return;
    }
    this.history.do(blade);
    this.uid = newUid();
    this.#show();
    this.ends.changed();
  }

  /** Shows the pieces on the map and in the sheet; before the first cut, how to make one. */
  #show() {
    const blade = this.history.value;
    for (const source of [this.whole, this.pieces, this.blade, this.foot]) source.clear();
    this.#hint();
    if (!blade) {
      this.whole.addFeature(new Feature(readGeometry(this.record.geometry)));
      if (this.panel.form.isConnected) this.host.sheet.close();
      return;
    }
    this.blade.addFeature(new Feature(readGeometry(blade)));
    const pieces = cut(this.record.geometry, blade);
    for (const [index, piece] of pieces.entries()) this.#draw(piece, index);
    this.panel.complain('');
    this.panel.show(...this.#inWords(pieces));
    this.host.sheet.panel.classList.add('is-moving');
    announce(interpolate(ngettext('%(count)s piece', '%(count)s pieces', pieces.length), { count: pieces.length }));
  }

  /**
   * @param {Piece} piece
   * @param {number} index
   */
  #draw(piece, index) {
    const lines = piece.lines.map((line) => line.map(([lon = 0, lat = 0]) => toMetres({ lon, lat })));
    const colour = COLOURS[index % COLOURS.length] ?? '';
    const longest = [...lines].sort((one, other) => new LineString(other).getLength() - new LineString(one).getLength())[0];
    if (!longest) return;
    const label = new Style({
      geometry: new Point(new LineString(longest).getCoordinateAt(0.5)), zIndex: 9,
      text: new Text({
        text: formatLength(piece.length), font: FONT, offsetY: -16, fill: new Fill({ color: colour }), stroke: white(4),
      }),
    });
    const feature = new Feature(new MultiLineString(lines));
    feature.set('style', [new Style({ stroke: white(10), zIndex: 1 }), new Style({ stroke: new Stroke({ color: colour, width: 6 }), zIndex: 2 }), label]);
    this.pieces.addFeature(feature);
  }

  /** @param {Piece[]} pieces */
  #inWords(pieces) {
    if (this.layer.geometry !== 'line') {
      return [element('p', { class: 'edit-note' }, gettext('It is cut along the line you drew; the largest part keeps the record.'))];
    }
    const rows = pieces.map((piece, index) => {
      const mark = element('span', { class: 'piece-mark', 'aria-hidden': 'true' });
      mark.style.background = COLOURS[index % COLOURS.length] ?? '';
      return element(
        'li', {}, mark, element('strong', {}, formatLength(piece.length)),
        element('span', {}, piece.kept ? gettext('keeps code, history and links') : gettext('becomes a new record')),
      );
    });
    return [
      element('ul', { class: 'piece-list', 'aria-label': gettext('Pieces') }, ...rows),
      element('p', { class: 'edit-note' }, gettext('All attributes are copied; lengths and the like are shared out. Click elsewhere to cut there instead.')),
    ];
  }

  #hint() {
    const text = COARSE
      ? gettext('Tap the line to cut it there, or draw a line across it and finish with the button.')
      : gettext('Click the line to cut it there, or draw a line across it: double-click or Enter finishes. Space cuts under the cross in the middle; Esc cancels.');
    showHint(text, [
      hintButton(gettext('Cut at the cross'), 'target', () => this.#cutAtCentre()),
      hintButton(gettext('Finish'), 'check', () => this.draw?.finishDrawing()),
      hintButton(gettext('Cancel'), 'close', () => this.ends.abandoned()),
    ]);
    byId('map-crosshair', HTMLElement).hidden = this.history.value !== null;
  }

  #cutAtCentre() {
    const centre = this.host.view.view.getCenter();
    const pixel = centre && this.surface.map.getPixelFromCoordinate(centre);
    const foot = centre && pixel && this.#under(pixel, centre);
    if (foot) this.#cutAlong({ type: 'Point', coordinates: foot });
    else notify(gettext('Move the map until the line lies under the cross.'));
  }

  /** @param {'undo' | 'redo'} direction */
  step(direction) {
    if (direction === 'undo' && this.drawing) {
      this.draw?.removeLastPoint();
      return;
    }
    if (!this.history.step(direction)) return;
    this.uid = newUid();
    this.#show();
  }

  /** @param {KeyboardEvent} event on the map, not in a field */
  key(event) {
    const onButton = event.target instanceof HTMLElement && event.target.closest('button, a');
    if (event.key === 'Escape') {
      event.preventDefault();
      if (this.drawing) this.draw?.abortDrawing();
      else this.ends.abandoned();
    } else if (onButton) {
      return;
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (this.drawing) this.draw?.finishDrawing();
      else if (this.history.value) this.panel.submit();
    } else if (event.key === ' ') {
      event.preventDefault();
      this.#cutAtCentre();
    } else if (event.key === 'Backspace') {
      event.preventDefault();
      this.step('undo');
      this.ends.changed();
    }
  }

  async #save() {
    const blade = this.history.value;
    if (!blade) return;
    const sent = await sendReshaping([{
      uid: this.uid, layer: this.layer.name, operation: 'split', ...baseOf(this.record), blade,
    }], this.destination);
    if (sent.kind === 'saved') this.ends.saved(sent.outcome, sent.step);
    else if (sent.kind === 'overtaken') this.ends.overtaken();
    else {
      this.uid = newUid();
      this.panel.complain(sent.text);
    }
  }

  end() {
    this.snapping?.remove();
    this.surface.remove();
    clearHint();
    delete byId('map', HTMLElement).dataset['snaps'];
    this.host.sheet.panel.classList.remove('is-editing', 'is-moving');
  }
}
