// Nothing is lost: work is kept through reloads, deaths, full and blocked storage, other tabs, links.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { editor, manifest, setReplicas, until, write } from './app.mjs';
import { axe, ready, useSite } from './harness.mjs';
import { database, fill, kept, kill, limit, tab } from './kept.mjs';

const replicas = async (page) => Number((await manifest(page)).match(/replicas: (\d+)/)[1]);
const terminal = (page) => page.getByRole('textbox', { name: 'Terminal input' });
const notSaved = (page) => page.getByRole('alert', { name: 'Not saved' });
const elsewhere = (page) => page.getByRole('group', { name: 'Changed in another tab' });

async function enter(page, ...lines) {
  for (const line of lines) {
    await terminal(page).fill(line);
    await terminal(page).press('Enter');
  }
}

/** Puts a link into the address bar of the open page. */
const open = (page, fragment) =>
  page.evaluate((fragment) => {
    location.hash = fragment;
  }, fragment);

async function again(page) {
  await page.reload();
  await ready(page);
}

async function workspaces(page) {
  await page.getByRole('button', { name: 'Workspaces' }).click();
  const list = page.getByRole('list', { name: 'Workspaces', exact: true });
  await list.waitFor();
  return list;
}

/** The file of all workspaces. */
async function exported(page) {
  await workspaces(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export all' }).click();
  let file = '';
  for await (const piece of await (await download).createReadStream()) file += piece;
  return file;
}

describe('work is there again', () => {
  const site = useSite();

  for (const pause of [0, 20, 120, 400]) {
    test(`reloaded ${pause} ms after a change`, async () => {
      const page = await site.open();
      await setReplicas(page, 4);
      await page.waitForTimeout(pause);
      await again(page);
      assert.equal(await replicas(page), 4);
      // What was on its way when the page was reloaded was not needed any more.
      site.forgive(page);
    });
  }

  test('closed and opened again', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    const other = await page.context().newPage();
    await page.close({ runBeforeUnload: true });
    await other.goto(site.url);
    await ready(other);
    assert.equal(await replicas(other), 2);
  });

  test('with what is half typed in the terminal', async () => {
    const page = await site.open();
    await enter(page, 'cat <<END > notes', 'one');
    await terminal(page).pressSequentially('two and');
    await again(page);
    assert.equal(await terminal(page).inputValue(), 'two and');
    await terminal(page).press('Enter');
    await enter(page, 'END', 'cat notes');
    await page.getByRole('log', { name: 'Terminal output' }).getByText('two and').last().waitFor();
  });

  for (const [command, title] of [['vi notes', /notes/], ['kubectl edit sts web', /web/]]) {
    test(`with what is being edited by ${command}`, async () => {
      const page = await site.open();
      await enter(page, command);
      const area = page.getByRole('textbox', { name: title }).last();
      await area.fill('# half a thought\n');
      await again(page);
      assert.equal(await page.getByRole('textbox', { name: title }).last().inputValue(), '# half a thought\n');
    });
  }

  test('with what is being edited by a line that does more than edit', async () => {
    const page = await site.open();
    await enter(page, 'echo a > notes; vi notes');
    await page.getByRole('textbox', { name: /notes/ }).last().fill('half a thought\n');
    await again(page);
    await page.getByText('What you were editing').waitFor();
    await enter(page, 'cat unsaved-*');
    await page.getByRole('log', { name: 'Terminal output' }).getByText('half a thought').waitFor();
  });

  test('with the lesson that is being made', async () => {
    const page = await site.open();
    await page.getByRole('button', { name: 'Lessons' }).click();
    await page.getByRole('button', { name: 'Make a lesson' }).click();
    const form = page.getByRole('region', { name: 'Make a lesson' });
    await form.getByRole('textbox', { name: 'Title' }).fill('Claims outlive pods');
    await form.getByRole('textbox', { name: 'Hint' }).fill('look twice');
    await again(page);
    assert.equal(await form.getByRole('textbox', { name: 'Title' }).inputValue(), 'Claims outlive pods');
    assert.equal(await form.getByRole('textbox', { name: 'Hint' }).inputValue(), 'look twice');
  });
});

