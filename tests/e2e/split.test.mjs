// Splitting the app's WebAssembly, tried on a small module: what is whose, above all of its data. This
// needs no browser.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import binaryen from 'binaryen';
import { checkData, segmentsOf, withData, withoutNotes } from '../../scripts/data.mjs';
import { digest, functionsOf } from '../../scripts/halves.mjs';
import { split } from '../../scripts/split.mjs';
import { SECTION, section, sectionsOf, unsigned, withSign } from '../../scripts/wasm.mjs';

const CONSTANTS = 1024;
const VARIABLES = 2048;

// Each piece of data begins with its name and is filled up with dots.
const PIECES = [
  'own', 'behind', 'before', 'told', 'pointer', 'pointed', 'fetched', 'handed', 'kept', 'unused', 'list', 'listed',
];
const SIZE = 12;
const ADDRESS = Object.fromEntries(PIECES.map((name, index) => [name, CONSTANTS + index * SIZE]));
// Pieces that hold the address of another, in their last word.
const POINTERS = { pointer: 'pointed', list: 'listed' };

// Names as wasm-bindgen gives them.
const TELL = '__wbg_tell_0123456789abcdef';
const OFTEN = 'invoke_0123456789abcdef__often';

// What the first half uses by itself: "own" directly, "behind" by an offset, "before" by an address that
// lies before it, "told" to JavaScript, "pointer" and so "pointed", and "kept" besides handing it on.
const TEXT = `(module
  (import "page" "${TELL}" (func $tell (param i32)))
  (memory (export "memory") 1)
  (table 2 funcref)
  (elem (i32.const 1) func $rare)
  (data (i32.const ${CONSTANTS}) "${constants()}")
  (data (i32.const ${VARIABLES}) "variable")
  (func $often (export "${OFTEN}") (param i32) (result i32)
    (call $tell (i32.const ${ADDRESS.told}))
    (if (local.get 0) (then (return (call $failed (i32.const ${ADDRESS.handed}) (i32.const ${ADDRESS.kept})))))
    (drop (i32.load (i32.const ${ADDRESS.own})))
    (drop (i32.load8_u offset=${ADDRESS.behind} (local.get 0)))
    (drop (i32.load (i32.add (i32.const ${ADDRESS.before - 3 * SIZE}) (local.get 0))))
    (i32.load offset=8 (i32.const ${ADDRESS.pointer})))
  (func $failed (param i32) (param i32) (result i32)
    (drop (i32.load (local.get 1)))
    (call $rare (local.get 0)))
  (func $rare (param i32) (result i32)
    (drop (i32.load (i32.const ${ADDRESS.list})))
    (i32.add (i32.load (local.get 0)) (i32.load (i32.const ${ADDRESS.fetched})))))`;

const KEPT = ['own', 'behind', 'before', 'told', 'pointer', 'pointed', 'kept'];

describe('the halves of a module', () => {
  const whole = linked();
  const { first, rest, shortened } = split(whole, listOf(whole, 'rare'));
  const data = { first: memoryOf(first), rest: memoryOf(rest) };

  test('have each piece of data once', () => {
    checkData(whole, first, rest);
    for (const name of PIECES) {
      const [own, other] = KEPT.includes(name) ? [data.first, data.rest] : [data.rest, data.first];
      assert.equal(nameAt(own, name), name);
      assert.equal(nameAt(other, name), '', `${name} is in the wrong half too`);
    }
    assert.equal(data.first.toString('latin1', VARIABLES, VARIABLES + 8), 'variable');
  });

  test('write the rest of the data before a function of the rest runs', () => {
    const page = started(first, rest, shortened);
    assert.equal(nameAt(page.memory(), 'handed'), '');
    assert.equal(page.often(0), ADDRESS.pointed);
    assert.equal(page.begun(), 0, 'nothing needed the rest');
    const expected = memoryOf(whole);
    const word = (name) => expected.readInt32LE(ADDRESS[name]);
    assert.equal(page.often(1), (word('handed') + word('fetched')) | 0);
    assert.equal(page.begun(), 1);
    assert.deepEqual(page.memory().subarray(0, expected.length), expected);
  });

  test('have short names for what JavaScript gives and takes', () => {
    assert.deepEqual([...shortened], [[TELL, '_0'], [OFTEN, '_1']]);
    const module = new WebAssembly.Module(first);
    const from = (wanted) => WebAssembly.Module.imports(module).filter((each) => each.module === wanted);
    assert.deepEqual(from('page').map(({ name }) => name), ['_0']);
    const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
    assert(exported.includes('_1') && exported.includes('memory') && !exported.includes(OFTEN));
  });

  test('leave all data in the first where the linker made no notes', () => {
    const bare = split(withoutNotes(whole), listOf(whole, 'rare'));
    assert.deepEqual(memoryOf(bare.first), memoryOf(whole));
    assert.deepEqual(segmentsOf(bare.rest), []);
  });
});

