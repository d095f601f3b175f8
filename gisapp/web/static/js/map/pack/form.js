/** Beside a drawn area: how large its pack would be, what it is to hold, and the order to make it. */
import { element } from '../../elements.js';
import { requestHtml, requestJson } from '../../http.js';
import { gettext } from '../../i18n.js';
import { ToolPanel, failureText } from '../edit/panel.js';

const MEGABYTE = 1_000_000;
/** The event upon which htmx asks for the estimate (packs/drawn.html). */
const CHANGED = 'pack-changed';

/** @typedef {import('../types.js').Geometry} Geometry */
/** @typedef {{uid: string}} Pack */

export class PackForm {
  /**
   * @param {import('../sheet.js').Sheet} sheet
   * @param {HTMLElement} tools that change the area
   * @param {{made: (pack: Pack) => void, cancel: () => void}} ends
   */
  constructor(sheet, tools, { made, cancel }) {
    this.tools = tools;
    this.made = made;
    this.panel = new ToolPanel(sheet, {
      kicker: gettext('Offline pack'), title: gettext('Drawn area'), save: gettext('Make the pack'),
    }, () => this.#make(), cancel);
    this.outline = element('input', { type: 'hidden', name: 'outline' });
    this.fields = element('div', { class: 'pack-drawn' });
    /** @type {Promise<void> | null} */
    this.loading = null;
    this.panel.form.addEventListener('change', (event) => {
      if (event.target instanceof Element && event.target.closest('.pack-options')) this.#estimate();
    });
    this.panel.form.addEventListener('htmx:afterSwap', () => {
      this.panel.save.disabled = this.#estimateNode?.querySelector('[role=alert]') !== null;
    });
  }

  async #load() {
    const html = await requestHtml('/exports/packs/drawn');
    this.fields.replaceChildren(document.createRange().createContextualFragment(html));
  }

  get #estimateNode() {
    return this.fields.querySelector('#pack-estimate');
  }

  /** @param {Geometry} area */
  async show(area) {
    this.outline.value = JSON.stringify(area);
    this.panel.show(this.outline, this.tools, this.fields);
    try {
      await (this.loading ??= this.#load());
    } catch (error) {
      this.panel.complain(failureText(error));
      this.panel.save.disabled = true;
      // Asked for again with the next change of the area.
      this.loading = null;
      return;
    }
    /** @type {{process(node: Element): void} | undefined} */
    const htmx = /** @type {any} */ (window).htmx;
    htmx?.process(this.fields);
    this.#estimate();
  }

  /** The former figures are of another area or other layers. */
  #estimate() {
    this.panel.complain('');
    this.panel.save.disabled = true;
    this.#estimateNode?.replaceChildren(element('p', { class: 'pack-size' }, gettext('Being estimated…')));
    this.panel.form.dispatchEvent(new CustomEvent(CHANGED));
  }

  async #make() {
    const sent = new FormData(this.panel.form);
    this.made(await requestJson('/api/packs', {
      method: 'POST',
      body: {
        shape: JSON.parse(this.outline.value),
        name: String(sent.get('name') ?? '').trim(),
        layers: sent.getAll('layers'),
        raster: String(sent.get('raster') ?? ''),
        max_zoom: Number(sent.get('max_zoom')),
        budget: Number(sent.get('budget')) * MEGABYTE,
      },
    }));
  }
}
