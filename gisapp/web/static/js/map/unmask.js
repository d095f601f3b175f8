/** Personal data of one record, for a stated reason; the server journals every look. */
import { element } from '../elements.js';
import { requestJson } from '../http.js';
import { gettext } from '../i18n.js';
import { answerButton, ask } from './dialogs.js';
import { notify } from './notices.js';

/**
 * @param {import('./types.js').FeatureRecord} record
 * @param {import('./types.js').LayerDescription} layer
 */
export async function unmask(record, layer) {
  const reason = element('input', { class: 'form-control', id: 'unmask-reason', maxlength: '200', required: true, autocomplete: 'off' });
  const answer = await ask(gettext('Show personal data'), [
    element('p', {}, gettext('State why you need it. The look is recorded with your name.')),
    element('div', { class: 'field' }, element('label', { for: 'unmask-reason' }, gettext('Reason')), reason),
  ], [answerButton(gettext('Cancel'), ''), answerButton(gettext('Show'), 'show', 'btn-primary')]);
  if (answer !== 'show') return;
  try {
    const values = /** @type {Record<string, string>} */ (await requestJson(
      `/api/layers/${record.layer}/features/${record.id}/unmask`, { method: 'POST', body: { reason: reason.value } },
    ));
    const facts = Object.entries(values).flatMap(([name, value]) => [
      element('dt', {}, layer.fields.find((field) => field.name === name)?.label ?? name), element('dd', {}, value),
    ]);
    await ask(record.name || record.code, [element('dl', { class: 'sheet-fields' }, ...facts)], [answerButton(gettext('Close'), '')]);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
}
