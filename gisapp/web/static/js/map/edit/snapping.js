/** What drawing snaps to: exact neighbours from the OGC API, else what the tiles show. */
import { VectorSource, toFeature } from '../../../vendor/ol.js';
import { HttpError, OfflineError, requestJson } from '../../http.js';
import { readFeatures, toBox } from '../projection.js';

const MOST = 500;
/** Where the OGC API does not answer, it is not asked again. */
let served = true;

/**
 * Fills a source with the visible features around; never the one being edited.
 * @param {VectorSource} source
 * @param {import('../view.js').MapView} view
 * @param {import('../layers.js').FeatureLayers} layers
 * @param {import('../types.js').FeatureKey | null} except
 */
export async function gatherTargets(source, view, layers, except) {
  const extent = view.view.calculateExtent(view.map.getSize());
  const gathered = await Promise.all(layers.visible().map(async (name) => {
    const found = (await exact(name, toBox(extent))) ?? drawn(layers, name, extent);
    return found.filter((feature) => !(except && name === except.layer && String(feature.getId()) === String(except.id)));
  }));
  // A source keeps one feature an id, but layers share numbers and tiles share features.
  for (const feature of gathered.flat()) feature.setId(undefined);
  source.clear();
  source.addFeatures(gathered.flat());
}

/**
 * @param {string} name
 * @param {import('../types.js').Box} box
 */
async function exact(name, box) {
  if (!served) return null;
  try {
    const answer = await requestJson(`/ogc/collections/${name}/items?f=json&limit=${MOST}&bbox=${box.join(',')}`);
    // More than one page: these would be an arbitrary part, so the tiles are the better answer.
    return Number(answer.numberMatched ?? 0) > MOST ? null : readFeatures(answer);
  } catch (error) {
    // Without a network what is drawn is still there to snap to.
    if (error instanceof OfflineError) return null;
    if (!(error instanceof HttpError)) throw error;
    if (error.status === 404) served = false;
    return null;
  }
}

/**
 * Lines and points as drawn; the outlines of polygons would be cut at tile edges, so only those
 * of the exact answer are snapped to.
 * @param {import('../layers.js').FeatureLayers} layers
 * @param {string} name
 * @param {number[]} extent
 */
function drawn(layers, name, extent) {
  if (layers.describe(name).geometry === 'polygon') return [];
  return layers.layer(name).getFeaturesInExtent(extent).map((each) => {
    const feature = toFeature(/** @type {import('../../../vendor/ol.js').RenderFeature} */ (/** @type {unknown} */ (each)));
    feature.setId(each.getId());
    return feature;
  });
}
