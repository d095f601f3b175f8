/** In the panel: the day whose map is to be shown. A form, so that the keyboard is enough. */
import { byId } from '../../elements.js';

export class PastControl {
  /** @param {(date: string | null) => void} choose */
  constructor(choose) {
    this.section = byId('past-section', HTMLElement);
    this.input = byId('past-date', HTMLInputElement);
    byId('past-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      document.dispatchEvent(new CustomEvent('panel:done'));
      choose(this.input.value || null);
    });
  }

  /** @param {string | null} date null for today */
  show(date) {
    this.section.hidden = false;
    this.input.value = date ?? '';
  }
}
