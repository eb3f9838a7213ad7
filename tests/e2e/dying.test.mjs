// Every way of dying brings the page that says so: it tells what is true, and offers ways on.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import binaryen from 'binaryen';
import { manifest, setReplicas, until } from './app.mjs';
import { axe, useSite } from './harness.mjs';
import { SECTION, mapSections, number, section, unsigned } from '../../scripts/wasm.mjs';

const FIRST = /\/web-[0-9a-f]{16}_bg\.wasm/;
// What the build uses, of what a module may have.
const FEATURES = ['ReferenceTypes', 'MutableGlobals', 'BulkMemory', 'SignExt', 'NontrappingFPToInt', 'Multivalue'];
const dialog = (page) => page.getByRole('alertdialog', { name: 'The page stopped' });

/** Serves the first half as `change` makes it. */
const changed = (change) => (empty) =>
  empty.route(FIRST, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: Buffer.from(change(await response.body())) });
  });

/** Every function that JavaScript calls does `code` first, once the page is asked to die. */
function deadly(code) {
  return async (empty) => {
    await changed((bytes) => {
      const module = binaryen.readBinary(bytes);
      module.setFeatures(FEATURES.reduce((all, name) => all | binaryen.Features[name], 0));
      module.addGlobal('$dies', binaryen.i32, true, module.i32.const(0));
      module.addGlobalExport('$dies', 'dies');
      for (let index = 0; index < module.getNumExports(); index += 1) {
        const { name, kind, value } = binaryen.getExportInfo(module.getExportByIndex(index));
        if (kind !== binaryen.ExternalFunction || !name.startsWith('_')) continue;
        const pointer = module.getFunction(value);
        const { body, base, params } = binaryen.getFunctionInfo(pointer);
        if (base) continue;
        const deed = code(module, value, binaryen.expandType(params));
        const check = module.if(module.global.get('$dies', binaryen.i32), deed);
        const type = binaryen.getExpressionType(body);
        binaryen.Function.setBody(pointer, module.block(null, [check, body], type));
      }
      return module.emitBinary();
    })(empty);
    await empty.addInitScript(() => {
      const { instantiateStreaming } = WebAssembly;
      WebAssembly.instantiateStreaming = async (...values) => {
        const made = await instantiateStreaming(...values);
        globalThis.dies = () => {
          made.instance.exports.dies.value = 1;
        };
        return made;
      };
    });
  };
}

const unreachable = deadly((module) => module.unreachable());
const recursion = deadly((module, name, params) => {
  const zero = { [binaryen.i32]: module.i32.const(0), [binaryen.i64]: module.i64.const(0n) };
  const values = params.map((type) => zero[type] ?? module.ref.null(type));
  const { results } = binaryen.getFunctionInfo(module.getFunction(name));
  const call = module.call(name, values, results);
  return results === binaryen.none ? call : module.drop(call);
});

/** No memory but what the module has at first, and some pages. */
const small = changed((bytes) =>
  mapSections(bytes, ({ id, at }, whole) => {
    if (id !== SECTION.memory) return whole;
    const pages = number(bytes, at + 2).value;
    return section(SECTION.memory, Buffer.from([1, 1, ...unsigned(pages), ...unsigned(pages + 40)]));
  }),
);

