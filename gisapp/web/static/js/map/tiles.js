/** Loading vector tiles, and saying so when it fails: nothing is missing from the map silently. */
import { MVT, VectorTileSource } from '../../vendor/ol.js';

const FAILED = 3;
const MOST_RETRIES = 3;
const LONGEST_WAIT = 20;

/** @typedef {{problem: (layer: string, status: number) => void, recovered: (layer: string) => void}} TileWatch */

/** @param {number} seconds */
function pause(seconds) {
  return new Promise((resume) => { setTimeout(resume, seconds * 1000); });
}

/**
 * The tile's bytes; null for an empty tile. A busy server (503) is asked again when it said so.
 * Throws the final status, 0 for no answer.
 * @param {string} url
 * @returns {Promise<ArrayBuffer | null>}
 */
export async function loadBytes(url) {
  for (let attempt = 0; ; attempt += 1) {
    /** @type {Response} */
    let response;
    try {
      response = await fetch(url, { credentials: 'same-origin' });
    } catch (error) {
      throw new TileFailure(0, { cause: error });
    }
    if (response.status === 204) return null;
    if (response.ok) return response.arrayBuffer();
    if (response.status !== 503 || attempt >= MOST_RETRIES) throw new TileFailure(response.status);
    const asked = Number(response.headers.get('Retry-After') ?? '1');
    await pause(Math.min(LONGEST_WAIT, Math.max(1, asked || 1)));
  }
}

export class TileFailure extends Error {
  /**
   * @param {number} status
   * @param {ErrorOptions} [options]
   */
  constructor(status, options) {
    super(`Tile answered ${status}`, options);
    this.status = status;
  }
}

/**
 * A layer's tiles as they are, or as they were at the end of a day.
 * @param {string} layer
 * @param {string | null} date YYYY-MM-DD
 */
export function tileAddress(layer, date) {
  return `/tiles/${layer}/{z}/{x}/{y}.mvt${date ? `?at=${date}` : ''}`;
}

/**
 * @param {string} layer
 * @param {TileWatch} watch
 */
export function tileSource(layer, watch) {
  const format = new MVT({ layers: [layer] });
  return new VectorTileSource({
    format,
    url: tileAddress(layer, null),
    maxZoom: 16,
    wrapX: false,
    tileLoadFunction: (tile, url) => {
      const vectorTile = /** @type {import('ol/VectorTile.js').default<any>} */ (tile);
      vectorTile.setLoader((extent, _resolution, projection) => {
        loadBytes(url).then(
          (bytes) => {
            vectorTile.setFeatures(
              bytes ? format.readFeatures(bytes, { extent, featureProjection: projection }) : [],
            );
            watch.recovered(layer);
          },
          (error) => {
            if (!(error instanceof TileFailure)) throw error;
            vectorTile.setState(FAILED);
            watch.problem(layer, error.status);
          },
        );
      });
    },
  });
}

