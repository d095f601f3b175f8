/** Modal questions, on the browser's own <dialog>: focus is trapped and Esc means no. */
import { button, element } from '../elements.js';
import { gettext } from '../i18n.js';

/**
 * @param {string} title
 * @param {Node[]} body
 * @param {HTMLButtonElement[]} buttons each closes the dialog with its value
 * @returns {Promise<string>} the value of the button pressed; '' for Esc
 */
export function ask(title, body, buttons) {
  return new Promise((answered) => {
    const dialog = element(
      'dialog', { class: 'ask', 'aria-labelledby': 'ask-title' }, element('h2', { id: 'ask-title' }, title),
      ...body, element('div', { class: 'ask-buttons' }, ...buttons),
    );
    for (const each of buttons) each.addEventListener('click', () => dialog.close(each.value));
    dialog.addEventListener('close', () => {
      dialog.remove();
      answered(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * @param {string} label
 * @param {string} value
 * @param {string} [look]
 */
export function answerButton(label, value, look = 'btn-outline-secondary') {
  return button(label, { class: `btn ${look}`, value });
}

/**
 * @param {string} title
 * @param {string} text
 * @param {string} yes
 */
export async function confirmDanger(title, text, yes) {
  const answer = await ask(title, [element('p', {}, text)], [
    answerButton(gettext('Cancel'), ''), answerButton(yes, 'yes', 'btn-danger'),
  ]);
  return answer === 'yes';
}
