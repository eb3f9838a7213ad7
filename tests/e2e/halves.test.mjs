// Which functions are in which half of the app's WebAssembly, tried on small modules. This needs no
// browser.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import binaryen from 'binaryen';
import { digest, functionsOf, restOf, stableName } from '../../scripts/halves.mjs';

const HASH = '[0123456789abcdef]';
const CODE = '(param i32) (result i32) (i32.const 1)';
const OTHER_CODE = '(param i64) (result i32) (i32.const 1)';

describe('the name of a function in the list', () => {
  const named = (name) => stableName({ name, params: binaryen.i32, results: binaryen.none });

  test('has no modules, no hashes and no numbers of closures', () => {
    const type = `<app${HASH}::cluster::kubelet::Worker as core${HASH}::iter::Iterator>`;
    assert.equal(named(`${type}::next::{closure#3}`), '<Worker as Iterator>::next::{closure} (2)()');
    assert.equal(named(`app${HASH}::shop::sell::<alloc${HASH}::vec::Vec<u8>>`), 'sell::<Vec<u8>> (2)()');
    assert.equal(named('invoke_0123456789abcdef__often'), 'invoke___often (2)()');
  });

  test('tells functions of other types apart', () => {
    const [one, other] = [binaryen.i32, binaryen.i64].map((params) => digest({ name: 'f', params, results: params }));
    assert.notEqual(one, other);
  });
});

describe('the rest', () => {
  test('has what is listed, wherever it has moved', () => {
    const before = moduleOf(func('app', 'shop::sell', CODE), func('app', 'shop::count', CODE));
    const list = listOf(before, /sell/);
    assert.deepEqual(rest(before, list), ['sell']);
    const after = moduleOf(func('app', 'market::stall::sell', CODE), func('app', 'count', CODE));
    assert.deepEqual(rest(after, list), ['sell']);
  });

  test('has none of functions that look alike when there are more than are listed', () => {
    const list = listOf(moduleOf(func('app', 'shop::sell', CODE)), /sell/);
    const twins = moduleOf(func('app', 'shop::sell', CODE), func('app', 'market::sell', CODE));
    assert.deepEqual(rest(twins, list), []);
    assert.deepEqual(rest(twins, [...list, ...list]), ['sell', 'sell']);
    const unlike = moduleOf(func('app', 'shop::sell', CODE), func('app', 'market::sell', OTHER_CODE));
    assert.deepEqual(rest(unlike, list), ['sell']);
  });

  test('has what only it calls, and the first half all that it can reach by itself', () => {
    const module = binaryen.parseText(`(module
      (table 1 funcref)
      (elem (i32.const 0) func $tabled)
      (func $main (export "main") (call $shared) (call $listed))
      (func $listed (call $shared) (call $own) (call $tabled))
      (func $own (call $again))
      (func $again (call $own))
      (func $shared)
      (func $tabled))`);
    assert.deepEqual(rest(module, listOf(module, /listed/)), ['listed', 'own', 'again']);
    assert.deepEqual(rest(module, []), []);
    assert.deepEqual(rest(module, listOf(module, /listed|tabled|main/)), ['main', 'listed', 'own', 'again', 'shared', 'tabled']);
  });
});

/** A module that exports these functions. */
function moduleOf(...functions) {
  const texts = functions.map(({ name, code }, index) => `(func $"${name}" (export "${index}") ${code})`);
  return binaryen.parseText(`(module ${texts.join('\n')})`);
}

function func(crate, path, code) {
  return { name: `${crate}${HASH}::${path}`, code };
}

/** The functions of the rest, by the last words of their names. */
function rest(module, list) {
  return functionsOf(module)
    .filter(restOf(module, list))
    .map(({ name }) => name.split('::').at(-1));
}

/** What stands in the list when a first visit runs none of the functions with such names. */
function listOf(module, wanted) {
  return functionsOf(module)
    .filter(({ name }) => wanted.test(name))
    .map(digest);
}
