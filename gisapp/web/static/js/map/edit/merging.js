/** The merge tool: several features of one layer become one, which keeps the record of one of them. */
import {
  CircleStyle, Feature, Fill, LineString, MultiLineString, MultiPolygon, Point, Polygon, Stroke, Style, Text,
} from '../../../vendor/ol.js';
import { announce } from '../../announce.js';
import { button, byId, element } from '../../elements.js';
import { gettext, interpolate, ngettext } from '../../i18n.js';
import { formatLength } from '../lengths.js';
import { readGeometry } from '../projection.js';
import { linesOf, partsAfterJoining } from './cutting.js';
import { lengthOf } from './ellipsoid.js';
import { COARSE, clearHint, hintButton, showHint } from './hint.js';
import { Steps } from './history.js';
import { ToolPanel } from './panel.js';
import { Picking } from './picking.js';
import { sendReshaping } from './reshaping.js';
import { Surface } from './surface.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */
/** @typedef {{records: FeatureRecord[], stays: number | null}} Choice `stays`: an id; null: by size */

const STAYS = '#12487f';
const JOINS = '#2f8fd6';
const FONT = '700 13px "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

export class MergeTool {
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
    this.uid = newUid();
    /** @type {Steps<Choice>} */
    this.history = new Steps({ records: first ? [first] : [], stays: /** @type {number | null} */ (null) });
    this.panel = new ToolPanel(host.sheet, {
      kicker: gettext('Several become one'), title: gettext('Merge'), save: gettext('Merge'),
    }, () => this.#save(), () => ends.abandoned());
    this.surface = new Surface(host.view);
    this.drawn = this.surface.source((feature) => feature.get('style'));
    this.picking = new Picking(host, this.surface, {
      all: () => this.history.value.records,
      fits: (layer) => layer === (this.history.value.records[0]?.layer ?? layer),
      add: (records) => this.#add(records),
      remove: (record) => this.#choose(this.history.value.records.filter((each) => each !== record)),
    });
    this.#hint();
    this.#show();
    byId('map', HTMLElement).focus({ preventScroll: true });
  }

  get dirty() {
    return this.history.past.length > 0 && this.history.value.records.length > 1;
  }

