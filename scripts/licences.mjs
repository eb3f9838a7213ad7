// Whose work the page serves, and under which licences: the crates in its WebAssembly, the packages of
// the editor, and the texts of Kubernetes and Helm. One text, which lies beside the page.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const APACHE = 'LICENSE-APACHE';
const MIT = 'LICENSE-MIT';

/** What is served and comes from neither a crate nor a package. */
const OTHERS = [
  ['The Rust standard library (MIT OR Apache-2.0), The Rust Project Developers', APACHE],
  ['Kubernetes (Apache-2.0), The Kubernetes Authors: the help of kubectl and of its fields', APACHE],
  ['Helm (Apache-2.0), The Helm Authors: its help', APACHE],
];

/** All licences; `files` are those that the editor is bundled from. */
export function licences(files) {
  const own = OTHERS.map(([name, file]) => [name, readFileSync(join(ROOT, file), 'utf8').trim()]);
  // Each text once, with all whose licence it is.
  const users = new Map();
  for (const [name, text] of [...crates(), ...packages(files), ...own]) {
    users.set(text, [...(users.get(text) ?? []), name]);
  }
  const parts = [...users].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
  const intro = 'StatefulSet Playground is licensed under MIT or Apache-2.0, at your choice. It is made of these, too.';
  return `${intro}\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}

/** The crates that the WebAssembly is built from, each with the texts of its licences. */
function crates() {
  const values = ['metadata', '--format-version', '1', '--locked', '--filter-platform', 'wasm32-unknown-unknown'];
  const output = execFileSync('cargo', values, { cwd: ROOT, maxBuffer: 1 << 26, encoding: 'utf8' });
  const { packages, resolve } = JSON.parse(output);
  const byId = new Map(packages.map((each) => [each.id, each]));
  const needs = new Map(resolve.nodes.map((node) => [node.id, node.deps]));
  const found = new Set();
  const left = [resolve.root];
  while (left.length > 0) {
    const id = left.pop();
    // What a macro does is done when the page is built.
    const isMacro = byId.get(id).targets.some((target) => target.kind.includes('proc-macro'));
    if (found.has(id) || isMacro) continue;
    found.add(id);
    const served = needs.get(id).filter((each) => each.dep_kinds.some(({ kind }) => kind === null));
    left.push(...served.map((each) => each.pkg));
  }
  found.delete(resolve.root);
  const all = [...found].map((id) => byId.get(id)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return all.map(({ name, version, license, authors, manifest_path: manifest }) => {
    const names = `${name} ${version} (${license})`;
    const place = dirname(manifest);
    const texts = readdirSync(place).filter((each) => /^(licen[cs]e|copying|unlicense)/i.test(each)).sort();
    const known = texts.filter((each) => readableIn(join(place, each)));
    if (known.length > 0) return [names, known.map((each) => read(join(place, each))).join('\n\n')];
    // Some come without the text.
    const whose = authors.length > 0 ? `${names}, ${authors.join(', ')}` : names;
    const file = /Apache-2\.0/.test(license) ? APACHE : /MIT/.test(license) ? MIT : undefined;
    if (!file) throw new Error(`${name} comes without a licence`);
    return [whose, read(join(ROOT, file))];
  });
}

/** The packages that these files come from, each with its licence. */
function packages(files) {
  const places = new Set(files.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
  places.delete(undefined);
  return [...places].sort().map((place) => {
    const { name, version, license } = JSON.parse(read(join(place, 'package.json')));
    const file = readdirSync(place).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} comes without a licence`);
    return [`${name} ${version} (${license})`, read(join(place, file))];
  });
}

function readableIn(path) {
  return existsSync(path) && read(path).length > 0;
}

function read(path) {
  return readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim();
}