describe('a page that is killed', () => {
  const site = useSite();

  test('leaves all but the last 100 ms', async () => {
    const page = await site.open();
    const context = page.context();
    let current = page;
    let expected = 0;
    for (let round = 0; round < 8; round++) {
      const content = await editor(current);
      await content.click();
      await current.keyboard.press('ControlOrMeta+Home');
      const typed = `# ${round} `;
      await current.keyboard.type(typed, { delay: 5 });
      expected += typed.length;
      await current.waitForTimeout(100 + round * 50);
      await kill(current);
      current = await context.newPage();
      await current.goto(site.url);
      await ready(current);
      const text = await manifest(current);
      const found = [...text.matchAll(/# \d /g)].length * typed.length;
      assert.equal(found, expected, `round ${round}: ${text.slice(0, 80)}`);
    }
    await current.close();
    site.forgive(page);
  });
});

describe('storage that is full', () => {
  const site = useSite();

  test('with 10 KB left loses nothing, and says so until there is room', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    await kept(page);
    await fill(page, 10_000);
    await limit(page, 0);
    await write(page, `${await manifest(page)}# ${'long '.repeat(5000)}\n`);
    await notSaved(page).waitFor();
    await axe(page);
    const [{ records }] = Object.values(await database(page));
    assert(!records.join('').includes('long long'), 'there was room after all');
    const download = page.waitForEvent('download');
    await notSaved(page).getByRole('button', { name: 'Export all' }).click();
    const stream = await (await download).createReadStream();
    let file = '';
    for await (const piece of stream) file += piece;
    assert.match(file, /long long/);
    await limit(page, 50_000_000);
    await notSaved(page).waitFor({ state: 'detached' });
    await kept(page);
    assert.match(Object.values(await database(page))[0].records.join(''), /long long/);
    site.forgive(page);
  });

  test('is told of a change that the browser gives up', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    await kept(page);
    const before = (await database(page))['My work'].records.join();
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = function (...given) {
        const request = put.apply(this, given);
        request.onsuccess = () => globalThis.givesUp && this.transaction.abort();
        return request;
      };
      globalThis.givesUp = true;
    });
    await setReplicas(page, 5);
    await notSaved(page).getByText('storage failed').waitFor();
    assert.equal((await database(page))['My work'].records.join(), before);
    await page.evaluate(() => (globalThis.givesUp = false));
    await kept(page);
    await notSaved(page).waitFor({ state: 'detached' });
    await again(page);
    assert.equal(await replicas(page), 5);
  });

  test('keeps what was done through reloads', async () => {
    const none = (empty) =>
      empty.addInitScript(() => {
        const { put } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.put = function (...given) {
          if (localStorage.getItem('full')) throw new DOMException('no room', 'QuotaExceededError');
          return put.apply(this, given);
        };
      });
    const page = await site.open({ before: none });
    await setReplicas(page, 2);
    await kept(page);
    await page.evaluate(() => localStorage.setItem('full', '1'));
    for (const wanted of [4, 5]) {
      await setReplicas(page, wanted);
      await notSaved(page).waitFor();
      await again(page);
      assert.equal(await replicas(page), wanted);
      await notSaved(page).waitFor();
    }
    await page.evaluate(() => localStorage.removeItem('full'));
    await notSaved(page).waitFor({ state: 'detached' });
    await kept(page);
    await again(page);
    assert.equal(await replicas(page), 5);
    assert.equal(Object.keys(await database(page)).length, 1);
    site.forgive(page);
  });

  for (const what of ['example', 'lesson', 'link']) {
    test(`with a ${what} that is opened keeps the work`, async () => {
      const page = await site.open();
      await setReplicas(page, 2);
      await kept(page);
      await fill(page, 10_000);
      await limit(page, 0);
      await setReplicas(page, 5);
      if (what === 'example') await page.getByRole('combobox', { name: 'Example' }).selectOption('quorum');
      if (what === 'lesson') {
        await page.getByRole('button', { name: 'Lessons' }).click();
        await page.getByRole('button', { name: 'First StatefulSet' }).first().click();
      }
      if (what === 'link') {
        await Promise.all([page.waitForEvent('load'), open(page, 'lesson=claims-stay')]);
        await ready(page);
      }
      await page.waitForTimeout(500);
      await limit(page, 50_000_000);
      const opened = await tab(page, site.url);
      const list = await workspaces(opened);
      await list.getByRole('button', { name: /^My work/ }).first().click();
      await until('the work is there', async () => {
        await ready(opened);
        return (await replicas(opened)) === 5;
      });
      site.forgive(page);
    });
  }
});

