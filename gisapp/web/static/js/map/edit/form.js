/** The attribute form, generated from the registry's description of a layer. */
import { element } from '../../elements.js';
import { gettext } from '../../i18n.js';
import { sameValue } from './operations.js';

/** @typedef {import('../types.js').FieldDescription} FieldDescription */
/** @typedef {import('../types.js').FieldValue} FieldValue */
/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

export class AttributeForm {
  /**
   * @param {FieldDescription[]} fields
   * @param {Record<string, FieldValue>} values
   * @param {(name: string, value: FieldValue) => void} changed
   */
  constructor(fields, values, changed) {
    this.fields = fields.filter((field) => !field.readonly);
    /** @type {Map<string, Control>} */
    this.controls = new Map();
    this.element = element('div', { class: 'edit-fields' }, ...this.#groups(values, changed));
  }

  /**
   * @param {Record<string, FieldValue>} values
   * @param {(name: string, value: FieldValue) => void} changed
   */
  #groups(values, changed) {
    const names = [...new Set(this.fields.map((field) => field.group))];
    return names.map((name) => element(
      'fieldset', { class: 'edit-group' }, element('legend', {}, name),
      ...this.fields.filter((field) => field.group === name).map((field) => this.#row(field, values[field.name] ?? null, changed)),
    ));
  }

  /**
   * @param {FieldDescription} field
   * @param {FieldValue} value
   * @param {(name: string, value: FieldValue) => void} changed
   */
  #row(field, value, changed) {
    const control = controlOf(field);
    control.id = `field-${field.name}`;
    control.name = field.name;
    control.value = String(value ?? '');
    control.required = field.required;
    control.setAttribute('aria-describedby', `problem-${field.name}`);
    control.addEventListener('change', () => {
      this.clearProblem(field.name);
      changed(field.name, readValue(field, control.value));
    });
    this.controls.set(field.name, control);
    const mark = field.required ? [element('span', { class: 'required', 'aria-hidden': 'true' }, ' *')] : [];
    const box = field.unit
      ? element('div', { class: 'input-group' }, control, element('span', { class: 'input-group-text' }, field.unit))
      : control;
    return element(
      'div', { class: 'field' }, element('label', { for: control.id }, field.label, ...mark), box,
      ...hintOf(field), element('p', { class: 'field-problem', id: `problem-${field.name}`, hidden: true }),
    );
  }

  /**
   * Shows a value that came from elsewhere, such as undo.
   * @param {Record<string, FieldValue>} values
   */
  show(values) {
    for (const [name, control] of this.controls) {
      if (!sameValue(values[name], control.value)) control.value = String(values[name] ?? '');
    }
  }

  /** @param {string} name */
  clearProblem(name) {
    const line = document.getElementById(`problem-${name}`);
    if (line) line.hidden = true;
    this.controls.get(name)?.removeAttribute('aria-invalid');
    this.controls.get(name)?.classList.remove('is-invalid');
  }

  /**
   * Shows problems at their fields and goes to the first.
   * @param {{field: string, message: string}[]} problems
   * @returns {{field: string, message: string}[]} those that belong to no field of the form
   */
  showProblems(problems) {
    const placed = problems.filter(({ field }) => this.controls.has(field));
    for (const { field, message } of placed) {
      const control = this.controls.get(field);
      const line = document.getElementById(`problem-${field}`);
      control?.setAttribute('aria-invalid', 'true');
      control?.classList.add('is-invalid');
      if (line) {
        line.textContent = message;
        line.hidden = false;
      }
    }
    this.controls.get(placed[0]?.field ?? '')?.focus();
    return problems.filter(({ field }) => !this.controls.has(field));
  }

  /** What the form itself can tell is wrong, before anything is sent. */
  problems() {
    for (const name of this.controls.keys()) this.clearProblem(name);
    return [...this.controls]
      .filter(([, control]) => !control.checkValidity())
      .map(([field, control]) => ({ field, message: control.validationMessage }));
  }
}

/** @param {FieldDescription} field @returns {Control} */
function controlOf(field) {
  if (field.kind === 'code') return select((field.codes ?? []).map(({ code, label }) => [code, label]));
  if (field.kind === 'boolean') return select([['true', gettext('Yes')], ['false', gettext('No')]]);
  const control = element('input', { class: 'form-control', autocomplete: 'off' });
  if (field.kind === 'date') control.type = 'date';
  if (field.kind === 'integer' || field.kind === 'year' || field.kind === 'decimal') {
    control.type = 'number';
    control.step = field.kind === 'decimal' ? 'any' : '1';
    if (field.minimum !== null) control.min = String(field.minimum);
    if (field.maximum !== null) control.max = String(field.maximum);
  }
  if (field.kind === 'division') {
    control.pattern = '[0-9]{12}';
    control.inputMode = 'numeric';
    control.title = gettext('The 12 digits of a division');
  }
  return control;
}

/** @param {string[][]} options pairs of value and label */
function select(options) {
  const choices = options.map(([value, label]) => element('option', { value: value ?? '' }, label ?? ''));
  return element('select', { class: 'form-select' }, element('option', { value: '' }, '—'), ...choices);
}

/** @param {FieldDescription} field */
function hintOf(field) {
  if (field.kind === 'division') {
    return [element('p', { class: 'field-hint' }, gettext('12 digits; left empty on a new feature, it follows from the place.'))];
  }
  if (field.kind === 'personal') {
    return [element('p', { class: 'field-hint' }, gettext('Kept encrypted. Left empty, it stays as it is.'))];
  }
  return [];
}

/**
 * The value as the API takes it. Decimals stay text: no digit is lost on the way.
 * @param {FieldDescription} field
 * @param {string} text
 * @returns {FieldValue}
 */
export function readValue(field, text) {
  const clean = text.trim();
  if (clean === '') return null;
  if (field.kind === 'boolean') return clean === 'true';
  if (field.kind === 'integer' || field.kind === 'year') return Number(clean);
  return clean;
}
