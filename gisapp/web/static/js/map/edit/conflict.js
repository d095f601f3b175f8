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

/** The journal keeps all personal fields in one sealed box, and tells nothing of what is in it. */
/** @param {string} field */
export function isPersonal(field) {
  return field === 'personal';
}

/**
 * @param {Conflict} conflict
 * @param {import('../types.js').LayerDescription} layer
 */
function personalOf(conflict, layer) {
  return isPersonal(conflict.field) ? layer.fields.find(({ kind }) => kind === 'personal') : undefined;
}

/**
 * @param {unknown} value
 * @param {import('../types.js').FieldDescription | undefined} field
 */
export function inWords(value, field) {
  if (!field) return value === null ? '—' : gettext('Another shape');
  if (field.kind === 'personal') return gettext('(kept encrypted)');
  if (value === null || value === '') return '—';
  if (field.kind === 'boolean') return value === true ? gettext('Yes') : gettext('No');
  const label = field.codes?.find(({ code }) => code === value)?.label;
  return [label ?? String(value), field.unit ?? ''].join(' ').trim();
}

/**
 * Somebody deleted what I changed: there is nothing to choose by field.
 * @param {string} name
 * @returns {Promise<string>} 'restore', 'accept', or '' to keep editing
 */
export function askAboutDeletion(name) {
  return ask(
    interpolate(gettext('Somebody deleted “%(name)s” meanwhile'), { name }),
    [element('p', {}, gettext('Your changes were not saved, and are not lost: bring it back with them, or accept that it is gone.'))],
    [
      answerButton(gettext('Keep editing'), ''),
      answerButton(gettext('Accept the deletion'), 'accept'),
      answerButton(gettext('Bring it back with my changes'), 'restore', 'btn-primary'),
    ],
  );
}

/**
 * Somebody changed what I want to delete.
 * @param {string} name
 * @returns {Promise<boolean>} whether to delete it all the same
 */
export async function askToDeleteChanged(name) {
  const answer = await ask(
    interpolate(gettext('Somebody else changed “%(name)s” meanwhile'), { name }),
    [element('p', {}, gettext('It was not deleted. Look at what it is now, or delete it all the same; its history stays either way.'))],
    [
      answerButton(gettext('Look at it'), ''),
      answerButton(gettext('Delete it all the same'), 'yes', 'btn-danger'),
    ],
  );
  return answer === 'yes';
}

/**
 * Asks which side wins, field by field.
 * @param {Conflict[]} conflicts
 * @param {import('../types.js').LayerDescription} layer
 * @returns {Promise<Set<string> | null>} the fields where mine is to win; null: keep editing
 */
export async function resolveConflicts(conflicts, layer) {
  const rows = conflicts.map((conflict, index) => {
    const field = layer.fields.find((each) => each.name === conflict.field) ?? personalOf(conflict, layer);
    const label = isPersonal(conflict.field) ? gettext('Personal data') : field?.label ?? gettext('Place');
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
