/** The legend's entry of a plan: what its signs mean, and how many of each there are. */
import { byId, element } from '../../elements.js';
import { formatNumber, gettext } from '../../i18n.js';
import { COLOURS, changeLabel } from './signs.js';

/** @typedef {import('./content.js').Planned} Planned */

const SVG = 'http://www.w3.org/2000/svg';

/** @param {Planned[]} planned */
export function showPlanLegend(planned) {
  const count = (/** @type {import('./content.js').Change} */ change) => formatNumber(planned.filter((each) => each.change === change).length);
  const rows = [
    row(drawing(COLOURS.created, 'M1 11 6 4 11 8 17 3', ''), changeLabel('created'), count('created'), 'created'),
    row(drawing(COLOURS.changed, 'M1 11 6 4 11 8 17 3', ''), changeLabel('changed'), count('changed'), 'changed'),
    row(drawing('#5b6b8a', 'M1 11 6 4 11 8 17 3', '3 2.5'), gettext('as it is before'), '', 'before'),
    row(drawing(COLOURS.deleted, 'M1 7H17M4 3 10 11M10 3 4 11', ''), changeLabel('deleted'), count('deleted'), 'deleted'),
  ];
  byId('plan-legend-list', HTMLElement).replaceChildren(...rows);
  byId('plan-legend', HTMLElement).hidden = false;
}

export function hidePlanLegend() {
  byId('plan-legend', HTMLElement).hidden = true;
}

/**
 * @param {Element} mark
 * @param {string} label
 * @param {string} count
 * @param {string} kind
 */
function row(mark, label, count, kind) {
  return element('li', { 'data-change': kind }, mark, element('span', {}, label), element('span', { class: 'count' }, count));
}

/**
 * @param {string} colour
 * @param {string} path
 * @param {string} dash
 */
function drawing(colour, path, dash) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('viewBox', '0 0 18 14');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  for (const [name, value] of Object.entries({ d: path, fill: 'none', stroke: colour, 'stroke-width': '2.4', 'stroke-dasharray': dash })) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
}
