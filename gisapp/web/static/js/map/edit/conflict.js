/** Somebody else changed the same fields meanwhile: base, theirs and mine side by side. */
import { element } from '../../elements.js';
import { gettext, interpolate } from '../../i18n.js';
import { answerButton, ask } from '../dialogs.js';

/** @typedef {import('../types.js').FieldValue} FieldValue */
/** @typedef {{field: string, base: unknown, mine: unknown, theirs: unknown}} Conflict */

export const GEOMETRY = 'geometry';

/** The journal calls the column of the geometry `geom`. */
/** @param {string} field */
export function isGeometry(field) {
  return field === GEOMETRY || field === 'geom';
}

/**
 * @param {unknown} value
 * @param {import('../types.js').FieldDescription | undefined} field
 */
function inWords(value, field) {
  if (!field) return value === null ? '—' : gettext('Another shape');
  if (value === null || value === '') return '—';
  if (field.kind === 'boolean') return value === true ? gettext('Yes') : gettext('No');
  const label = field.codes?.find(({ code }) => code === value)?.label;
  return [label ?? String(value), field.unit ?? ''].join(' ').trim();
}

/**
 * Asks which side wins, field by field.
 * @param {Conflict[]} conflicts
 * @param {import('../types.js').LayerDescription} layer
 * @returns {Promise<Set<string> | null>} the fields where mine is to win; null: keep editing
 */
export async function resolveConflicts(conflicts, layer) {
  const rows = conflicts.map((conflict, index) => {
    const field = layer.fields.find((each) => each.name === conflict.field);
    const label = field?.label ?? gettext('Place');
    /**
     * @param {'theirs' | 'mine'} side
     * @param {unknown} value
     */
    const choice = (side, value) => {
      const radio = element('input', { type: 'radio', name: `conflict-${index}`, value: side, checked: side === 'theirs' });
      return element('td', {}, element('label', {}, radio, ' ', inWords(value, field)));
    };
    return element(
      'tr', { 'data-field': conflict.field }, element('th', { scope: 'row' }, label), element('td', {}, inWords(conflict.base, field)),
      choice('theirs', conflict.theirs), choice('mine', conflict.mine),
    );
  });
  const head = [gettext('Field'), gettext('Was'), gettext('Theirs'), gettext('Mine')];
  const table = element(
    'table', { class: 'table conflict-table' },
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...rows),
  );
  const answer = await ask(
    gettext('Somebody else changed this meanwhile'),
    [
      element('p', {}, interpolate(gettext('“%(layer)s”: choose for each field which value stands. Nothing is overwritten before you decide.'), { layer: layer.title })),
      element('div', { class: 'conflict-scroll' }, table),
    ],
    [
      answerButton(gettext('Keep editing'), ''),
      answerButton(gettext('Take theirs'), 'theirs'),
      answerButton(gettext('Save my choice'), 'chosen', 'btn-primary'),
    ],
  );
  if (answer === '') return null;
  if (answer === 'theirs') return new Set();
  const mine = conflicts.filter((_conflict, index) => {
    const radio = rows[index]?.querySelector('input[value="mine"]');
    return radio instanceof HTMLInputElement && radio.checked;
  });
  return new Set(mine.map(({ field }) => field));
}
