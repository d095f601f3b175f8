/** What is planned for one feature, in the panel beside the map. */
import { button, element } from '../../elements.js';
import { gettext, interpolate } from '../../i18n.js';
import { linesOf } from '../edit/cutting.js';
import { inWords } from '../edit/conflict.js';
import { distance, lengthOf } from '../edit/ellipsoid.js';
import { formatLength } from '../lengths.js';
import { changedFields, movesGeometry } from './content.js';
import { changeLabel } from './signs.js';

/** @typedef {import('./content.js').Planned} Planned */
/** @typedef {import('../types.js').LayerDescription} LayerDescription */
/** @typedef {'locate' | 'edit' | 'move' | 'out' | 'live'} PlanAction */

/**
 * @param {Planned} planned
 * @param {LayerDescription} layer
 * @param {import('./api.js').Plan} plan
 * @param {(action: PlanAction) => void} act
 */
export function plannedSheet(planned, layer, plan, act) {
  const values = (planned.after ?? planned.before)?.values ?? {};
  return element(
    'article', { class: 'sheet', 'data-planned': planned.change },
    element(
      'header', { class: 'sheet-header' },
      element('p', { class: 'sheet-kicker' }, interpolate(gettext('%(layer)s · planned'), { layer: layer.title })),
      element('h2', { class: 'sheet-title' }, String(values['name'] || values['code'] || '')),
      element('p', {}, element('span', { class: `plan-change is-${planned.change}` }, changeLabel(planned.change))),
    ),
    element('div', { class: 'sheet-actions', role: 'group', 'aria-label': gettext('Actions') }, ...actions(planned, layer, plan, act)),
    ...origin(planned), ...contents(planned, layer),
  );
}

/**
 * @param {Planned} planned
 * @param {LayerDescription} layer
 * @param {import('./api.js').Plan} plan
 * @param {(action: PlanAction) => void} act
 */
function actions(planned, layer, plan, act) {
  /** @type {[PlanAction, string, string, boolean][]} */
  const offered = [
    ['locate', gettext('Show on map'), 'btn-outline-secondary', Boolean(planned.after?.geometry ?? planned.before?.geometry)],
    ['edit', gettext('Edit attributes'), 'btn-primary', plan.can.change && planned.after !== null],
    ['move', layer.geometry === 'point' ? gettext('Move') : gettext('Edit shape'), 'btn-outline-primary', plan.can.change && planned.after !== null],
    ['out', gettext('Take out of the plan'), 'btn-outline-danger', plan.can.change],
    ['live', gettext('As it is now'), 'btn-outline-secondary', planned.live],
  ];
  return offered.filter(([, , , shown]) => shown).map(([action, label, look]) => {
    const node = button(label, { class: `btn btn-sm ${look}`, 'data-plan-action': action });
    node.addEventListener('click', () => act(action));
    return node;
  });
}

/** Where it comes from, when not from an edit of its own. */
/** @param {Planned} planned */
function origin({ operations, change }) {
  const lines = [];
  if (operations.includes('split')) lines.push(gettext('Part of a planned split: taken out, all its pieces go back to one.'));
  if (operations.includes('merge')) {
    lines.push(change === 'deleted' ? gettext('Taken up by another in a planned merge.') : gettext('Takes up others in a planned merge.'));
  }
  return lines.map((line) => element('p', { class: 'edit-note' }, line));
}

/**
 * @param {Planned} planned
 * @param {LayerDescription} layer
 */
function contents(planned, layer) {
  const fields = layer.fields.filter(({ kind }) => kind !== 'personal');
  const { before, after } = planned;
  if (before && after) return [comparison(planned, layer)];
  const values = (after ?? before)?.values ?? {};
  const known = fields.filter(({ name }) => values[name] !== null && values[name] !== '' && values[name] !== undefined);
  return [element(
    'section', { class: 'sheet-section' }, element('h3', {}, after ? gettext('What is to be there') : gettext('What is to go')),
    element('dl', { class: 'sheet-fields' }, ...known.flatMap((field) => [
      element('dt', {}, field.label), element('dd', {}, inWords(values[field.name], field)),
    ]), ...size((after ?? before)?.geometry ?? null)),
  )];
}

/** @param {import('../types.js').Geometry | null} geometry */
function size(geometry) {
  const length = lineLength(geometry);
  return length ? [element('dt', {}, gettext('Length on the map')), element('dd', {}, formatLength(length))] : [];
}

/** @param {import('../types.js').Geometry | null} geometry */
function lineLength(geometry) {
  return linesOf(geometry).reduce((sum, line) => sum + lengthOf(line), 0);
}

/**
 * @param {Planned} planned
 * @param {LayerDescription} layer
 */
function comparison(planned, layer) {
  const names = changedFields(planned);
  const rows = layer.fields.filter(({ name }) => names.includes(name)).map((field) => row(
    field.label, inWords(planned.before?.values[field.name] ?? null, field), inWords(planned.after?.values[field.name] ?? null, field),
  ));
  if (movesGeometry(planned)) rows.push(row(gettext('Place'), ...places(planned)));
  const head = [gettext('Field'), gettext('Now'), gettext('Planned')];
  return element(
    'section', { class: 'sheet-section' }, element('h3', {}, gettext('What changes')),
    element(
      'table', { class: 'table plan-table' },
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      element('tbody', {}, ...rows),
    ),
  );
}

/** @param {string} label @param {string} now @param {string} planned */
function row(label, now, planned) {
  return element('tr', {}, element('th', { scope: 'row' }, label), element('td', {}, now), element('td', {}, element('strong', {}, planned)));
}

/** @param {Planned} planned @returns {[string, string]} */
function places({ before, after }) {
  const [from, to] = [before?.geometry ?? null, after?.geometry ?? null];
  if (!from) return ['—', gettext('Placed')];
  if (!to) return [gettext('Placed'), '—'];
  if (from.type === 'Point' && to.type === 'Point') {
    return [gettext('Dashed on the map'), interpolate(gettext('%(distance)s away'), { distance: formatLength(distance(from.coordinates, to.coordinates)) })];
  }
  const lengths = [lineLength(from), lineLength(to)].map((length) => (length ? formatLength(length) : gettext('Another shape')));
  return [lengths[0] ?? '', lengths[1] ?? ''];
}
