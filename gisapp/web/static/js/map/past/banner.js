/** The bar over the map that says which day it shows, and leads back to today. */
import { button, byId, element, icon } from '../../elements.js';
import { gettext, interpolate } from '../../i18n.js';

/**
 * @param {string} date YYYY-MM-DD
 * @param {string} note what else is to be known of that day's map
 * @param {() => void} leave
 */
export function showBanner(date, note, leave) {
  const bar = byId('past-banner', HTMLElement);
  const back = button(gettext('Back to today'), { class: 'past-leave', 'data-past-tool': 'leave' }, 'close');
  back.addEventListener('click', leave);
  bar.replaceChildren(
    icon('history'),
    element(
      'p', { class: 'past-text' },
      element('strong', {}, interpolate(gettext('You are looking at the map of %(date)s'), { date })),
      element('span', { class: 'past-note' }, note),
    ),
    back,
  );
  bar.hidden = false;
  byId('map-stage', HTMLElement).classList.add('in-past');
}

export function hideBanner() {
  byId('past-banner', HTMLElement).hidden = true;
  byId('map-stage', HTMLElement).classList.remove('in-past');
}
