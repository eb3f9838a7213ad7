// Decides which functions are in the first half of the app's WebAssembly, by what scripts/rest.txt says
// that a first visit does not run (`make profile`).
//
// The list names functions in words that survive the move of a file: without the modules in their paths,
// and with their types in WebAssembly. Functions that look alike are listed as often as there were of
// them, and only if none ran. When there are more of them than the list has, one is not known, and all
// of them count as not listed.
//
// A function that is not listed is in the first half if the first half can reach it: if it is exported,
// can be called through the table, or is called by a function of the first half. So code that only the
// rest calls is in the rest by itself.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';

const LIST = new URL('rest.txt', import.meta.url);

/** The functions of a module, in its order. */
export function functionsOf(module) {
  return Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
}

/** The name of a function without what changes when code moves: modules, numbers of closures, hashes. */
export function stableName({ name, params, results }) {
  const short = name
    .replace(/\[[0-9a-f]{8,16}\]|[0-9a-f]{16}/g, '')
    .replace(/#\d+/g, '')
    .replace(/(?:\w+::)+(?=\w)/g, '');
  return `${short} (${binaryen.expandType(params)})(${binaryen.expandType(results)})`;
}

/** What stands in the list for a function. */
export function digest(each) {
  return createHash('sha256').update(stableName(each)).digest('hex').slice(0, 8);
}

/** The digests of the functions that a first visit does not run, each as often as there were of them. */
export function readList() {
  return readFileSync(LIST, 'utf8').match(/\b[0-9a-f]{8}\b/g);
}

/** Whether a function of a module belongs to the rest. */
export function restOf(module, list) {
  const functions = functionsOf(module).filter((each) => !each.module);
  const listed = count(list);
  const present = count(functions.map(digest));
  const isListed = (each) => (listed.get(digest(each)) ?? 0) >= present.get(digest(each));
  const unlisted = functions.filter((each) => !isListed(each)).map(({ name }) => name);
  const first = reached(module, new Set(unlisted));
  return ({ name, module: from }) => !from && !first.has(name);
}

/** Those of some functions that can be called without the others' doing. */
function reached(module, functions) {
  const { calls, roots } = callsIn(module);
  const found = new Set(roots.filter((name) => functions.has(name)));
  for (const name of found) {
    for (const called of calls.get(name)) if (functions.has(called)) found.add(called);
  }
  return found;
}

/** Which functions each function of a module calls by name, and those that are called in other ways. */
function callsIn(module) {
  // Without the names of the source the text is easy to read.
  const debug = binaryen.getDebugInfo();
  binaryen.setDebugInfo(false);
  const plain = binaryen.readBinary(module.emitBinary());
  binaryen.setDebugInfo(debug);
  const names = functionsOf(module).map(({ name }) => name);
  const long = new Map(functionsOf(plain).map(({ name }, index) => [`$${name}`, names[index]]));
  const named = (text) => (text.match(/\$[\w$]+/g) ?? []).map((name) => long.get(name));
  const calls = new Map();
  const roots = [];
  let own;
  for (const line of plain.emitText().split('\n')) {
    const [, kind, name] = /^ *\((func|call|return_call|ref\.func) (\$[\w$]+)/.exec(line) ?? [];
    const [, others] = /^ *\((?:export|elem|start) (?:.*[ (]func )?(.*)$/.exec(line) ?? [];
    if (kind === 'func') calls.set(long.get(name), (own = new Set()));
    else if (kind?.endsWith('call')) own.add(long.get(name));
    else if (kind) roots.push(long.get(name));
    else if (others) roots.push(...named(others));
  }
  plain.dispose();
  return { calls, roots };
}

function count(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
