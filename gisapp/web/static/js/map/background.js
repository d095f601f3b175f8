/** The panel's lower part: zone buttons, what lies under the features, attribution. */
import { byId, element } from '../elements.js';
import { gettext, interpolate } from '../i18n.js';
import { basemapLayers } from './basemap.js';
import { boundaryLayer, labelLayer, zoneColour, zoneLayer } from './reference.js';
import { tileAddress } from './tiles.js';

/** @typedef {import('./types.js').MapConfig} MapConfig */
/** @typedef {{setVisible(shown: boolean): void, getVisible(): boolean, changed(): void}} Switched */

export class Background {
  /**
   * @param {import('./view.js').MapView} view
   * @param {MapConfig} config
   * @param {import('./tiles.js').TileWatch} watch
   */
  constructor(view, config, watch) {
    this.view = view;
    this.config = config;
    /** Pictures under the boundaries, of which only lines are drawn while one is shown. */
    /** @type {Switched[]} */
    this.under = [];
    this.boundaries = boundaryLayer(watch, () => !this.under.some((layer) => layer.getVisible()));
    this.zones = zoneLayer(watch);
    view.map.addLayer(this.boundaries);
    view.map.addLayer(this.zones);
    /** @type {[string, Switched][]} */
    this.switches = [
      [gettext('Boundaries'), this.boundaries],
      [gettext('Demonstration zones'), this.zones],
    ];
    this.attribute();
    if (config.tiandituKey) this.#offerBasemaps(config.tiandituKey);
    this.#draw();
  }

  /** @param {InstanceType<typeof import('../../vendor/ol.js').TileLayer<any>>} layer */
  putUnder(layer) {
    this.under.push(layer);
    layer.on('change:visible', () => this.boundaries.changed());
    this.view.map.addLayer(layer);
  }

  /** @param {string | null} date the day whose boundaries are drawn; null for today */
  showAt(date) {
    this.boundaries.getSource()?.setUrl(tileAddress('divisions', date));
    this.zones.getSource()?.setUrl(tileAddress('zones', date));
  }

  /** @param {import('./types.js').Places} places */
  show(places) {
    const labels = labelLayer(places.labels);
    this.view.map.addLayer(labels);
    this.switches.push([gettext('Names of divisions'), labels]);
    this.#draw();
    const rows = places.zones.map((zone) => {
      const mark = element('span', { class: 'zone-mark' });
      mark.style.borderColor = zoneColour(zone.code);
      mark.style.backgroundColor = `${zoneColour(zone.code)}1f`;
      const jump = element('button', { type: 'button', class: 'zone-button', 'data-zone': zone.code }, mark, element('span', {}, zone.name));
      jump.disabled = zone.bbox === null;
      jump.addEventListener('click', () => {
        if (zone.bbox) this.view.showBox(zone.bbox);
        document.dispatchEvent(new CustomEvent('panel:done'));
      });
      return jump;
    });
    byId('zone-list', HTMLElement).replaceChildren(...rows);
  }

  /** @param {string} key */
  #offerBasemaps(key) {
    const picture = basemapLayers('vec', key);
    const satellite = basemapLayers('img', key);
    for (const layer of [...picture, ...satellite]) this.putUnder(layer);
    /** @param {Switched[]} layers @returns {Switched} */
    const together = (layers) => ({
      getVisible: () => layers.some((layer) => layer.getVisible()),
      setVisible: (shown) => {
        for (const layer of layers) layer.setVisible(shown);
      },
      changed: () => {},
    });
    this.switches.push([gettext('Tianditu map'), together(picture)], [gettext('Tianditu images'), together(satellite)]);
  }

  #draw() {
    const rows = this.switches.map(([label, layer]) => {
      const box = element('input', { type: 'checkbox' });
      box.checked = layer.getVisible();
      box.addEventListener('change', () => layer.setVisible(box.checked));
      return element('label', { class: 'layer-row' }, box, element('span', {}), element('span', {}, label));
    });
    byId('background-list', HTMLElement).replaceChildren(...rows);
  }

  /** @param {string[]} others of what is shown beside the boundaries */
  attribute(others = []) {
    const text = interpolate(gettext('Boundaries: Tianditu, review number %(number)s'), { number: this.config.reviewNumber });
    byId('map-attribution', HTMLElement).replaceChildren([text, ...new Set(others)].join(' · '));
  }
}
