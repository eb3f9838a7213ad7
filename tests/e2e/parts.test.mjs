// Parts of the page that do not come, or come broken: what is said, what waits, and how it goes on.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { manifest, setReplicas, until } from './app.mjs';
import { axe, ready, useSite } from './harness.mjs';

const DIST = new URL('../../dist/', import.meta.url);
const REST = /\/rest-[0-9a-f]{16}\.wasm/;
const GUARD = /\/parts-[0-9a-f]{16}\.js/;
const EDITOR = /\/editor-[0-9a-f]{16}\.js/;
const MODULE = /\/web-[0-9a-f]{16}\.js/;
const FIRST = /\/web-[0-9a-f]{16}_bg\.wasm/;

const message = (page) => page.locator('.say');
const again = (page) => page.getByRole('button', { name: 'Try again' });
const replicas = (page, count) =>
  until(`replicas: ${count}`, async () => (await manifest(page)).includes(`replicas: ${count}`));
const said = (page, wanted) =>
  until(`the page says ${wanted}`, async () => wanted.test((await message(page).allInnerTexts()).join()));

/** Each way in which a part does not come, and what is said of it. */
const WAYS = {
  aborted: [(route) => route.abort(), /the connection failed/],
  'hanging for ever': [() => {}, /still on its way/],
  'cut off': [cutOff, /incomplete or another file/],
  'another page': [(route) => route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><p>Hello' }), /another page/],
  'not there': [(route) => route.fulfill({ status: 404, body: '' }), /answered 404/],
  'empty and of the wrong type': [(route) => route.fulfill({ contentType: 'text/plain', body: '' }), /incomplete/],
};

/** Answers requests in a way until it is told that all is well. */
async function spoil(page, pattern, answer) {
  let isWell = false;
  await page.route(pattern, (route) => (isWell ? route.continue() : answer(route)));
  return () => {
    isWell = true;
  };
}

async function cutOff(route) {
  const response = await route.fetch();
  const body = await response.body();
  await route.fulfill({ response, body: body.subarray(0, body.length >> 1), headers: { 'content-type': response.headers()['content-type'] } });
}

describe('the second half of the app', () => {
  const site = useSite();

  for (const [way, [answer, reason]] of Object.entries(WAYS)) {
    test(`${way}: the page says so, and what was done is done when it comes`, async () => {
      let heal;
      const before = async (empty) => (heal = await spoil(empty, REST, answer));
      const page = await site.open({ isWhole: false, before });
      await setReplicas(page, 7);
      await said(page, reason);
      await page.getByRole('alert').filter({ hasText: 'The second half' }).waitFor();
      assert(!(await manifest(page)).includes('replicas: 7'));
      heal();
      await again(page).click();
      await replicas(page, 7);
      await until('nothing is said any more', async () => (await message(page).allInnerTexts()).join('') === '');
      site.forgive(page);
    });
  }

  test('of the wrong type with the right bytes is taken', async () => {
    const types = [];
    const page = await site.open({
      isWhole: false,
      before: (empty) =>
        empty.route(REST, async (route) => {
          const response = await route.fetch();
          types.push('text/plain');
          await route.fulfill({ response, headers: { 'content-type': 'text/plain' } });
        }),
    });
    await setReplicas(page, 7);
    await replicas(page, 7);
    assert.deepEqual(types, ['text/plain']);
  });

  test('comes by itself when the network is back, and is asked for without being asked', async () => {
    const page = await site.open({ isWhole: false });
    await page.waitForFunction(() => globalThis.fetchText);
    await page.context().setOffline(true);
    await setReplicas(page, 7);
    await said(page, /there is no network/);
    await axe(page);
    await page.context().setOffline(false);
    await replicas(page, 7);
    site.forgive(page);
  });

  test('comes by itself when nobody does anything', async () => {
    const page = await site.open({ isWhole: false });
    await page.locator('html[data-whole="true"]').waitFor({ state: 'attached' });
  });

  test('is not needed as long as somebody only looks on', async () => {
    const page = await site.open({ isWhole: false, before: (empty) => empty.route(REST, (route) => route.abort()) });
    await page.waitForTimeout(25_000);
    assert.deepEqual(await page.locator('.crash, .say > *').allInnerTexts(), []);
    assert.match(await page.getByRole('status', { name: 'Why' }).innerText(), /\S/);
    site.forgive(page);
  });

  test('is waited for by whatever is typed, chosen, pasted and clicked, in its order', async () => {
    let release;
    const released = new Promise((done) => {
      release = done;
    });
    const page = await site.open({
      isWhole: false,
      before: (empty) => empty.route(REST, async (route) => released.then(() => route.continue())),
    });
    await page.waitForFunction(() => globalThis.fetchText);
    const line = page.getByRole('textbox', { name: 'Terminal input' });
    await line.click();
    await page.keyboard.type('echo one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('echo twp');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('o');
    await page.keyboard.press('Enter');
    await page.evaluate(() => navigator.clipboard.writeText('echo three\necho four'));
    await page.keyboard.press('ControlOrMeta+v');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Speed' }).selectOption({ index: 0 });
    await page.getByRole('checkbox', { name: 'Skip waits' }).check();
    await setReplicas(page, 5);
    await page.getByRole('button', { name: 'Help' }).click();
    assert(!(await manifest(page)).includes('replicas: 5'));
    release();
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    await replicas(page, 5);
    const log = page.getByRole('log', { name: 'Terminal output' });
    await until('all lines ran', async () => (await log.innerText()).includes('four\n'));
    assert.match(await log.innerText(), /\$ echo one\none\n\S* ?\$ ?echo two\ntwo\n[^]*three\n[^]*four\n/);
    assert.equal(await line.inputValue(), '');
    assert(await page.getByRole('checkbox', { name: 'Skip waits' }).isChecked());
    assert.equal(await page.getByRole('combobox', { name: 'Speed' }).evaluate((it) => it.selectedIndex), 0);
  });

  test('is waited for by all that the app listens to', async () => {
    const page = await site.open({
      isWhole: false,
      before: (empty) =>
        empty.addInitScript(() => {
          const add = EventTarget.prototype.addEventListener;
          globalThis.types = { held: new Set(), apps: new Set() };
          EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
            const isOutside = this === globalThis || this === document || this === document.body;
            if (isOutside) globalThis.types[listener.name === 'hold' || String(listener).includes('isWhole') ? 'held' : 'apps'].add(type);
            return add.call(this, type, listener, ...rest);
          };
        }),
    });
    const { held, apps } = await page.evaluate(() => ({ held: [...types.held], apps: [...types.apps] }));
    // None of a person: the page is left, the network is back, something broke.
    const others = ['pagehide', 'hashchange', 'online', 'error', 'unhandledrejection'];
    assert(apps.includes('click') && apps.includes('keydown'), apps.join());
    assert.deepEqual(apps.filter((type) => !held.includes(type) && !others.includes(type)), []);
  });
});

describe('the guard of the other parts', () => {
  const site = useSite();

  for (const way of ['aborted', 'not there', 'another page', 'cut off']) {
    test(`${way}: the page says so, and nothing is lost`, async () => {
      const page = await site.open({ isWhole: false, before: (empty) => empty.route(GUARD, WAYS[way][0]) });
      await setReplicas(page, 7);
      await page.getByRole('alert').filter({ hasText: 'does not come' }).waitFor();
      await page.unroute(GUARD);
      await again(page).click();
      await replicas(page, 7);
      site.forgive(page);
    });
  }
});

describe('what is fetched when it is asked for', () => {
  const site = useSite();

  for (const [way, [answer, reason]] of Object.entries(WAYS)) {
    if (way === 'hanging for ever') continue;
    test(`the large editor, ${way}: the text area stays, and Try again brings it`, async () => {
      const page = await site.open({ before: (empty) => empty.route(EDITOR, answer) });
      await page.locator('.code').hover();
      await page.getByRole('status').filter({ hasText: reason }).waitFor();
      await page.locator('textarea.editor__area').focus();
      await page.keyboard.press('Home');
      await page.keyboard.type('# ');
      await until('it is typed', async () => (await manifest(page)).includes('# '));
      await page.unroute(EDITOR);
      await again(page).click();
      await page.locator('.cm-content').waitFor();
      site.forgive(page);
    });

    test(`an example, ${way}: Try again opens it`, async () => {
      const page = await site.open({ before: (empty) => empty.route(/examples\/.*\.yaml/, answer) });
      await page.getByRole('combobox', { name: 'Example' }).selectOption({ index: 2 });
      await page.getByRole('alert').filter({ hasText: reason }).waitFor();
      const before = await manifest(page);
      await page.unroute(/examples\/.*\.yaml/);
      await again(page).click();
      await until('the example is open', async () => (await manifest(page)) !== before);
      assert(!(await manifest(page)).includes('<p>'));
      site.forgive(page);
    });
  }

  test('an example that is given up leaves everything as it was', async () => {
    const page = await site.open({ before: (empty) => empty.route(/examples\//, (route) => route.abort()) });
    const before = await manifest(page);
    await page.getByRole('combobox', { name: 'Example' }).selectOption({ index: 2 });
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('group', { name: 'Result' }).getByText('could not be loaded').waitFor();
    assert.equal(await manifest(page), before);
    assert.equal(await page.getByRole('combobox', { name: 'Example' }).inputValue(), 'web');
    site.forgive(page);
  });

  test('a lesson and the list of lessons, with another page in their place', async () => {
    const page = await site.open({ before: (empty) => empty.route(/lessons\//, WAYS['another page'][0]) });
    await page.getByRole('button', { name: 'Lessons' }).click();
    await page.getByRole('alert').filter({ hasText: 'The list of lessons does not come' }).waitFor();
    await page.unroute(/lessons\//);
    await again(page).click();
    await page.getByRole('button', { name: /StatefulSet/ }).first().waitFor();
    site.forgive(page);
  });

  test('texts of the terminal come later all the same', async () => {
    const page = await site.open({ before: (empty) => empty.route(/terminal\/help/, WAYS['another page'][0]) });
    const line = page.getByRole('textbox', { name: 'Terminal input' });
    await line.focus();
    await page.getByRole('status').filter({ hasText: 'The help of the terminal does not come' }).waitFor();
    await page.unroute(/terminal\/help/);
    await again(page).click();
    await line.fill('kubectl --help');
    await line.press('Enter');
    const log = page.getByRole('log', { name: 'Terminal output' });
    await until('help', async () => (await log.innerText()).includes('kubectl controls the Kubernetes cluster manager'));
    site.forgive(page);
  });
});

describe('a new version of the page', () => {
  const site = useSite();

  test('is offered when parts of this one are gone, and a reload gets all of it', async () => {
    const page = await site.open({ isWhole: false });
    await page.waitForFunction(() => globalThis.fetchText);
    await page.route(REST, (route) => route.fulfill({ status: 404, body: '' }));
    await page.route(site.url, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/(app-module" content="web-)[0-9a-f]{16}/, '$10123456789abcdef');
      await route.fulfill({ response, body });
    });
    await setReplicas(page, 7);
    await page.getByRole('alert').filter({ hasText: 'A new version of this page is there' }).waitFor();
    await axe(page);
    await page.unroute(REST);
    await page.unroute(site.url);
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()]);
    await ready(page);
    await setReplicas(page, 6);
    await replicas(page, 6);
    site.forgive(page);
  });
});

describe('the start', () => {
  const site = useSite();

  /** A page of which something is missing: it is never ready. */
  async function start(before, options = {}) {
    const context = await site.browser.newContext(options);
    const page = await context.newPage();
    await before(page);
    await page.goto(site.url, { waitUntil: 'commit' });
    return page;
  }

  for (const [what, pattern] of Object.entries({ 'the first script': /\/start-/, 'the module': MODULE, 'the first half': FIRST })) {
    test(`says what it waits for when ${what} hangs`, async () => {
      const page = await start((empty) => empty.route(pattern, () => {}));
      await page.waitForFunction(() => document.querySelector('.coming').getAnimations()[0]?.playState === 'finished');
      assert(await page.getByText('has not arrived yet').isVisible());
      await axe(page);
      await page.context().close();
    });

    test(`is no blank page when ${what} is not there`, async () => {
      const page = await start((empty) => empty.route(pattern, (route) => route.fulfill({ status: 404, body: '' })));
      await page.getByText(/reload/i).waitFor();
      await page.context().close();
    });
  }

  test('says that it needs WebAssembly', async () => {
    const page = await start((empty) => empty.addInitScript(() => delete globalThis.WebAssembly));
    await page.getByRole('alert').filter({ hasText: /WebAssembly.*newer browser/ }).waitFor();
    await page.context().close();
  });

  test('says that it needs JavaScript, and nothing else', async () => {
    const page = await start(() => {}, { javaScriptEnabled: false });
    await page.waitForLoadState();
    assert.match(await page.locator('noscript').innerText(), /it needs JavaScript/);
    assert.equal(await page.locator('.coming').isVisible(), false);
    await page.context().close();
  });
});

describe('the policy', () => {
  const site = useSite();

  test('lets no text become a script or an element', async () => {
    const page = await site.open();
    const refused = await page.evaluate(() => {
      const tried = [
        () => (document.createElement('div').innerHTML = '<b>bold</b>'),
        () => (document.createElement('script').src = 'start.js'),
        () => trustedTypes.createPolicy('own', {}),
      ];
      return tried.map((each) => {
        try {
          each();
          return 'allowed';
        } catch (error) {
          return error.name;
        }
      });
    });
    assert.deepEqual(refused, ['TypeError', 'TypeError', 'TypeError']);
    site.forgive(page);
  });
});

describe('in a frame without an origin', () => {
  const site = useSite();

  test('the stage plays, and its controls work', async () => {
    const page = await site.open();
    const frame = `<!DOCTYPE html><iframe sandbox="allow-scripts" width="900" height="700" src="${site.url}?embed=1"></iframe>`;
    await page.route(`${site.url}frame`, (route) => route.fulfill({ contentType: 'text/html', body: frame }));
    await page.goto(`${site.url}frame`);
    const inner = page.frameLocator('iframe');
    await inner.locator('html[data-ready="true"]').waitFor({ state: 'attached' });
    await inner.getByRole('combobox', { name: 'Speed' }).selectOption({ index: 3 });
    await inner.getByRole('button', { name: 'Pause' }).click();
    await inner.getByRole('button', { name: 'Play', exact: true }).click();
    await inner.getByText('web-0').first().waitFor();
  });
});

test('every text that is served is known by its size and digest', async () => {
  const names = await readdir(DIST);
  const guard = await readFile(new URL(names.find((name) => GUARD.test(`/${name}`)), DIST), 'utf8');
  for (const folder of ['examples', 'lessons', 'docs', 'terminal']) {
    for (const name of await readdir(new URL(`${folder}/`, DIST))) assert(guard.includes(`"${folder}/${name}":[`), name);
  }
});
