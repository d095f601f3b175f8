/** The form in the sheet that every tool ends in: what it will do, save or cancel, what was wrong. */
import { button, element } from '../../elements.js';
import { HttpError, OfflineError } from '../../http.js';
import { gettext } from '../../i18n.js';

/**
 * @typedef {object} Wording
 * @property {string} kicker the small line over the title
 * @property {string} title
 * @property {string} save the label of the button that saves
 */

export class ToolPanel {
  /**
   * @param {import('../sheet.js').Sheet} sheet
   * @param {Wording} wording
   * @param {() => Promise<void>} save
   * @param {() => void} cancel
   */
  constructor(sheet, { kicker, title, save: label }, save, cancel) {
    this.sheet = sheet;
    this.save = button(label, { class: 'btn btn-primary', 'data-edit': 'save' }, 'check');
    this.save.type = 'submit';
    const leave = button(gettext('Cancel'), { class: 'btn btn-outline-secondary', 'data-edit': 'cancel' });
    leave.addEventListener('click', cancel);
    this.problem = element('p', { class: 'alert alert-danger edit-problem', role: 'alert', hidden: true });
    this.body = element('div', { class: 'edit-body' });
    this.form = element(
      'form', { class: 'edit-form', novalidate: true, 'aria-label': title },
      element('header', { class: 'sheet-header' }, element('p', { class: 'sheet-kicker' }, kicker), element('h2', { class: 'sheet-title' }, title)),
      this.problem, this.body, element('div', { class: 'edit-buttons' }, leave, this.save),
    );
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#run(save);
    });
  }

  /** @param {() => Promise<void>} save */
  async #run(save) {
    if (this.save.disabled) return;
    this.complain('');
    this.save.disabled = true;
    try {
      await save();
    } catch (error) {
      this.complain(failureText(error));
    } finally {
      this.save.disabled = false;
    }
  }

  /** The same as the button: for a key. */
  submit() {
    this.form.requestSubmit();
  }

  /** @param {...Node} body */
  show(...body) {
    this.body.replaceChildren(...body);
    if (this.form.isConnected) return;
    this.sheet.show(this.form);
    this.sheet.panel.classList.add('is-editing');
  }

  /** @param {string} text empty when all is well */
  complain(text) {
    this.problem.hidden = text === '';
    this.problem.textContent = text;
    if (text) this.problem.scrollIntoView({ block: 'nearest' });
  }
}

/** What went wrong and what can be done, in the words of the service. */
/** @param {unknown} error */
export function failureText(error) {
  if (error instanceof OfflineError) {
    return gettext('No connection: nothing was saved yet. Your changes stay here; save again when connected.');
  }
  const remedy = error instanceof HttpError ? error.remedy : '';
  return [error instanceof Error ? error.message : String(error), remedy].filter(Boolean).join(' ');
}
