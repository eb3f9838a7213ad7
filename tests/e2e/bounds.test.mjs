// What comes from outside takes long: the page asks before it goes on, and can always be stopped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { editor, manifest, paste, setReplicas, until } from './app.mjs';
import { axe, ready, useSite } from './harness.mjs';
import { database, kept } from './kept.mjs';
import { YEAR_MS, crashing, fileOf, link, probed, withInputs, work } from './links.mjs';

const site = useSite();
const heading = (page, name) => page.getByRole('heading', { name: `Opening ${name}` });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const asks = (page, name) => page.getByText('This takes long').and(page.getByRole('status')).waitFor().then(() => heading(page, name).waitFor());
const replicas = async (page) => Number((await manifest(page)).match(/replicas: (\d+)/)[1]);

/** A page with work of its own on a slow machine, and the example as it is saved. */
async function own() {
  const page = await site.open();
  const example = await work(page);
  await setReplicas(page, 4);
  await kept(page);
  const session = await page.context().newCDPSession(page);
  const slowDown = (rate) => session.send('Emulation.setCPUThrottlingRate', { rate });
  await slowDown(8);
  return { page, example, slowDown };
}

/** Goes where a link leads, as a person does who clicks on it elsewhere. */
async function follow(page, address) {
  await page.goto('about:blank');
  await page.goto(new URL(address, site.url).href);
}

describe('a link that takes long', () => {
  test('asks, and leaves the work alone', async () => {
    const { page, example } = await own();
    await follow(page, link(crashing(example, 30 * YEAR_MS)));
    await asks(page, 'the link');
    assert.equal(await page.getByText('has not arrived').count(), 0);
    await axe(page);
    await button(page, 'Do not open it').click();
    await ready(page);
    await page.getByText('The link was not opened: you stopped it.').first().waitFor();
    assert.equal(await replicas(page), 4);
    assert.equal(new URL(page.url()).hash, '');
    await page.reload();
    await ready(page);
    assert.equal(await replicas(page), 4);
    assert.deepEqual(Object.keys(await database(page)), ['My work']);
  });

  test('is stopped by Escape', async () => {
    const { page, example } = await own();
    await follow(page, link(probed(example, 30 * YEAR_MS)));
    await heading(page, 'the link').waitFor();
    await page.keyboard.press('Escape');
    await ready(page);
    assert.equal(await replicas(page), 4);
  });

  test('is opened as far as it is played', async () => {
    const { page, example } = await own();
    await follow(page, link(crashing({ ...example, text: example.text.replace('replicas: 3', 'replicas: 7') }, 30 * YEAR_MS)));
    await asks(page, 'the link');
    await button(page, 'Open as far as it is played').click();
    await ready(page);
    assert.equal(await replicas(page), 7);
    await kept(page);
    assert.deepEqual(Object.keys(await database(page)).sort(), ['My work', 'Shared']);
  });

  test('goes on if that is wanted', async () => {
    const { page, example, slowDown } = await own();
    await follow(page, link(withInputs(example, 60_000, 3_600_000)));
    await asks(page, 'the link');
    await slowDown(1);
    await button(page, 'Go on').click();
    await ready(page);
    await page.getByRole('button', { name: 'Workspaces' }).getByText('Shared').waitFor();
  });

  test('asks in a frame, too', async () => {
    const { page, example } = await own();
    await follow(page, `?embed=1${link(crashing(example, 30 * YEAR_MS))}`);
    await asks(page, 'the link');
    await button(page, 'Do not open it').click();
    await ready(page);
  });
});

describe('a workspace that takes long', () => {
  test('asks, stays as it is, and asks at once the next time', async () => {
    const { page, example } = await own();
    await button(page, 'Workspaces').click();
    await page.getByLabel('Import workspaces').setInputFiles(fileOf('Long', crashing(example, 30 * YEAR_MS)));
    await page.getByText('1 workspace is imported').first().waitFor();
    await page.getByRole('button', { name: /^Long/ }).first().click();
    await asks(page, '“Long”');
    await axe(page);
    // The tab is closed in the middle of it.
    await page.reload();
    const began = Date.now();
    await asks(page, '“Long”');
    await button(page, 'Do not open it').click();
    await ready(page);
    await page.getByText('“Long” is as it was, under Workspaces').first().waitFor();
    assert(Date.now() - began < 10_000);
    assert.deepEqual(Object.keys(await database(page)).sort(), ['Long', 'My work']);
  });
});

