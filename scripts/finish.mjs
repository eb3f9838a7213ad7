// Finishes the folder that Trunk is about to publish; Trunk runs this after each build. A
// development build gets its other scripts. A release build's WebAssembly is split and optimized, and
// its JavaScript made smaller, too; index.html gets the new names.
//
// With PROFILE=1 the WebAssembly stays whole and counts calls, for scripts/profile.mjs.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { checkData, segmentsOf } from './data.mjs';
import { licences } from './licences.mjs';
import { count, split } from './split.mjs';

const { TRUNK_STAGING_DIR: folder, TRUNK_PROFILE: profile, PROFILE: counts } = process.env;

const EDITOR = fileURLToPath(new URL('../static/editor/editor.js', import.meta.url));

// Data stays in the segments that it has: see scripts/data.mjs. The first kilobyte of memory is the end
// of the stack, which grows towards it: nothing is there that an overflow would not destroy.
const OPTIMIZE = [
  ['--flatten', '--rereloop', '-Oz', '-Oz', '-ocimfs', '20'],
  ['--skip-pass=memory-packing', '--low-memory-unused'],
  ['--strip-producers', '--strip-target-features'],
].flat();
// How wasm-bindgen's code begins to use the module.
const STARTS = 'wasm = instance.exports;';
const GUARD = fileURLToPath(new URL('../static/parts/parts.js', import.meta.url));
// What the page fetches while it runs, besides scripts and WebAssembly.
const TEXT = /^(docs|examples|lessons|terminal)\/|^simplified\.txt$/;
const LOADER = fileURLToPath(new URL('../static/rest.js', import.meta.url));

await finish();

async function finish() {
  const names = profile === 'release' ? await finishApp() : [];
  names.push(['EDITOR', await bundleEditor()]);
  names.push(['PARTS', await bundleParts(names.map(([, name]) => name))]);
  const page = join(folder, 'index.html');
  writeFileSync(page, names.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(page, 'utf8')));
}

/** Splits and optimizes the app: names that index.html has, and those that come in their place. */
async function finishApp() {
  const files = readdirSync(folder);
  const glue = files.find((name) => name.endsWith('.js') && files.includes(name.replace(/\.js$/, '_bg.wasm')));
  const app = glue.replace(/\.js$/, '_bg.wasm');
  const bytes = readFileSync(join(folder, app));
  if (counts) {
    const counting = count(bytes);
    writeFileSync(join(folder, app), counting.bytes);
    writeFileSync(join(folder, 'functions.json'), JSON.stringify(counting.functions));
    await connect(glue, '"profile": { hit: (number) => (globalThis.hits ??= new Set()).add(number) },', '');
    return [];
  }
  const halves = split(bytes);
  if (segmentsOf(halves.rest).length === 0) console.warn('All data is in the first half: see page_flags in Makefile');
  const [first, rest] = await Promise.all([
    optimize('first', halves.first, (hash) => `web-${hash}_bg.wasm`),
    optimize('rest', halves.rest, (hash) => `rest-${hash}.wasm`),
  ]);
  checkData(bytes, ...[first, rest].map((name) => readFileSync(join(folder, name))));
  rmSync(join(folder, app));
  await connect(glue, '"rest": rest(),', `export { half } from ${JSON.stringify(LOADER)};`, halves.shortened);
  return [[app, first], ['REST', rest], [glue, rename(glue, (hash) => `web-${hash}.js`)]];
}

/**
 * Bundles what guards the page (static/parts/): it knows the size and the digest of each text of the site
 * and of these files, so that it can tell whether they have arrived.
 */
async function bundleParts(files) {
  const texts = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'));
  const known = [...texts.filter((name) => TEXT.test(name)).sort(), ...files];
  const entries = known.map((name) => {
    const contents = readFileSync(join(folder, name));
    return [name, [contents.length, digestOf(contents)]];
  });
  const { outputFiles } = await build({
    entryPoints: [GUARD],
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.css': 'text' },
    define: { PARTS: JSON.stringify(Object.fromEntries(entries)) },
    logLevel: 'warning',
  });
  const [{ contents }] = outputFiles;
  const name = `parts-${digestOf(contents)}.js`;
  writeFileSync(join(folder, name), contents);
  return name;
}

/** Bundles the large editor into a file with a name of its own; all licences come to lie beside it. */
async function bundleEditor() {
  const { outputFiles, metafile } = await build({
    metafile: true,
    entryPoints: [EDITOR],
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
    // CodeMirror works a tenth of a second at a time where it can ask for input, and otherwise as long as
    // the browser is idle, which is half of that at most.
    define: { 'navigator.scheduling': 'undefined' },
  });
  const [{ contents }] = outputFiles;
  const name = `editor-${digestOf(contents)}.js`;
  writeFileSync(join(folder, name), contents);
  writeFileSync(join(folder, 'licences.txt'), licences(Object.keys(metafile.inputs)));
  return name;
}

/** Optimizes a module and gives it the name that `named` makes of its digest. */
async function optimize(half, bytes, named) {
  const file = join(folder, `${half}.wasm`);
  writeFileSync(file, bytes);
  await run('wasm-opt', [...OPTIMIZE, file, '-o', file]);
  return rename(`${half}.wasm`, named);
}

/** Gives a file the name that `named` makes of the digest of its contents. */
function rename(file, named) {
  const contents = readFileSync(join(folder, file));
  const name = named(digestOf(contents));
  renameSync(join(folder, file), join(folder, name));
  return name;
}

function digestOf(contents) {
  return createHash('sha256').update(contents).digest('hex').slice(0, 16);
}

function run(command, values) {
  return new Promise((resolve, reject) => {
    const failed = (code) => new Error(`${command} ended with ${code}`);
    const program = spawn(command, values, { stdio: 'inherit' });
    program.on('error', reject);
    program.on('exit', (code) => (code === 0 ? resolve() : reject(failed(code))));
  });
}

/** Gives what wasm-bindgen wrote one more module to import from, and makes it and names in it smaller. */
async function connect(glue, imported, exported, shortened = new Map()) {
  const file = join(folder, glue);
  const mark = /("\.\/\w+_bg\.js": import0,)/;
  const long = readFileSync(file, 'utf8');
  const text = long.replace(/[\w$]+/g, (word) => shortened.get(word) ?? word);
  const words = new Set(long.match(/[\w$]+/g));
  for (const [name, code] of shortened) {
    if (!words.has(name) || words.has(code)) throw new Error(`${glue} does not use ${name} as expected`);
  }
  if (!mark.test(text) || !text.includes(STARTS)) throw new Error(`${glue} is not as expected`);
  const connected = text.replace(mark, `$1 ${imported}`).replace(STARTS, 'wasm = guard(instance.exports);');
  await build({
    stdin: { contents: `import { guard, rest } from ${JSON.stringify(LOADER)};\n${connected}\n${exported}`, resolveDir: folder },
    outfile: file,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
}
