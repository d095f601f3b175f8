/** The line over the map that says what is wrong and offers a way on. */
import { announce } from '../announce.js';
import { button, byId, element } from '../elements.js';

/** @typedef {{label: string, run: () => void}} Remedy */

const line = () => byId('map-notice', HTMLElement);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * @param {string} text
 * @param {Remedy} [remedy] stays until used or dismissed; without it the line goes by itself
 */
export function notify(text, remedy) {
  const box = line();
  clearTimeout(timer);
  box.replaceChildren(element('span', {}, text));
  if (remedy) {
    const act = button(remedy.label, {});
    act.addEventListener('click', () => { dismiss(); remedy.run(); });
    box.append(act);
  } else {
    timer = setTimeout(dismiss, 6000);
  }
  box.hidden = false;
  announce(text);
}

export function dismiss() {
  clearTimeout(timer);
  line().hidden = true;
}
