/** What the map of a past day tells of a feature, and the ways on from there. */
import { button, element } from '../../elements.js';
import { gettext, interpolate } from '../../i18n.js';

/**
 * @param {import('../selection.js').Hit} hit a single feature
 * @param {import('../types.js').LayerDescription} layer
 * @param {string} date
 * @param {() => void} openToday
 */
export function pastCard(hit, layer, date, openToday) {
  const codes = layer.fields.find((field) => field.name === layer.classify)?.codes ?? [];
  const kind = codes.find(({ code }) => code === hit.classCode)?.label ?? '';
  const today = button(gettext('Open it as it is today'), { class: 'btn btn-primary', 'data-past-tool': 'today' });
  today.addEventListener('click', openToday);
  return [
    element(
      'header', { class: 'sheet-header' },
      element('p', { class: 'sheet-place' }, [layer.title, kind].filter(Boolean).join(' · ')),
      element('h2', { class: 'sheet-title' }, hit.name || kind || layer.title),
    ),
    element(
      'div', { class: 'past-card' },
      element('p', {}, interpolate(gettext('As it was on the map of %(date)s. It may have been changed or removed since.'), { date })),
      element('p', {}, today),
      element('p', {}, element('a', { href: `/map/${hit.layer}/${hit.id}/history` }, gettext('All its versions'))),
    ),
  ];
}
