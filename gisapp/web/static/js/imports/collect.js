/** Files and folders as they are chosen or dropped, each with its path inside what was dropped. */

/** @typedef {{file: File, name: string}} Chosen */

const NOISE = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** @param {FileList} list @returns {Chosen[]} */
export function fromList(list) {
  return [...list].map((file) => ({ file, name: file.webkitRelativePath || file.name })).filter(meant);
}

/** @param {DataTransfer} transfer @returns {Promise<Chosen[]>} */
export async function fromDrop(transfer) {
  // The entries must be asked for at once: after the first wait the browser has forgotten them.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return fromList(transfer.files);
  const found = await Promise.all(entries.map((entry) => walk(entry, '')));
  return found.flat().filter(meant);
}

/** @param {Chosen} chosen */
function meant({ name }) {
  return !NOISE.has(name.split('/').pop() ?? '');
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} above
 * @returns {Promise<Chosen[]>}
 */
async function walk(entry, above) {
  const name = above + entry.name;
  if (entry.isFile) {
    const found = /** @type {FileSystemFileEntry} */ (entry);
    /** @type {File} */
    const file = await new Promise((resolve, reject) => { found.file(resolve, reject); });
    return [{ file, name }];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const inside = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (some.length === 0) break;
    for (const each of some) inside.push(...await walk(each, `${name}/`));
  }
  return inside;
}
