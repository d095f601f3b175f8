/** Moving several features at once by the same distance: dragged, or by metres east and north. */
import {
  CircleStyle, Collection, Feature, Fill, Stroke, Style, Translate,
} from '../../../vendor/ol.js';
import { announce } from '../../announce.js';
import { button, byId, element } from '../../elements.js';
import { gettext, interpolate, ngettext } from '../../i18n.js';
import { formatLength } from '../lengths.js';
import { readGeometry, toPosition, writeGeometry } from '../projection.js';
import { baseOf } from './destination.js';
import { distance } from './ellipsoid.js';
import { COARSE, clearHint, hintButton, showHint } from './hint.js';
import { Steps } from './history.js';
import { ToolPanel } from './panel.js';
import { Picking } from './picking.js';
import { sendReshaping } from './reshaping.js';
import { Surface } from './surface.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */
/** @typedef {{records: FeatureRecord[], shift: [number, number]}} Choice `shift`: metres of the map's projection */

const MOVED = '#b5391f';
/** Metres by which the scale of the projection is measured. */
const STEP = 100;
const wasStyle = new Style({
  stroke: new Stroke({ color: '#52615e', width: 3, lineDash: [6, 6] }),
  image: new CircleStyle({ radius: 8, stroke: new Stroke({ color: '#52615e', width: 2.5, lineDash: [4, 4] }) }),
});
const nowStyle = [
  new Style({ stroke: new Stroke({ color: '#fff', width: 8 }) }),
  new Style({
    stroke: new Stroke({ color: MOVED, width: 4 }), fill: new Fill({ color: `${MOVED}30` }),
    image: new CircleStyle({ radius: 9, fill: new Fill({ color: MOVED }), stroke: new Stroke({ color: '#fff', width: 3 }) }),
  }),
];

export class MoveTool {
  /**
   * @param {import('./editor.js').Host} host
   * @param {FeatureRecord | null} first the open one
   * @param {import('./destination.js').Destination} destination
   * @param {import('./reshaping.js').Ends} ends
   */
  constructor(host, first, destination, ends) {
    this.host = host;
    this.destination = destination;
    this.ends = ends;
    /** @type {Map<number, string>} */
    this.uids = new Map();
    /** @type {Steps<Choice>} */
    this.history = new Steps({ records: first?.geometry ? [first] : [], shift: /** @type {[number, number]} */ ([0, 0]) });
    this.panel = new ToolPanel(host.sheet, {
      kicker: gettext('Several at once'), title: gettext('Move together'), save: gettext('Save'),
    }, () => this.#save(), () => ends.abandoned());
    this.surface = new Surface(host.view);
    this.was = this.surface.source(wasStyle, { zIndex: 77 });
    this.now = this.surface.source(nowStyle, { zIndex: 81 });
    this.#wireDragging();
    this.picking = new Picking(host, this.surface, {
      all: () => this.history.value.records,
      fits: () => true,
      add: (records) => this.#do({ ...this.history.value, records: [...this.history.value.records, ...records.filter(({ geometry }) => geometry)] }),
      remove: (record) => this.#do({ ...this.history.value, records: this.history.value.records.filter((each) => each !== record) }),
    });
    this.#hint();
    this.#show();
    byId('map', HTMLElement).focus({ preventScroll: true });
  }

  get dirty() {
    return this.#moved && this.history.value.records.length > 0;
  }

  get #moved() {
    return this.history.value.shift.some((metres) => metres !== 0);
  }

