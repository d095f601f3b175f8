/** One edit from its first vertex to its saving: sketch on the map, form in the sheet, one draft. */
import { announce } from '../../announce.js';
import { button, element } from '../../elements.js';
import { gettext, interpolate } from '../../i18n.js';
import { formatPosition, parsePosition } from '../coordinates.js';
import { devicePosition } from '../locate.js';
import { notify } from '../notices.js';
import { isGeometry } from './conflict.js';
import { AttributeForm } from './form.js';
import { clearHint, hintDrawing, hintModifying } from './hint.js';
import { DraftHistory } from './history.js';
import { sketchKey } from './keys.js';
import { baseOf } from './destination.js';
import { changesBetween } from './operations.js';
import { ToolPanel } from './panel.js';
import { saveEdit } from './saving.js';
import { Sketch } from './sketch.js';
import { newUid } from './uid.js';

/** @typedef {import('../types.js').LayerDescription} LayerDescription */
/** @typedef {import('../types.js').FeatureRecord} FeatureRecord */
/** @typedef {import('../types.js').Geometry} Geometry */

/**
 * @typedef {object} Ends
 * @property {(outcome: import('../api.js').Outcome, step: import('./history.js').SavedStep | null, geometry: Geometry | null) => void} saved
 *   with the geometry that was sent
 * @property {() => void} abandoned
 * @property {() => void} gone its deletion by somebody else was accepted
 * @property {() => void} changed the undo stack is another now
 */

export class EditSession {
  /**
   * @param {import('./editor.js').Host} host
   * @param {LayerDescription} layer
   * @param {FeatureRecord | null} record null for a new feature
   * @param {'draw' | 'edit' | 'move'} mode
   * @param {import('./destination.js').Destination} destination
   * @param {Ends} ends
   */
  constructor(host, layer, record, mode, destination, ends) {
    this.host = host;
    this.layer = layer;
    this.record = record;
    this.destination = destination;
    this.ends = ends;
    // Kept while the answer is not known: sent again, the same uid is applied once.
    this.uid = newUid();
    /** The conflict that an earlier attempt ran into, and that the next one settles. */
    /** @type {string | null} */
    this.resolves = null;
    this.history = new DraftHistory({
      geometry: record?.geometry ?? null, properties: { ...record?.properties },
    });
    /** How the last place became known, for the ledger. */
    /** @type {{method: string, accuracy_m?: number}} */
    this.source = { method: 'digitised' };
    this.form = new AttributeForm(layer.fields, this.history.draft.properties, (name, value) => {
      this.#do({ kind: 'property', name, value });
    });
    const key = record ? { layer: record.layer, id: record.id } : null;
    this.sketch = new Sketch(host.view, host.layers, key, (geometry) => this.#placed(geometry));
    this.tools = {
      centre: () => this.sketch.addCentre(layer.geometry),
      finish: () => this.sketch.finish(),
      back: () => this.sketch.removeLast(),
      cancel: () => ends.abandoned(),
      remove: (/** @type {boolean} */ on) => { this.sketch.removing = on; },
      trace: (/** @type {boolean} */ on) => { this.sketch.tracing = on; },
    };
    if (record?.geometry) this.#modify();
    else this.#draw(mode === 'draw');
    if (mode !== 'draw' || layer.geometry_may_be_empty) this.#openForm(mode);
    else host.sheet.close();
    if (mode === 'edit') this.form.controls.values().next().value?.focus();
  }

  get dirty() {
    return this.history.past.length > 0;
  }

  /** @param {boolean} announced */
  #draw(announced) {
    this.sketch.startDrawing(this.layer.geometry);
    hintDrawing(this.layer.geometry, this.tools);
    if (announced) announce(interpolate(gettext('Drawing: %(layer)s'), { layer: this.layer.title }));
    document.getElementById('map')?.focus({ preventScroll: true });
  }

