/** Loading raster tiles: nothing is missing from the map silently, and an empty tile is no failure. */
import { XYZ } from '../../../vendor/ol.js';
import { toExtent } from '../projection.js';
import { TileFailure, loadBytes } from '../tiles.js';

/** @typedef {import('../types.js').RasterDescription} RasterDescription */
/** @typedef {import('../types.js').RasterRender} RasterRender */

const FAILED = 3;
const SIDE = 256;

/**
 * The bytes as something that can be drawn; a blank for an empty tile, which would otherwise be
 * filled with the enlarged one above it.
 * @param {ArrayBuffer | null} bytes
 */
async function canvasOf(bytes) {
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  if (bytes) {
    const picture = await createImageBitmap(new Blob([bytes]));
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    picture.close();
  }
  return canvas;
}

/** How failures name a raster: layers of features have names without a colon. */
/** @param {string} name */
export function watchedAs(name) {
  return `raster:${name}`;
}

/**
 * @param {RasterDescription} raster
 * @param {RasterRender} render
 * @param {import('../tiles.js').TileWatch} watch
 */
export function rasterSource(raster, render, watch) {
  const address = raster.tiles[render];
  if (!address) throw new Error(`${raster.name} cannot be drawn as ${render}`);
  return new XYZ({
    url: address,
    minZoom: raster.minzoom,
    maxZoom: raster.maxzoom,
    wrapX: false,
    transition: 0,
    tileLoadFunction: (tile, url) => {
      const image = /** @type {import('ol/ImageTile.js').default} */ (tile);
      loadBytes(url).then(canvasOf).then(
        (canvas) => {
          image.setImage(canvas);
          watch.recovered(watchedAs(raster.name));
        },
        (error) => {
          image.setState(FAILED);
          // A picture that cannot be decoded is a failure of the service's, like a status.
          watch.problem(watchedAs(raster.name), error instanceof TileFailure ? error.status : 500);
        },
      );
    },
  });
}

/** @param {RasterDescription} raster */
export function rasterExtent(raster) {
  return toExtent(raster.bounds);
}
