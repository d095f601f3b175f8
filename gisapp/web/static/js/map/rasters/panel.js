/** The panel's section of rasters: switches, opacity, and for elevation how it is drawn. */
import { TileLayer } from '../../../vendor/ol.js';
import { byId, element } from '../../elements.js';
import { formatShare, gettext, interpolate } from '../../i18n.js';
import { rasterExtent, rasterSource, watchedAs } from './source.js';

/** @typedef {import('../types.js').RasterDescription} RasterDescription */
/** @typedef {import('../types.js').RasterRender} RasterRender */
/** @typedef {InstanceType<typeof TileLayer<any>>} DrawnRaster */

/** Above a basemap, under the boundaries; what is thin above what is solid. */
const ORDER = { imagery: 0.2, thematic: 0.3, elevation: 0.4 };
const WHOLE = 100;
const STEP = 5;

/** Ways that people look at; terrain-RGB is for programs. */
/** @returns {[RasterRender, string][]} */
function renders() {
  return [
    ['colours', gettext('Height tints')],
    ['hillshade', gettext('Hillshade')],
    ['slope', gettext('Slope classes')],
  ];
}

export class RasterPanel {
  /**
   * @param {import('../view.js').MapView} view
   * @param {import('../background.js').Background} background
   * @param {import('../tiles.js').TileWatch} watch
   */
  constructor(view, background, watch) {
    this.view = view;
    this.background = background;
    this.watch = watch;
    /** @type {Map<string, DrawnRaster>} */
    this.drawn = new Map();
  }

  /** @param {string} watched */
  has(watched) {
    return this.drawn.has(watched);
  }

  /** @param {string} watched */
  refresh(watched) {
    this.drawn.get(watched)?.getSource()?.refresh();
  }

  /** @param {RasterDescription[]} rasters */
  offer(rasters) {
    byId('raster-section', HTMLElement).hidden = rasters.length === 0;
    byId('raster-list', HTMLElement).replaceChildren(...rasters.map((raster) => this.#entry(raster)));
  }

  /** @param {RasterDescription} raster */
  #entry(raster) {
    const layer = this.#layer(raster);
    const box = element('input', { type: 'checkbox', 'data-raster': raster.name });
    const row = element('label', { class: 'layer-row' }, box, element('span', {}), element('span', {}, raster.title));
    const controls = element('div', { class: 'raster-controls', hidden: true }, ...this.#controls(raster, layer));
    box.addEventListener('change', () => {
      layer.setVisible(box.checked);
      controls.hidden = !box.checked;
      this.#attribute();
    });
    return element('li', {}, row, controls);
  }

  /** @param {RasterDescription} raster */
  #layer(raster) {
    const layer = new TileLayer({
      source: rasterSource(raster, 'colours', this.watch),
      extent: rasterExtent(raster),
      zIndex: ORDER[raster.kind],
      visible: false,
    });
    layer.set('attribution', raster.attribution);
    this.drawn.set(watchedAs(raster.name), layer);
    this.background.putUnder(layer);
    return layer;
  }

  /**
   * @param {RasterDescription} raster
   * @param {DrawnRaster} layer
   */
  #controls(raster, layer) {
    const controls = [this.#opacity(raster, layer), this.#locate(raster)];
    return raster.kind === 'elevation' ? [...this.#render(raster, layer), ...controls] : controls;
  }

  /**
   * @param {RasterDescription} raster
   * @param {DrawnRaster} layer
   */
  #render(raster, layer) {
    const choice = element(
      'select', { 'data-raster-render': raster.name },
      ...renders().map(([value, label]) => element('option', { value }, label)),
    );
    const classes = slopeLegend(raster.slope_classes);
    choice.addEventListener('change', () => {
      layer.setSource(rasterSource(raster, /** @type {RasterRender} */ (choice.value), this.watch));
      classes.hidden = choice.value !== 'slope';
    });
    return [element('label', {}, element('span', {}, gettext('Shown as')), choice), classes];
  }

  /**
   * @param {RasterDescription} raster
   * @param {DrawnRaster} layer
   */
  #opacity(raster, layer) {
    const range = element('input', {
      type: 'range', min: '0', max: String(WHOLE), step: String(STEP), value: String(WHOLE),
      'data-raster-opacity': raster.name,
    });
    const told = element('output', {}, formatShare(1));
    range.addEventListener('input', () => {
      const share = range.valueAsNumber / WHOLE;
      layer.setOpacity(share);
      told.textContent = formatShare(share);
    });
    return element('label', {}, element('span', {}, gettext('Opacity')), range, told);
  }

  /** @param {RasterDescription} raster */
  #locate(raster) {
    const jump = element('button', { type: 'button', class: 'zone-button', 'data-raster-locate': raster.name }, gettext('Show the whole raster'));
    jump.addEventListener('click', () => {
      this.view.showBox(raster.bounds);
      document.dispatchEvent(new CustomEvent('panel:done'));
    });
    return jump;
  }

  /** Source, licence and approval numbers of what is shown, beside those of the boundaries. */
  #attribute() {
    const shown = [...this.drawn.values()].filter((layer) => layer.getVisible());
    this.background.attribute(shown.map((layer) => String(layer.get('attribution'))).filter(Boolean));
  }
}

/** @param {[number, string][]} classes */
function slopeLegend(classes) {
  const rows = classes.map(([limit, colour], index) => {
    const mark = element('span', { class: 'raster-mark' });
    mark.style.backgroundColor = colour;
    const below = classes[index - 1]?.[0] ?? 0;
    const last = index === classes.length - 1;
    const text = last ? gettext('over %(least)s°') : gettext('%(least)s° – %(most)s°');
    return element('li', {}, mark, element('span', {}, interpolate(text, { least: below, most: limit })));
  });
  return element('ul', { class: 'legend-classes raster-classes', hidden: true }, ...rows);
}