  #wireDragging() {
    this.features = new Collection(/** @type {InstanceType<typeof Feature>[]} */ ([]));
    const drag = new Translate({ features: this.features, hitTolerance: COARSE ? 16 : 6 });
    drag.on('translateend', (event) => {
      const [x0 = 0, y0 = 0] = event.startCoordinate;
      const [x1 = 0, y1 = 0] = event.coordinate;
      const [x, y] = this.history.value.shift;
      if (x1 !== x0 || y1 !== y0) this.#do({ ...this.history.value, shift: [x + x1 - x0, y + y1 - y0] });
    });
    this.surface.interact(drag);
  }

  /** @param {Choice} choice */
  #do(choice) {
    this.history.do(choice);
    this.uids.clear();
    this.#show();
    this.ends.changed();
  }

  #show() {
    const { records, shift } = this.history.value;
    this.was.clear();
    this.now.clear();
    this.features?.clear();
    for (const record of records) {
      if (!record.geometry) continue;
      const geometry = readGeometry(record.geometry);
      this.was.addFeature(new Feature(geometry.clone()));
      geometry.translate(...shift);
      const feature = new Feature(geometry);
      this.now.addFeature(feature);
      this.features?.push(feature);
    }
    this.panel.complain('');
    this.panel.save.hidden = !this.dirty;
    this.panel.show(element('div', { class: 'edit-tools' }, this.picking.boxButton), ...(records.length ? [this.#list(), this.#distances()] : [
      element('p', { class: 'edit-note' }, gettext('Choose the features to move on the map.')),
    ]));
    this.host.sheet.panel.classList.add('is-moving');
    announce(interpolate(ngettext('%(count)s feature chosen', '%(count)s features chosen', records.length), { count: records.length }));
  }

  #list() {
    const { records } = this.history.value;
    return element('ol', { class: 'piece-list' }, ...records.map((record) => {
      const name = record.name || record.code;
      const drop = button('', { class: 'piece-drop', 'aria-label': interpolate(gettext('Leave out %(name)s'), { name }), title: gettext('Leave out') }, 'close');
      drop.addEventListener('click', () => this.#do({ ...this.history.value, records: records.filter((each) => each !== record) }));
      return element('li', {}, element('span', {}, name, element('small', {}, this.host.layers.describe(record.layer).title)), drop);
    }));
  }

  /** How far, as fields: the way to move without a pointer, and by a measure that is known. */
  #distances() {
    const { shift } = this.history.value;
    const scales = this.#scales();
    const fields = [gettext('East'), gettext('North')].map((label, axis) => {
      const id = `move-${axis}`;
      const input = element('input', { class: 'form-control', type: 'number', step: '0.1', id, value: ((shift[axis] ?? 0) * (scales[axis] ?? 1)).toFixed(1) });
      input.addEventListener('change', () => {
        const metres = Number(input.value) / (scales[axis] ?? 1);
        if (!Number.isFinite(metres)) return;
        const other = this.history.value.shift;
        this.#do({ ...this.history.value, shift: axis === 0 ? [metres, other[1]] : [other[0], metres] });
      });
      return element('div', { class: 'field' }, element('label', { for: id }, label), element('div', { class: 'input-group' }, input, element('span', { class: 'input-group-text' }, 'm')));
    });
    return element('div', { class: 'move-by' }, ...fields, ...(this.#moved ? [element('p', { class: 'edit-note' }, interpolate(gettext('Moved by %(distance)s.'), { distance: formatLength(this.#ground(...shift)) }))] : []));
  }

  /** Metres on the ellipsoid for one of the projection, eastwards and northwards, there. */
  #scales() {
    return [this.#ground(STEP, 0) / STEP, this.#ground(0, STEP) / STEP];
  }

  #middle() {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = this.was.getExtent() ?? [];
    return [(x0 + x1) / 2, (y0 + y1) / 2];
  }

  /**
   * @param {number} east metres of the projection
   * @param {number} north
   * @returns {number} metres on the ellipsoid
   */
  #ground(east, north) {
    const [x = 0, y = 0] = this.#middle();
    const from = toPosition([x, y]);
    const to = toPosition([x + east, y + north]);
    return distance([from.lon, from.lat], [to.lon, to.lat]);
  }

  #hint() {
    showHint(COARSE
      ? gettext('Tap the features to choose them, then drag one: all move together.')
      : gettext('Click the features, or drag a box with Shift; then drag one of them: all move together. Enter saves, Esc cancels.'), [
      hintButton(gettext('Cancel'), 'close', () => this.ends.abandoned()),
    ]);
  }

  /** @param {'undo' | 'redo'} direction */
  step(direction) {
    if (!this.history.step(direction)) return;
    this.uids.clear();
    this.#show();
  }

  /** @param {KeyboardEvent} event on the map, not in a field */
  key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.ends.abandoned();
    } else if (event.key === 'Enter' && !(event.target instanceof HTMLElement && event.target.closest('button, a'))) {
      event.preventDefault();
      if (this.dirty) this.panel.submit();
    }
  }

  async #save() {
    const { records, shift } = this.history.value;
    const edits = records.map((record, index) => {
      const geometry = readGeometry(/** @type {import('../types.js').Geometry} */ (record.geometry));
      geometry.translate(...shift);
      // Kept while the answer is not known: sent again, the same uids are applied once.
      const uid = this.uids.get(index) ?? newUid();
      this.uids.set(index, uid);
      return {
        uid, layer: record.layer, operation: /** @type {const} */ ('update'), ...baseOf(record),
        geometry: writeGeometry(geometry), method: 'digitised',
      };
    });
    const sent = await sendReshaping(edits, this.destination);
    if (sent.kind === 'saved') this.ends.saved(sent.outcome, sent.step);
    else if (sent.kind === 'overtaken') this.ends.overtaken();
    else {
      this.uids.clear();
      this.panel.complain(sent.text);
    }
  }

  end() {
    this.surface.remove();
    clearHint();
    this.host.sheet.panel.classList.remove('is-editing', 'is-moving');
  }
}