describe('storage that is forbidden', () => {
  const site = useSite();
  const forbid = (empty) =>
    empty.addInitScript(() => {
      Object.defineProperty(globalThis, 'indexedDB', { get: () => undefined });
      Storage.prototype.setItem = () => {
        throw new DOMException('no', 'SecurityError');
      };
    });

  test('is told, and the browser asks before the page is left', async () => {
    const page = await site.open({ before: forbid });
    await setReplicas(page, 2);
    await notSaved(page).getByText('does not let the page keep').waitFor();
    await axe(page);
    const asked = page.waitForEvent('dialog');
    const closing = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    assert.equal(dialog.type(), 'beforeunload');
    await dialog.accept();
    await closing;
  });
});

describe('tabs of one workspace', () => {
  const site = useSite();

  for (const count of [2, 3]) {
    test(`${count} of them lose nothing, whichever closes first`, async () => {
      const page = await site.open();
      await setReplicas(page, 1);
      await kept(page);
      const tabs = [page];
      while (tabs.length < count) tabs.push(await tab(page));
      for (const [number, each] of tabs.entries()) await setReplicas(each, number + 2);
      for (const each of tabs.slice(1)) await elsewhere(each).waitFor();
      for (const each of tabs) await kept(each);
      const all = JSON.parse(await exported(page)).statefulsetPlayground.workspaces;
      const seen = all.map(({ work }) => Number(JSON.parse(work).text.match(/replicas: (\d)/)[1]));
      assert.deepEqual(seen.sort(), tabs.map((_, number) => number + 2));
      await axe(page);
      for (const each of tabs.slice(1)) await each.close({ runBeforeUnload: true });
    });
  }

  test('asks which one is meant', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    await kept(page);
    const other = await tab(page);
    await setReplicas(other, 5);
    await elsewhere(page).waitFor();
    await Promise.all([
      page.waitForEvent('load'),
      elsewhere(page).getByRole('button', { name: "Load the other tab's" }).click(),
    ]);
    await ready(page);
    assert.equal(await replicas(page), 5);
  });
});