describe('the page that stopped', () => {
  const site = useSite();

  async function die(options = {}) {
    const page = await site.open({ before: unreachable, ...options });
    await page.evaluate(() => dies());
    await page.keyboard.press('ArrowRight');
    await dialog(page).waitFor();
    return page;
  }

  for (const [scheme, width, height] of [['light', 1280, 800], ['dark', 360, 740]]) {
    test(`comes after a trap, and axe finds nothing, ${scheme}, ${width}x${height}`, async () => {
      const page = await die({ scheme, width, height });
      await axe(page);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Reload');
      assert.match(await dialog(page).innerText(), /unreachable/);
      assert.match(await dialog(page).innerText(), /may not be saved/);
      const { scrollWidth } = await page.evaluate(() => document.documentElement);
      assert(!(scrollWidth > width));
      await page.keyboard.press('Escape');
      assert(await dialog(page).isVisible());
      site.forgive(page);
    });
  }

  test('comes after a stack that is full', async () => {
    const page = await die({ before: recursion });
    assert.match(await dialog(page).innerText(), /went so deep[^]*call stack/);
    site.forgive(page);
  });

  test('comes after a panic, with its message', async () => {
    const page = await site.open();
    // As an extension or a translation does: elements of the app are taken out of its hands.
    await page.evaluate(() => {
      for (const element of document.querySelectorAll('.page__main *')) {
        if (element.childElementCount > 0) element.innerText = 'translated';
      }
    });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await dialog(page).waitFor();
    assert.match(await dialog(page).innerText(), /mistake of the page[^]*may not be saved[^]*panicked at/);
    site.forgive(page);
  });

  test('comes when there is no more memory', async () => {
    const page = await site.open({ before: small });
    await setReplicas(page, 2000);
    await dialog(page).waitFor({ timeout: 60_000 });
    assert.match(await dialog(page).innerText(), /memory/);
    site.forgive(page);
  });

  test('says whether the last change is saved, as the storage last said', async () => {
    for (const [state, wanted] of [
      [{ unsaved: false, why: '' }, /Your work is saved in this browser\./],
      [{ unsaved: true, why: 'the browser has no room left' }, /is not saved: the browser has no room left\./],
      [undefined, /may not be saved\./],
    ]) {
      const page = await site.open({ before: unreachable });
      await page.evaluate((given) => {
        globalThis.statefulsetPlayground = given;
        dies();
      }, state);
      await page.keyboard.press('ArrowRight');
      await dialog(page).waitFor();
      assert.match(await dialog(page).innerText(), wanted);
      site.forgive(page);
    }
  });

  test('hands over all that is saved, and needs no network for it', async () => {
    const page = await site.open({ before: unreachable });
    await page.evaluate(async () => {
      localStorage['statefulset-playground.pending'] = 'p';
      localStorage['another'] = 'not ours';
      const request = indexedDB.open('statefulset-playground', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('workspaces');
        request.result.createObjectStore('records');
      };
      await new Promise((done) => (request.onsuccess = done));
      const change = request.result.transaction(['workspaces', 'records'], 'readwrite');
      change.objectStore('workspaces').put('{"name":"One"}', 'a');
      change.objectStore('records').put('first', ['a', 1]);
      change.objectStore('records').put('second', ['a', 2]);
      await new Promise((done) => (change.oncomplete = done));
      request.result.close();
    });
    await page.context().setOffline(true);
    await page.evaluate(() => dies());
    await page.keyboard.press('ArrowRight');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the work' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'statefulset-playground.json');
    const { statefulsetPlayground: file } = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.deepEqual(file.workspaces, [['a', '{"name":"One"}']]);
    assert.deepEqual(file.records, [['a', 1, 'first'], ['a', 2, 'second']]);
    assert(file.format === 2 && file.local.some(([key]) => key === 'statefulset-playground.pending'));
    assert(file.local.every(([key]) => key.startsWith('statefulset-playground.')));
    site.forgive(page);
  });

  test('makes no database where there is none', async () => {
    const page = await die();
    await page.evaluate(() => new Promise((done) => (indexedDB.deleteDatabase('statefulset-playground').onsuccess = done)));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the work' }).click(),
    ]);
    const { statefulsetPlayground: file } = JSON.parse(await readFile(await download.path(), 'utf8'));
    assert.deepEqual([file.workspaces, file.records], [[], []]);
    assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
    site.forgive(page);
  });

  test('reloads with the work aside only when that is wanted', async () => {
    const page = await die();
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload without this work' }).click()]);
    assert.equal(await page.evaluate(() => sessionStorage['statefulset-playground.aside']), '1');
    site.forgive(page);
  });

  test('lets nothing reach the app or the stored work any more', async () => {
    const page = await site.open({ before: unreachable });
    await setReplicas(page, 7);
    await until('it is saved', () => page.evaluate(() => Object.values({ ...localStorage }).join().length > 100));
    await page.waitForTimeout(600);
    const stored = () => page.evaluate(() => JSON.stringify({ ...localStorage }));
    const before = await stored();
    await page.evaluate(() => dies());
    await page.keyboard.press('ArrowRight');
    await dialog(page).waitFor();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const text = await manifest(page);
    await setReplicas(page, 9);
    await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    await page.waitForTimeout(600);
    assert.equal(await manifest(page), text);
    assert.equal(await stored(), before);
    assert.deepEqual(errors, []);
    site.forgive(page);
  });
});