  #modify() {
    this.sketch.show(this.history.draft.geometry);
    this.sketch.startModifying();
    hintModifying(this.layer.geometry, this.tools);
  }

  /** @param {Geometry} geometry */
  #placed(geometry) {
    this.source = { method: 'digitised' };
    const first = !this.host.sheet.open;
    this.#do({ kind: 'geometry', geometry });
    hintModifying(this.layer.geometry, this.tools);
    if (first) this.#openForm('edit');
  }

  /** @param {import('./operations.js').Change} change */
  #do(change) {
    this.history.do(change);
    // Another content is another edit, even after a failed attempt to send the former one.
    this.uid = newUid();
    this.#showPosition();
    this.ends.changed();
  }

  /** @param {'undo' | 'redo'} direction */
  step(direction) {
    if (direction === 'undo' && this.sketch.isDrawing) {
      this.sketch.removeLast();
      return;
    }
    if (!this.history[direction]()) return;
    this.uid = newUid();
    this.form.show(this.history.draft.properties);
    this.sketch.show(this.history.draft.geometry);
    if (this.history.draft.geometry === null) this.#draw(false);
    else if (this.sketch.isDrawing) this.#modify();
    this.#showPosition();
  }

  /** @param {KeyboardEvent} event on the map, not in a field */
  key(event) {
    const known = sketchKey(event, this.sketch, {
      cancel: () => { void this.#cancel(); },
      centre: () => this.sketch.addCentre(this.layer.geometry),
    });
    if (!known && this.sketch.isDrawing && event.key.toLowerCase() === 't') document.getElementById('hint-trace')?.click();
  }

  /** Leaving asks first when there is something to lose; the host knows how. */
  async #cancel() {
    if (this.dirty && !(await this.host.mayLeave())) return;
    this.ends.abandoned();
  }

  /** @param {'draw' | 'edit' | 'move'} mode */
  #openForm(mode) {
    const title = this.record
      ? interpolate(gettext('Edit: %(name)s'), { name: this.record.name || this.record.code })
      : interpolate(gettext('New: %(layer)s'), { layer: this.layer.title });
    this.panel = new ToolPanel(
      this.host.sheet, { kicker: this.layer.title, title, save: this.destination.plan ? gettext('Save into the plan') : gettext('Save') },
      () => this.#save(), () => { void this.#cancel(); },
    );
    this.panel.show(this.#place(), this.form.element);
    this.host.sheet.panel.classList.toggle('is-moving', mode === 'move');
  }

  /** A point's position as text: the way to place it without a pointer. */
  #place() {
    const field = element('input', { class: 'form-control', id: 'field-position', autocomplete: 'off', 'aria-describedby': 'problem-position' });
    this.position = field;
    this.#showPosition();
    if (this.layer.geometry !== 'point') return element('div', { hidden: true }, field);
    field.addEventListener('change', () => {
      const position = parsePosition(field.value);
      field.classList.toggle('is-invalid', position === null);
      if (position) this.#moveTo(position, { method: 'digitised' });
    });
    const here = button(gettext('Where I am'), { class: 'btn btn-outline-secondary' }, 'crosshair');
    here.addEventListener('click', async () => {
      try {
        const { accuracy, ...position } = await devicePosition();
        this.#moveTo(position, { method: 'phone', accuracy_m: Math.round(accuracy * 10) / 10 });
      } catch (error) {
        notify(error instanceof Error ? error.message : String(error));
      }
    });
    return element(
      'div', { class: 'field edit-position' }, element('label', { for: 'field-position' }, gettext('Longitude, latitude (CGCS2000)')),
      element('div', { class: 'input-group' }, field, here),
    );
  }

  /**
   * @param {import('../coordinates.js').Position} position
   * @param {{method: string, accuracy_m?: number}} source
   */
  #moveTo(position, source) {
    this.#do({ kind: 'geometry', geometry: { type: 'Point', coordinates: [position.lon, position.lat] } });
    this.source = source;
    this.#modify();
    this.host.view.showPosition(position);
  }

  #showPosition() {
    const geometry = this.history.draft.geometry;
    if (!this.position || geometry?.type !== 'Point') return;
    const [lon, lat] = geometry.coordinates;
    this.position.value = `${Number(lon).toFixed(6)}, ${Number(lat).toFixed(6)}`;
    this.position.title = formatPosition({ lon, lat });
  }

  async #save() {
    const own = this.form.problems();
    if (own.length) {
      this.#complain(this.form.showProblems(own));
      return;
    }
    const { properties, geometry } = changesBetween(this.history.base, this.history.draft);
    if (this.record && !geometry && Object.keys(properties).length === 0) {
      this.ends.abandoned();
      return;
    }
    const name = this.record?.name || this.record?.code || this.layer.title;
    this.#answered(await saveEdit(this.#request(properties, geometry), this.layer, this.destination, name), geometry);
  }

  /**
   * @param {Record<string, import('../types.js').FieldValue>} properties
   * @param {Geometry | null} geometry
   * @returns {import('../api.js').EditRequest}
   */
  #request(properties, geometry) {
    return {
      uid: this.uid,
      layer: this.layer.name,
      ...(this.record ? { operation: 'update', ...baseOf(this.record) } : { operation: 'create' }),
      ...(geometry ? { geometry, ...this.source } : {}),
      ...(this.resolves ? { resolves: this.resolves } : {}),
      properties,
    };
  }

  /**
   * @param {import('./saving.js').Saved} saved
   * @param {Geometry | null} geometry
   */
  #answered(saved, geometry) {
    // What was refused or ran into a conflict is on record: the next attempt is another edit.
    if (saved.kind === 'problems' || saved.kind === 'undecided') this.uid = newUid();
    if ('conflict' in saved) this.resolves = saved.conflict ?? this.resolves;
    if (saved.kind === 'saved') this.ends.saved(saved.outcome, saved.step, geometry);
    else if (saved.kind === 'theirs' && saved.deleted) this.ends.gone();
    else if (saved.kind === 'theirs') this.ends.abandoned();
    else if (saved.kind === 'problems') this.#complain(this.form.showProblems(saved.problems));
  }

  /** @param {{field: string, message: string}[]} problems those without a field of their own */
  #complain(problems) {
    this.panel?.complain(problems
      .map(({ field, message }) => (isGeometry(field) ? interpolate(gettext('Place: %(problem)s'), { problem: message }) : message))
      .join(' '));
  }

  end() {
    this.sketch.remove();
    clearHint();
    this.host.sheet.panel.classList.remove('is-editing', 'is-moving');
  }
}