describe('what is opened', () => {
  const site = useSite();

  test('stands beside the work, the same thing in the same place', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    const example = page.getByRole('combobox', { name: 'Example' });
    await example.selectOption('quorum');
    await until('the example is open', async () => /etcd/.test(await manifest(page)));
    await kept(page);
    const list = await workspaces(page);
    assert.equal(await list.getByRole('listitem').count(), 2);
    const mine = list.getByRole('button', { name: 'My work' }).first();
    await Promise.all([page.waitForEvent('load'), mine.click()]);
    await ready(page);
    assert.equal(await replicas(page), 4);
    await example.selectOption('quorum');
    await until('the example is open again', async () => /etcd/.test(await manifest(page)));
    await ready(page);
    assert.equal(Object.keys(await database(page)).length, 2);
  });

  test('is not opened by the arrow keys until it is confirmed', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    const example = page.getByRole('combobox', { name: 'Example' });
    await example.focus();
    for (let key = 0; key < 3; key++) await page.keyboard.press('ArrowDown');
    await page.waitForTimeout(500);
    assert.equal(await replicas(page), 4);
    const version = page.getByRole('combobox', { name: 'Kubernetes version' });
    const before = await version.inputValue();
    await example.focus();
    await page.keyboard.press('Enter');
    await until('it is open', async () => !/name: web$/m.test(await manifest(page)));
    assert.equal(await version.inputValue(), before);
  });

  test('comes of a link that is pasted into the address bar', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await kept(page);
    await Promise.all([page.waitForEvent('load'), open(page, 'lesson=claims-stay')]);
    await ready(page);
    await page.getByRole('heading', { name: 'Claims stay' }).waitFor();
    assert.equal(Object.keys(await database(page)).includes('My work'), true);
  });

  test('leaves a text alone if it cannot be used', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await page.getByLabel('Open files').setInputFiles({ name: 'a.yaml', mimeType: 'text/yaml', buffer: Buffer.from([0, 1, 2, 255]) });
    await page.getByText('is no text').first().waitFor();
    assert.equal(await replicas(page), 4);
  });
});

describe('workspaces', () => {
  const site = useSite();

  test('that were deleted come back', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await page.getByRole('combobox', { name: 'Example' }).selectOption('quorum');
    await until('the example is open', async () => /etcd/.test(await manifest(page)));
    await kept(page);
    const list = await workspaces(page);
    await page.getByRole('button', { name: 'Delete My work' }).click();
    await page.getByRole('button', { name: 'Undo deleting My work' }).click();
    await list.getByRole('button', { name: 'My work' }).first().click();
    await until('the work is there again', async () => {
      await ready(page);
      return (await replicas(page)) === 4;
    });
  });

  test('that are damaged are set aside, listed, and never overwritten', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await kept(page);
    await page.evaluate(async () => {
      const open = await new Promise((done) => {
        const request = indexedDB.open('statefulset-playground', 1);
        request.onsuccess = () => done(request.result);
      });
      const store = open.transaction('records', 'readwrite').objectStore('records');
      const [key] = await new Promise((done) => {
        const request = store.getAllKeys();
        request.onsuccess = () => done(request.result);
      });
      store.put('rubbish', key);
      await new Promise((done) => {
        store.transaction.oncomplete = done;
      });
    });
    await again(page);
    await page.getByText('could not be opened').waitFor();
    await setReplicas(page, 2);
    await kept(page);
    const found = await database(page);
    assert.deepEqual(found['My work'].records, ['rubbish']);
    await workspaces(page);
    const aside = page.getByRole('list', { name: 'Set aside' });
    const download = page.waitForEvent('download');
    await aside.getByRole('button', { name: 'Download My work' }).click();
    await download;
    await axe(page);
  });

  test('of earlier releases are taken in', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await kept(page);
    const file = await exported(page);
    const { name, work } = JSON.parse(file).statefulsetPlayground.workspaces[0];
    assert.equal(name, 'My work');
    const other = await site.open({
      before: (empty) =>
        empty.addInitScript((work) => {
          if (localStorage.length > 0) return;
          localStorage.setItem('statefulset-playground.work', work);
          localStorage.setItem('statefulset-playground.work.Lab', work);
          localStorage.setItem('statefulset-playground.work.aside', 'rubbish');
        }, work),
    });
    assert.equal(await replicas(other), 4);
    await kept(other);
    const found = await database(other);
    assert.deepEqual(Object.keys(found).sort(), ['Lab', 'My work', 'Set aside']);
    assert.deepEqual(found['Set aside'].records, ['rubbish']);
    const left = await other.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('.work')));
    assert.deepEqual(left, []);
  });

  test('are exported with what is on the screen', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    assert.match(await exported(page), /replicas: 4/);
  });
});
