/** Several features under one click: a list to choose from. */
import { element } from '../elements.js';
import { gettext, interpolate, ngettext } from '../i18n.js';
import { stateLabel } from './states.js';

/**
 * @param {import('./selection.js').Hit[]} hits each a single feature
 * @param {import('./layers.js').FeatureLayers} layers
 * @param {(key: import('./types.js').FeatureKey) => void} chosen
 */
export function choiceList(hits, layers, chosen) {
  const items = hits.map((hit) => {
    const layer = layers.describe(hit.layer);
    const codes = layer.fields.find((field) => field.name === layer.classify)?.codes ?? [];
    const kind = codes.find(({ code }) => code === hit.classCode)?.label ?? '';
    const choose = element(
      'button', { type: 'button' }, element('span', { class: `state state-${hit.state}`, title: stateLabel(hit.state) }),
      element('span', {}, hit.name || kind || layer.title, element('small', {}, [layer.title, hit.name ? kind : '', stateLabel(hit.state)].filter(Boolean).join(' · '))),
    );
    choose.addEventListener('click', () => chosen({ layer: hit.layer, id: Number(hit.id) }));
    return element('li', {}, choose);
  });
  const head = element(
    'header', { class: 'sheet-header' },
    element('h2', { class: 'sheet-title' }, gettext('Which one?')),
    element('p', { class: 'sheet-place' }, interpolate(ngettext('%(count)s feature lies here', '%(count)s features lie here', hits.length), { count: hits.length })),
  );
  return [head, element('ul', { class: 'choice-list' }, ...items)];
}