describe('a command that takes long', () => {
  const terminal = (page) => page.getByRole('textbox', { name: 'Terminal input' });
  const stop = (page) => page.getByRole('button', { name: 'Stop (Ctrl+C)' });
  const endless = 'while true; do kubectl get pods -A -o yaml > /dev/null; sleep 0.01; done';

  for (const key of ['Control+c']) {
    test(`is stopped by ${key}`, async () => {
      const page = await site.open();
      await terminal(page).fill(endless);
      await terminal(page).press('Enter');
      await stop(page).waitFor();
      await terminal(page).press(key);
      await until('it is over', async () => (await stop(page).count()) === 0);
      await terminal(page).fill('echo then; echo there');
      await terminal(page).press('Enter');
      await until('the next one runs', async () => /then\nthere/.test(await page.getByRole('log', { name: 'Terminal output' }).innerText()));
    });
  }

  test('thousands of pods do not hold up the page', async () => {
    const page = await site.open();
    await terminal(page).fill('kubectl scale sts web --replicas=5000');
    await terminal(page).press('Enter');
    await page.getByText('4000 more are not drawn here').waitFor();
    assert.equal(await page.locator('.cell').count(), 1000);
    await axe(page);
    await terminal(page).fill('kubectl scale sts web --replicas=5001');
    await terminal(page).press('Enter');
    await page.getByText('the playground simulates at most 5000 replicas of one workload').first().waitFor();
  });

  test('that goes from object to object is stopped between two of them', async () => {
    const page = await site.open();
    const shown = () => page.getByRole('log', { name: 'Terminal output' }).innerText();
    await terminal(page).fill('kubectl create deployment a --image=nginx --replicas=1000');
    await terminal(page).press('Enter');
    await until('it is created', async () => /deployment.apps\/a created/.test(await shown()));
    await terminal(page).fill('kubectl get pods -o name | wc -l; kubectl label pods --all by=me');
    await terminal(page).press('Enter');
    await stop(page).waitFor();
    await until('some are labelled', async () => / labeled/.test(await shown()));
    await terminal(page).press('Control+c');
    const pressed = Date.now();
    await until('it is over', async () => (await stop(page).count()) === 0);
    assert(Date.now() - pressed < 1_000, 'within a moment');
    await terminal(page).fill('kubectl get pods -l by=me -o name | wc -l');
    await terminal(page).press('Enter');
    const count = async () => Number((await shown()).match(/-o name \| wc -l\n(\d+)\n/)?.[1] ?? 0);
    await until('they are counted', async () => (await count()) > 0);
    assert((await count()) < 1_000, `${await count()} are labelled`);
  });
});

describe('a text that is long', () => {
  const long = `${'# '.padEnd(99, '-')}\n`.repeat(2_000);

  test('is read between two frames, and lost at no moment', async () => {
    const page = await site.open();
    const before = await manifest(page);
    await editor(page);
    await paste(page, `${long}${before.replace('replicas: 3', 'replicas: 5')}`);
    await page.reload();
    await ready(page);
    assert.equal(await replicas(page), 5);
    assert((await manifest(page)).length > long.length);
  });

  test('is refused beyond what can be read, and the text before it stays', async () => {
    const page = await site.open();
    const before = await manifest(page);
    const content = await editor(page);
    await paste(page, long.repeat(6));
    await page.getByText('The editor was left as it was').first().waitFor();
    assert.equal(await manifest(page), before);
    await paste(page, `data: {${Array.from({ length: 24_000 }, (_, n) => `k${n}: v`).join(',')}}`);
    await page.getByText('this playground reads at most 20000 keys and values of a text').first().waitFor();
    assert(/k\d+: v/.test(await content.innerText()), 'what was pasted stands there');
    await axe(page);
  });
});
