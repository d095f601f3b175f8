/**
 * Bundles the browser libraries once, into files that are committed: `npm ci && npm run bundle`.
 *
 * Every output is listed with its hash and the packages in it in a manifest.json; a test compares
 * lockfile, manifest and files, and, where Node is at hand, this script's output byte by byte.
 * With an argument, everything is written below that folder instead.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ICONS } from './icons.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const target = process.argv[2] ? resolve(process.argv[2]) : root;
const STATIC = 'gisapp/web/static/vendor';
const TESTS = 'tests/e2e/vendor';
const modules = join(here, 'node_modules');
const lock = JSON.parse(readFileSync(join(here, 'package-lock.json'), 'utf8'));

/** @type {Record<string, Record<string, {sha256: string, packages: Record<string, string>}>>} */
const manifests = { [STATIC]: {}, [TESTS]: {} };

/** Writes one output and its line in the manifest. `names` are the packages inside. */
function put(folder, file, content, names) {
  mkdirSync(join(target, folder), { recursive: true });
  writeFileSync(join(target, folder, file), content);
  const packages = {};
  for (const name of [...names].sort()) {
    packages[name] = lock.packages[`node_modules/${name}`].version;
  }
  manifests[folder][file] = {
    sha256: createHash('sha256').update(content).digest('hex'),
    packages,
  };
}

function licenceOf(name) {
  const folder = join(modules, name);
  const files = readdirSync(folder).filter((each) => /^(licen[cs]e|notice)/i.test(each)).sort();
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = files
    .filter((each) => !/licenses$/i.test(each))
    .map((each) => readFileSync(join(folder, each), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

function putLicences(folder, stem, names) {
  const text = [...names].sort().map(licenceOf).join(`\n\n${'-'.repeat(80)}\n\n`);
  put(folder, `${stem}.LICENSES.txt`, `${text}\n`, names);
}

/** `node_modules/@scope/name/…` → `@scope/name` */
function packageOf(input) {
  const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match ? match[1] : null;
}

async function bundle(folder, entry, output, options = {}) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    legalComments: 'inline',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    write: false,
    ...options,
  });
  const inputs = Object.values(result.metafile.outputs)[0].inputs;
  const names = new Set(
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([input]) => packageOf(input))
      .filter((name) => name !== null),
  );
  put(folder, output, result.outputFiles[0].text, names);
  putLicences(folder, output.replace(/\.(js|css)$/, (end) => (end === '.css' ? '-css' : '')), names);
}

/** One SVG file of <symbol>s: `<use href="icons.svg#search">`. */
function sprite() {
  const symbols = Object.entries(ICONS).map(([id, icon]) => {
    const svg = readFileSync(join(modules, 'bootstrap-icons/icons', `${icon}.svg`), 'utf8');
    const viewBox = /viewBox="([^"]+)"/.exec(svg)[1];
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').trim();
    return `<symbol id="${id}" viewBox="${viewBox}">${body.replace(/\s*\n\s*/g, '')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

for (const folder of Object.keys(manifests)) {
  rmSync(join(target, folder), { recursive: true, force: true });
}

await bundle(STATIC, 'entries/ol.js', 'ol.js');
await bundle(STATIC, 'node_modules/ol/ol.css', 'ol.css');
await bundle(STATIC, 'entries/bootstrap.js', 'bootstrap.js');
await bundle(STATIC, 'node_modules/bootstrap/dist/css/bootstrap.css', 'bootstrap.css');
await bundle(STATIC, 'entries/echarts.js', 'echarts.js');
await bundle(STATIC, 'entries/idb.js', 'idb.js');
// htmx is a classic script that hangs on window; its own minified file is served as it is.
put(STATIC, 'htmx.js', readFileSync(join(modules, 'htmx.org/dist/htmx.min.js'), 'utf8'), ['htmx.org']);
putLicences(STATIC, 'htmx', ['htmx.org']);
// Leaflet is written into the shareable maps that folium draws; no page of ours loads it.
const leaflet = readFileSync(join(modules, 'leaflet/dist/leaflet.js'), 'utf8');
put(STATIC, 'leaflet.js', leaflet.replace(/\n\/\/# sourceMappingURL=.*/, ''), ['leaflet']);
putLicences(STATIC, 'leaflet', ['leaflet']);
await bundle(STATIC, 'node_modules/leaflet/dist/leaflet.css', 'leaflet.css', { loader: { '.png': 'dataurl' } });
put(STATIC, 'icons.svg', sprite(), ['bootstrap-icons']);
putLicences(STATIC, 'icons', ['bootstrap-icons']);
put(TESTS, 'axe.js', readFileSync(join(modules, 'axe-core/axe.min.js'), 'utf8'), ['axe-core']);
putLicences(TESTS, 'axe', ['axe-core']);
// Types for `import … from '../../vendor/<name>.js'`: see tsconfig.json.
put(STATIC, 'ol.d.ts', readFileSync(join(here, 'entries/ol.js'), 'utf8'), ['ol']);
put(STATIC, 'bootstrap.d.ts', readFileSync(join(here, 'entries/bootstrap.js'), 'utf8'), ['bootstrap']);
put(STATIC, 'idb.d.ts', readFileSync(join(here, 'entries/idb.js'), 'utf8'), ['idb']);
put(STATIC, 'echarts.d.ts', readFileSync(join(here, 'entries/echarts.d.ts'), 'utf8'), ['echarts']);

for (const [folder, outputs] of Object.entries(manifests)) {
  const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(target, folder, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
}
