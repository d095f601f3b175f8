/** The panel beside the map: a feature's sheet, a choice, an edit form, or what went wrong. */
import { byId, button, element } from '../elements.js';
import { HttpError } from '../http.js';
import { gettext } from '../i18n.js';

/** @typedef {'edit' | 'move' | 'delete' | 'locate' | 'unmask'} SheetAction */

export class Sheet {
  /**
   * @param {() => void} closed called when the user closes the sheet
   * @param {(action: SheetAction) => void} acted
   */
  constructor(closed, acted) {
    this.panel = byId('map-sheet', HTMLElement);
    this.content = byId('sheet-content', HTMLElement);
    this.workspace = /** @type {HTMLElement} */ (this.panel.parentElement);
    byId('sheet-close', HTMLButtonElement).addEventListener('click', closed);
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) closed();
    });
    this.content.addEventListener('click', (event) => {
      const source = event.target instanceof Element ? event.target.closest('[data-action]') : null;
      const action = source?.getAttribute('data-action');
      if (!action) return;
      event.preventDefault();
      acted(/** @type {SheetAction} */ (action));
    });
  }

  get open() {
    return !this.panel.hidden;
  }

  /** @param {...Node} nodes */
  show(...nodes) {
    this.content.replaceChildren(...nodes);
    this.content.scrollTop = 0;
    this.panel.hidden = false;
    this.workspace.classList.add('has-sheet');
  }

  close() {
    this.panel.hidden = true;
    this.content.replaceChildren();
    this.workspace.classList.remove('has-sheet');
    this.panel.classList.remove('is-editing');
  }

  focus() {
    this.panel.focus({ preventScroll: true });
  }

  wait() {
    const bars = ['40%', '75%', '55%', '90%', '80%', '85%'].map((width) => {
      const bar = element('span');
      bar.style.width = width;
      return bar;
    });
    this.show(element('div', { class: 'sheet-wait', role: 'status', 'aria-label': gettext('Loading…') }, ...bars));
  }

  /**
   * HTML that our own server rendered (its templates escape what users typed).
   * @param {string} html
   */
  showHtml(html) {
    this.show(document.createRange().createContextualFragment(html));
    /** @type {{process(node: Element): void} | undefined} */
    const htmx = /** @type {any} */ (window).htmx;
    htmx?.process(this.content);
  }

  /**
   * @param {unknown} error
   * @param {() => void} retry
   */
  fail(error, retry) {
    const text = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof HttpError ? error.remedy : '';
    const again = button(gettext('Try again'), { class: 'btn btn-outline-secondary' }, 'reload');
    again.addEventListener('click', retry);
    const gone = error instanceof HttpError && error.status === 404;
    this.show(element(
      'div', { class: 'sheet-failure', role: 'alert' }, element('h2', {}, text),
      ...(remedy ? [element('p', {}, remedy)] : []), ...(gone ? [] : [again]),
    ));
  }
}
