// Splits the app's WebAssembly in two: what a first visit runs, and the rest, which is fetched when
// somebody begins to do something (static/rest.js). scripts/halves.mjs says which function belongs to
// which half.
//
// The halves share memory, table and globals. A call from the first half into the rest goes through
// an import from "rest"; the rest imports what it needs of the first half from "first".
//
// Data that the first half cannot use before it calls the rest is data of the rest (scripts/data.mjs,
// scripts/reads.mjs). Its place in memory is the same as ever; the first half has zeros there, and the
// rest is instantiated, which writes its data, before any function of it runs.

import binaryen from 'binaryen';
import { divide, withData, withoutNotes } from './data.mjs';
import { digest, functionsOf, readList, restOf } from './halves.mjs';
import { numbersRead } from './reads.mjs';
import { SECTION, mapSections, number, sectionsOf } from './wasm.mjs';

// In the names that wasm-bindgen gives there is such a number.
const HASHED = /[0-9a-f]{16}/;
// Of these the rest has none of its own.
const STATE = [SECTION.export, SECTION.start, SECTION.element, SECTION.data, SECTION.dataCount];

/**
 * Both halves of a module that still has its function names and the linker's notes, to be optimized each
 * on its own; and how names that the first half and JavaScript have for each other were shortened.
 */
export function split(linked, list = readList()) {
  const bytes = withoutNotes(linked);
  const first = binaryen.readBinary(bytes);
  const functions = functionsOf(first);
  const short = new Map(functions.map(({ name }, index) => [name, `$${index.toString(36)}`]));
  const long = new Map([...short].map(([name, code]) => [code, name]));
  const inRest = restOf(first, list);
  for (const { name, params, results } of functions.filter(inRest)) {
    first.removeFunction(name);
    first.addFunctionImport(name, 'rest', short.get(name), params, results);
  }
  const shortened = shortenNames(first, functions);
  exportState(first);
  const data = divide(linked, numbersRead(first));

  // What one half needs of the other grows until nothing is missing.
  const shared = new Set();
  for (;;) {
    const rest = binaryen.readBinary(without(bytes, STATE));
    for (const { name, params, results } of functions.filter((each) => !inRest(each))) {
      rest.removeFunction(name);
      rest.addFunctionImport(name, 'first', short.get(name), params, results);
    }
    importState(rest);
    for (const code of needed(first, 'rest')) rest.addFunctionExport(long.get(code), code);
    const missing = needed(rest, 'first').filter((code) => !shared.has(code));
    if (missing.length === 0) {
      return { first: written(first, data.first), rest: written(rest, data.rest), shortened };
    }
    for (const code of missing) {
      shared.add(code);
      first.addFunctionExport(long.get(code), code);
    }
    rest.dispose();
  }
}

/**
 * A module that tells the number of each function that runs to the import "hit" of "profile", and the
 * digests and sizes of all functions by their numbers.
 */
export function count(linked) {
  const bytes = withoutNotes(linked);
  const module = binaryen.readBinary(bytes);
  const functions = functionsOf(module).filter((each) => !each.module);
  const sizes = sizesOf(bytes);
  module.addFunctionImport('hit', 'profile', 'hit', binaryen.i32, binaryen.none);
  for (const [index, { name, body }] of functions.entries()) {
    const told = module.call('hit', [module.i32.const(index)], binaryen.none);
    const type = binaryen.getExpressionType(body);
    binaryen.Function.setBody(module.getFunction(name), module.block(null, [told, body], type));
  }
  return { bytes: module.emitBinary(), functions: functions.map((each, index) => [digest(each), sizes[index]]) };
}

/** Gives short names to what a module imports of JavaScript and exports to it: a map from the long names. */
function shortenNames(module, functions) {
  const names = new Map();
  const shorten = (name) => names.set(name, `_${names.size.toString(36)}`).get(name);
  for (const { name, module: from, base, params, results } of functions) {
    if (!from || !HASHED.test(base)) continue;
    module.removeFunction(name);
    module.addFunctionImport(name, from, shorten(base), params, results);
  }
  for (const { name, value, kind } of exportsOf(module)) {
    if (kind !== binaryen.ExternalFunction || !HASHED.test(name)) continue;
    module.removeExport(name);
    module.addFunctionExport(value, shorten(name));
  }
  return names;
}

function written(module, data) {
  return withData(Buffer.from(module.emitBinary()), data);
}

/** The names of the functions that a module imports from `from` and really uses. */
function needed(module, from) {
  const copy = binaryen.readBinary(module.emitBinary());
  copy.runPasses(['remove-unused-module-elements']);
  const imports = functionsOf(copy).filter((each) => each.module === from);
  copy.dispose();
  return imports.map(({ base }) => base);
}

function exportState(module) {
  module.addMemoryExport('0', '$memory');
  for (const { name } of tablesOf(module)) module.addTableExport(name, `$table ${name}`);
  for (const { name } of globalsOf(module)) module.addGlobalExport(name, `$global ${name}`);
}

function importState(module) {
  module.addMemoryImport('0', 'first', '$memory');
  for (const { name } of tablesOf(module)) module.addTableImport(name, 'first', `$table ${name}`);
  for (const { name, type, mutable } of globalsOf(module)) {
    module.removeGlobal(name);
    module.addGlobalImport(name, 'first', `$global ${name}`, type, mutable);
  }
}

function exportsOf(module) {
  return Array.from({ length: module.getNumExports() }, (_, index) =>
    binaryen.getExportInfo(module.getExportByIndex(index)),
  );
}

function tablesOf(module) {
  return Array.from({ length: module.getNumTables() }, (_, index) =>
    binaryen.getTableInfo(module.getTableByIndex(index)),
  );
}

function globalsOf(module) {
  return Array.from({ length: module.getNumGlobals() }, (_, index) =>
    binaryen.getGlobalInfo(module.getGlobalByIndex(index)),
  );
}

/** A module without some of its sections. */
function without(bytes, ids) {
  return mapSections(bytes, ({ id }, whole) => (ids.includes(id) ? undefined : whole));
}

/** How many bytes the code of each function takes, of those that are not imported. */
function sizesOf(bytes) {
  let { at, value: left } = number(bytes, [...sectionsOf(bytes)].find(({ id }) => id === SECTION.code).at);
  const sizes = [];
  for (; left > 0; left -= 1) {
    const size = number(bytes, at);
    sizes.push(size.value);
    at = size.at + size.value;
  }
  return sizes;
}