  /** A first box may hold several layers: the one with most in it is meant. */
  /** @param {FeatureRecord[]} records */
  #add(records) {
    const chosen = this.history.value.records;
    const count = (/** @type {string} */ layer) => records.filter((each) => each.layer === layer).length;
    const layer = chosen[0]?.layer ?? [...records].sort((one, other) => count(other.layer) - count(one.layer))[0]?.layer;
    this.#choose([...chosen, ...records.filter((each) => each.layer === layer)]);
  }

  /** @param {FeatureRecord[]} records */
  #choose(records) {
    const { stays } = this.history.value;
    this.#do({ records, stays: records.some(({ id }) => id === stays) ? stays : null });
  }

  /** @param {Choice} choice */
  #do(choice) {
    this.history.do(choice);
    this.uid = newUid();
    this.#show();
    this.ends.changed();
  }

  /** The one that keeps its record: the chosen one, else the largest, else the first. */
  get #stays() {
    const { records, stays } = this.history.value;
    const largest = [...records].sort((one, other) => sizeOf(other) - sizeOf(one))[0];
    return records.find(({ id }) => id === stays) ?? largest ?? null;
  }

  #show() {
    const { records } = this.history.value;
    const stays = this.#stays;
    this.drawn.clear();
    for (const [index, record] of records.entries()) this.#draw(record, index, record === stays);
    this.panel.complain('');
    this.panel.save.hidden = records.length < 2;
    this.panel.show(element('div', { class: 'edit-tools' }, this.picking.boxButton), ...(records.length ? [this.#list(stays), ...this.#result(stays)] : [
      element('p', { class: 'edit-note' }, gettext('Choose two or more features of one layer on the map.')),
    ]));
    this.host.sheet.panel.classList.add('is-moving');
    announce(interpolate(ngettext('%(count)s feature chosen', '%(count)s features chosen', records.length), { count: records.length }));
  }

  /**
   * @param {FeatureRecord} record
   * @param {number} index
   * @param {boolean} stays
   */
  #draw(record, index, stays) {
    if (!record.geometry) return;
    const feature = new Feature(readGeometry(record.geometry));
    feature.set('style', mergeStyle(String(index + 1), stays ? STAYS : JOINS));
    this.drawn.addFeature(feature);
  }

  /** @param {FeatureRecord | null} stays */
  #list(stays) {
    const { records } = this.history.value;
    const rows = records.map((record, index) => {
      const radio = element('input', { type: 'radio', name: 'merge-stays', value: String(record.id), checked: record === stays });
      radio.addEventListener('change', () => {
        this.#do({ records, stays: record.id });
        // The list was drawn again: the keyboard stays where it was.
        const again = document.querySelector(`input[name="merge-stays"][value="${record.id}"]`);
        if (again instanceof HTMLElement) again.focus();
      });
      const name = record.name || record.code;
      const drop = button('', { class: 'piece-drop', 'aria-label': interpolate(gettext('Leave out %(name)s'), { name }), title: gettext('Leave out') }, 'close');
      drop.addEventListener('click', () => this.#choose(records.filter((each) => each !== record)));
      const size = sizeOf(record);
      const badge = element('span', { class: 'piece-number', 'aria-hidden': 'true' }, String(index + 1));
      badge.style.background = record === stays ? STAYS : JOINS;
      const facts = [record.name ? record.code : '', size ? formatLength(size) : ''].filter(Boolean).join(' · ');
      return element('li', {}, element('label', {}, radio, badge, element('span', {}, name, element('small', {}, facts))), drop);
    });
    return element(
      'fieldset', { class: 'piece-choice' }, element('legend', {}, gettext('Which one keeps its code, name and history?')),
      element('ol', { class: 'piece-list' }, ...rows),
    );
  }

  /** What comes of it, in words. */
  /** @param {FeatureRecord | null} stays */
  #result(stays) {
    const { records } = this.history.value;
    if (!stays || records.length < 2) return [element('p', { class: 'edit-note' }, gettext('Choose at least one more.'))];
    const lines = records.flatMap((record) => linesOf(record.geometry));
    const parts = lines.length ? partsAfterJoining(lines) : 0;
    const values = { name: stays.name || stays.code, length: formatLength(lines.reduce((sum, line) => sum + lengthOf(line), 0)), parts };
    const shape = parts === 0
      ? interpolate(gettext('The result stays at the place of “%(name)s”.'), values)
      : parts === 1
        ? interpolate(gettext('One continuous line of %(length)s.'), values)
        : interpolate(gettext('%(length)s in %(parts)s parts: not all ends meet.'), values);
    return [
      element('p', { class: parts > 1 ? 'edit-note is-warning' : 'edit-note', 'data-merge': String(parts) }, shape),
      element('p', { class: 'edit-note' }, gettext('Its values stand; what it lacks comes from the others, lengths and the like are added up. The others leave the map and can be brought back by undo.')),
    ];
  }

  #hint() {
    showHint(COARSE
      ? gettext('Tap the features to merge; tap one again to leave it out.')
      : gettext('Click the features to merge, or drag a box with Shift; click one again to leave it out. Enter merges, Esc cancels.'), [
      hintButton(gettext('Cancel'), 'close', () => this.ends.abandoned()),
    ]);
  }

  /** @param {'undo' | 'redo'} direction */
  step(direction) {
    if (!this.history.step(direction)) return;
    this.uid = newUid();
    this.#show();
  }

  /** @param {KeyboardEvent} event on the map, not in a field */
  key(event) {
    if (event.key === 'Escape') {
      event.preventDefault();
      this.ends.abandoned();
    } else if (event.key === 'Enter' && !(event.target instanceof HTMLElement && event.target.closest('button, a'))) {
      event.preventDefault();
      if (this.history.value.records.length > 1) this.panel.submit();
    }
  }

  async #save() {
    const stays = this.#stays;
    const others = this.history.value.records.filter((each) => each !== stays);
    if (!stays || !others.length) return;
    const sent = await sendReshaping([{
      uid: this.uid, layer: stays.layer, operation: 'merge', feature_id: stays.id, base_version: stays.version,
      others: others.map(({ id, version }) => ({ feature_id: id, base_version: version })),
    }], this.destination);
    if (sent.kind === 'saved') this.ends.saved(sent.outcome, sent.step);
    else if (sent.kind === 'overtaken') this.ends.overtaken();
    else {
      this.uid = newUid();
      this.panel.complain(sent.text);
    }
  }

  end() {
    this.surface.remove();
    clearHint();
    this.host.sheet.panel.classList.remove('is-editing', 'is-moving');
  }
}

/** The length of lines in metres; of anything else nothing. */
/** @param {FeatureRecord} record */
function sizeOf(record) {
  return linesOf(record.geometry).reduce((sum, line) => sum + lengthOf(line), 0);
}

/**
 * @param {string} number
 * @param {string} colour
 */
function mergeStyle(number, colour) {
  return [
    new Style({ stroke: new Stroke({ color: '#fff', width: 10 }) }),
    new Style({
      stroke: new Stroke({ color: colour, width: 6 }),
      fill: new Fill({ color: `${colour}40` }),
      image: new CircleStyle({ radius: 10, fill: new Fill({ color: colour }), stroke: new Stroke({ color: '#fff', width: 3 }) }),
    }),
    new Style({
      geometry: (feature) => middleOf('clone' in feature ? feature.getGeometry() : undefined),
      image: new CircleStyle({ radius: 11, fill: new Fill({ color: colour }), stroke: new Stroke({ color: '#fff', width: 2.5 }) }),
      text: new Text({ text: number, font: FONT, fill: new Fill({ color: '#fff' }) }),
      zIndex: 5,
    }),
  ];
}

/** @param {unknown} geometry */
function middleOf(geometry) {
  if (geometry instanceof LineString) return new Point(geometry.getCoordinateAt(0.5));
  if (geometry instanceof MultiLineString) return new Point(geometry.getLineStrings()[0]?.getCoordinateAt(0.5) ?? []);
  if (geometry instanceof Polygon) return geometry.getInteriorPoint();
  if (geometry instanceof MultiPolygon) return geometry.getPolygons()[0]?.getInteriorPoint();
  return geometry instanceof Point ? geometry : undefined;
}
