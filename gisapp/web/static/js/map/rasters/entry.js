/** One raster of the panel: its layer on the map, its switch, and how it is drawn. */
import { TileLayer } from '../../../vendor/ol.js';
import { element } from '../../elements.js';
import { formatShare, gettext, interpolate } from '../../i18n.js';
import { OPAQUE, RENDERS } from './shown.js';
import { rasterExtent, rasterSource } from './source.js';

/** @typedef {import('../types.js').RasterDescription} RasterDescription */
/** @typedef {import('../types.js').RasterRender} RasterRender */
/** @typedef {InstanceType<typeof TileLayer<any>>} DrawnRaster */

/** Above a basemap, under the boundaries; what is thin above what is solid. */
const ORDER = { imagery: 0.2, thematic: 0.3, elevation: 0.4 };
const STEP = 5;

/** @param {RasterRender} render */
function renderLabel(render) {
  /** @type {Partial<Record<RasterRender, string>>} */
  const labels = { colours: gettext('Height tints'), hillshade: gettext('Hillshade'), slope: gettext('Slope classes') };
  return labels[render] ?? render;
}

export class RasterEntry {
  /**
   * @param {RasterDescription} raster
   * @param {import('../tiles.js').TileWatch} watch
   * @param {() => void} changed
   * @param {() => void} locate shows the whole of it
   */
  constructor(raster, watch, changed, locate) {
    this.raster = raster;
    this.watch = watch;
    this.changed = changed;
    /** @type {RasterRender} */
    this.render = 'colours';
    /** @type {DrawnRaster} */
    this.layer = new TileLayer({
      source: rasterSource(raster, 'colours', watch),
      extent: rasterExtent(raster),
      zIndex: ORDER[raster.kind],
      visible: false,
    });
    this.box = element('input', { type: 'checkbox', 'data-raster': raster.name });
    this.choice = element(
      'select', { 'data-raster-render': raster.name },
      ...RENDERS.map((value) => element('option', { value }, renderLabel(value))),
    );
    this.classes = slopeLegend(raster.slope_classes);
    this.range = element('input', {
      type: 'range', min: '0', max: String(OPAQUE), step: String(STEP), value: String(OPAQUE),
      'data-raster-opacity': raster.name,
    });
    this.told = element('output', {}, formatShare(1));
    this.controls = element('div', { class: 'raster-controls', hidden: true }, ...this.#controls(locate));
    this.node = element('li', {}, element('label', { class: 'layer-row' }, this.box, element('span', {}), element('span', {}, raster.title)), this.controls);
    this.#wire();
  }

  get visible() {
    return this.layer.getVisible();
  }

  /** @returns {import('./shown.js').ShownRaster} */
  get shown() {
    return { name: this.raster.name, render: this.render, opacity: this.range.valueAsNumber };
  }

  /** As an address says; null switches it off. */
  /** @param {import('./shown.js').ShownRaster | null} shown */
  show(shown) {
    this.box.checked = shown !== null;
    if (shown) {
      if (this.raster.tiles[shown.render]) this.#draw(shown.render);
      this.#fade(shown.opacity);
    }
    this.#switch();
  }

  #switch() {
    this.layer.setVisible(this.box.checked);
    this.controls.hidden = !this.box.checked;
  }

  /** @param {RasterRender} render */
  #draw(render) {
    if (render !== this.render) this.layer.setSource(rasterSource(this.raster, render, this.watch));
    this.render = render;
    this.choice.value = render;
    this.classes.hidden = render !== 'slope';
  }

  /** @param {number} opacity in per cent */
  #fade(opacity) {
    this.range.value = String(opacity);
    this.layer.setOpacity(this.range.valueAsNumber / OPAQUE);
    this.told.textContent = formatShare(this.range.valueAsNumber / OPAQUE);
  }

  #wire() {
    this.box.addEventListener('change', () => {
      this.#switch();
      this.changed();
    });
    this.choice.addEventListener('change', () => {
      this.#draw(/** @type {RasterRender} */ (this.choice.value));
      this.changed();
    });
    this.range.addEventListener('input', () => this.#fade(this.range.valueAsNumber));
    this.range.addEventListener('change', () => this.changed());
  }

  /** @param {() => void} locate */
  #controls(locate) {
    const jump = element('button', { type: 'button', class: 'zone-button', 'data-raster-locate': this.raster.name }, gettext('Show the whole raster'));
    jump.addEventListener('click', locate);
    const controls = [element('label', {}, element('span', {}, gettext('Opacity')), this.range, this.told), jump];
    if (this.raster.kind !== 'elevation') return controls;
    return [element('label', {}, element('span', {}, gettext('Shown as')), this.choice), this.classes, ...controls];
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
