/** Building elements without markup strings, so that no text is ever taken for HTML. */

const ICONS = new URL('../vendor/icons.svg', import.meta.url);

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | null | undefined>} [attributes] true is an empty
 *   attribute; false, null and undefined are left out
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (typeof value === 'string') node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** @param {string} name an icon of the sprite */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${ICONS.pathname}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} label
 * @param {Record<string, string | boolean | null | undefined>} attributes
 * @param {string} [iconName]
 */
export function button(label, attributes, iconName) {
  const children = iconName ? [icon(iconName), label] : [label];
  return element('button', { type: 'button', ...attributes }, ...children);
}

/**
 * The element with this id. Throws if the page lacks it: the template and the module disagree.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} #${id}`);
  return found;
}

/**
 * The parsed content of a json_script block.
 * @param {string} id
 * @returns {unknown}
 */
export function jsonBlock(id) {
  return JSON.parse(byId(id, HTMLScriptElement).textContent ?? 'null');
}