test('halves that are not the whole are found out', () => {
  const whole = linked();
  const [constant, variable] = segmentsOf(whole);
  const empty = withData(whole, []);
  const other = { ...constant, bytes: Buffer.from(constant.bytes).fill(1, 5, 6) };
  checkData(whole, whole, empty);
  assert.throws(() => checkData(whole, withData(whole, [other, variable]), empty), /other data/);
  assert.throws(() => checkData(whole, withData(whole, [variable]), empty), /other data/);
  assert.throws(() => checkData(whole, whole, withData(whole, [constant])), /both halves/);
});

test('notes that are not about this data are found out', () => {
  const bytes = linked();
  const [{ from }] = segmentsOf(bytes);
  bytes[from + (ADDRESS.pointer - CONSTANTS) + 8] += 1;
  assert.throws(() => split(bytes, []), /data moved/);
});

/** What stands in the list when a first visit does not run this function. */
function listOf(bytes, wanted) {
  const functions = functionsOf(binaryen.readBinary(withoutNotes(bytes)));
  return functions.filter(({ name }) => name === wanted).map(digest);
}

/** Both halves as the page has them: the rest begins when something calls it. */
function started(first, rest, shortened) {
  let begun = 0;
  let calls;
  const begin = () => {
    begun += 1;
    return instance(tidy(rest), { first: exports }).exports;
  };
  const forward = (_, name) => (...values) => (calls ??= begin())[name](...values);
  const page = { [shortened.get(TELL)]: () => {} };
  const { exports } = instance(first, { page, rest: new Proxy({}, { get: forward }) });
  const memory = () => Buffer.from(exports.memory.buffer);
  return { often: exports[shortened.get(OFTEN)], memory, begun: () => begun };
}

/** A half without the imports that it does not use; the build has optimized those away. */
function tidy(half) {
  const module = binaryen.readBinary(half);
  module.runPasses(['remove-unused-module-elements']);
  return module.emitBinary();
}

function instance(bytes, imports) {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
}

function constants() {
  const bytes = PIECES.map((name) => Buffer.from(name.padEnd(SIZE, '.')));
  for (const [from, to] of Object.entries(POINTERS)) bytes[PIECES.indexOf(from)].writeUInt32LE(ADDRESS[to], 8);
  return [...Buffer.concat(bytes)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}

function memoryOf(bytes) {
  const memory = Buffer.alloc(VARIABLES + 8);
  for (const { begin, bytes: data } of segmentsOf(bytes)) memory.set(data, begin);
  return memory;
}

function nameAt(memory, name) {
  return memory.toString('latin1', ADDRESS[name], ADDRESS[name] + 8).replace(/[.\0]+$/, '');
}

/** The module with its names and what a linker would note about it. */
function linked() {
  const module = binaryen.parseText(TEXT);
  binaryen.setDebugInfo(true);
  const bytes = Buffer.from(module.emitBinary());
  binaryen.setDebugInfo(false);
  const [{ from }] = segmentsOf(bytes);
  const sections = [...sectionsOf(bytes)];
  const { at } = sections.find(({ id }) => id === SECTION.data);
  // A relocation: its kind, where it is, the symbol and how far from its beginning.
  const note = (kind, place, name, addend = 0) => [
    kind, ...unsigned(place), ...unsigned(PIECES.indexOf(name)), ...withSign(addend),
  ];
  const inCode = PIECES.map((name) => note(4, 0, name, name === 'before' ? -3 * SIZE : 0));
  const inData = Object.entries(POINTERS).map(([name, to]) =>
    note(5, from - at + ADDRESS[name] - CONSTANTS + 8, to),
  );
  return Buffer.concat([
    bytes,
    custom('linking', [2, ...part(5, segmentInfo()), ...part(8, symbols())]),
    custom('reloc.CODE', [3, ...unsigned(inCode.length), ...inCode.flat()]),
    custom('reloc.DATA', [4, ...unsigned(inData.length), ...inData.flat()]),
  ]);
}

function symbols() {
  const pieces = PIECES.map((name, index) => [1, 0, ...text(name), 0, ...unsigned(index * SIZE), SIZE]);
  const variable = [1, 0, ...text('variable'), 1, 0, 8];
  // A function with a name, one that is imported, and a section.
  const others = [[0, 0, 1, ...text('often')], [0, 0x10, 0], [3, 0, 5]];
  return [...unsigned(pieces.length + 4), ...[...pieces, variable, ...others].flat()];
}

function segmentInfo() {
  return [2, ...text('.rodata'), 2, 0, ...text('.data'), 2, 0];
}

function part(id, contents) {
  return [id, ...unsigned(contents.length), ...contents];
}

function text(value) {
  return [...unsigned(value.length), ...Buffer.from(value)];
}

function custom(name, contents) {
  return section(SECTION.custom, Buffer.from([...text(name), ...contents]));
}
