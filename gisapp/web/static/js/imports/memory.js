/** Which upload the same files belong to, also after the page was closed. Only digests are kept. */

const KEY = 'xiangcun.uploads';
const MOST = 30;

/** @typedef {import('./collect.js').Chosen} Chosen */

/**
 * @param {string} about what else makes an upload another one: layer and division
 * @param {Chosen[]} chosen
 */
export function fingerprint(about, chosen) {
  const text = [about, ...chosen.map(({ file, name }) => `${name}|${file.size}|${file.lastModified}`)].join('\n');
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  return `${text.length}-${(high >>> 0).toString(36)}${(low >>> 0).toString(36)}`;
}

/** @returns {Record<string, string>} */
function all() {
  try {
    return JSON.parse(window.localStorage.getItem(KEY) ?? '{}');
  } catch (error) {
    // Storage may be forbidden or hold something else: then every upload is a new one.
    console.warn('Uploads are not remembered', error);
    return {};
  }
}

/** @param {string} mark @returns {string | undefined} the delivery's uid */
export function remembered(mark) {
  return all()[mark];
}

/**
 * @param {string} mark
 * @param {string | null} uid null forgets it
 */
export function remember(mark, uid) {
  const kept = Object.entries(all()).filter(([known]) => known !== mark).slice(-MOST);
  if (uid) kept.push([mark, uid]);
  try {
    window.localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch (error) {
    console.warn('Uploads are not remembered', error);
  }
}
