// The manifest: text and form are one, what is wrong is told and fixed, what will happen is told before.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, test } from 'node:test';
import { changedLines, editor, hurry, manifest, readyPods, setReplicas, until, write } from './app.mjs';
import { axe, ready, table, useSite } from './harness.mjs';
import { kept } from './kept.mjs';

/** A manifest of 300 lines, most of them comments. */
function long(text) {
  const lines = text.trimEnd().split('\n');
  const commented = [];
  for (const line of lines) commented.push(`# about the next line: ${commented.length}`, line);
  while (commented.length < 300) commented.push(`# ${commented.length}`);
  return `${commented.join('\n')}\n`;
}

const outlook = (page) => page.getByRole('region', { name: 'What will happen' });

async function ahead(page, words) {
  const region = outlook(page);
  if (!(await region.isVisible())) await page.getByText('What will happen').click();
  for (const word of words) await region.getByText(word).first().waitFor();
}

async function field(page, role, name, value) {
  const control = page.getByRole(role, { name, exact: true });
  await control.fill(value);
  await control.blur();
}

describe('text and form', () => {
  const site = useSite();

  test('six fields set by form change six lines of a long text with comments', async () => {
    const page = await site.open();
    await page.getByRole('checkbox', { name: 'Apply automatically' }).uncheck();
    const text = long(await manifest(page));
    assert.equal(text.split('\n').length, 301);
    await write(page, text);
    await field(page, 'spinbutton', 'Replicas', '5');
    await field(page, 'textbox', 'Image', 'nginx:1.30');
    await field(page, 'textbox', 'Storage size', '7Gi');
    await field(page, 'textbox', 'Mount path', '/srv');
    await page.getByRole('radio', { name: 'ReadWriteMany', exact: true }).check();
    await field(page, 'spinbutton', 'Termination grace period seconds', '20');
    const now = await manifest(page);
    assert.equal(now.split('\n').length, text.split('\n').length, 'no line comes or goes');
    const lines = changedLines(text, now);
    assert.equal(lines.length, 6, lines.join('\n'));
  });

  test('undo takes back typing and form alike, and redo brings them again', async () => {
    const page = await site.open();
    const first = await manifest(page);
    const content = await editor(page);
    await content.click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.type('#a');
    await page.keyboard.press('Enter');
    const typed = await until('it is typed', async () => {
      const text = await manifest(page);
      return text.startsWith('#a\n') && text;
    });
    await setReplicas(page, 4);
    await content.focus();
    await page.keyboard.press('ControlOrMeta+z');
    await until('the form is back', async () => (await manifest(page)) === typed);
    for (let times = 0; times < 4; times++) await page.keyboard.press('ControlOrMeta+z');
    await until('the text is back', async () => (await manifest(page)) === first);
    for (let times = 0; times < 5; times++) await page.keyboard.press('ControlOrMeta+Shift+Z');
    await until('both are there again', async () => /replicas: 4/.test(await manifest(page)));
  });

  test('a chooser says which of several sets the form edits', async () => {
    const page = await site.open();
    const text = await manifest(page);
    await write(page, `${text}---\n${text.replaceAll('name: web', 'name: other')}`);
    const chooser = page.getByRole('combobox', { name: 'StatefulSet', exact: true });
    await chooser.selectOption({ label: 'other' });
    await setReplicas(page, 2);
    const counts = (await manifest(page)).match(/replicas: \d/g);
    assert.deepEqual(counts, ['replicas: 3', 'replicas: 2']);
  });

  test('line ends and a byte order mark stay what they are', async () => {
    const page = await site.open();
    const text = `\u{feff}${(await manifest(page)).replaceAll('\n', '\r\n')}`;
    const file = { name: 'web.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) };
    await page.getByLabel('Open files').setInputFiles(file);
    await until('it is open', async () => (await manifest(page)).startsWith('\u{feff}'));
    const content = await editor(page);
    await content.click();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('# end');
    await setReplicas(page, 4);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download YAML' }).click();
    const saved = readFileSync(await (await download).path(), 'utf8');
    const wanted = `${text.replace('replicas: 3', 'replicas: 4')}# end`;
    assert.equal(saved, wanted);
  });
});

describe('the large editor', () => {
  const site = useSite();

  test('is fetched only when somebody comes near the text', async () => {
    const page = await site.open();
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('button', { name: 'Help' }).click();
    await page.keyboard.press('Escape');
    assert.equal(asked.filter((path) => path.includes('editor-')).length, 0);
    await editor(page);
    assert.equal(asked.filter((path) => path.includes('editor-')).length, 1);
    assert.equal(await page.getByRole('textbox', { name: 'Manifest' }).count(), 1);
    await axe(page);
  });

  test('completes fields, explains them and finds text', async () => {
    const page = await site.open();
    const content = await editor(page);
    await content.click();
    await page.keyboard.press('ControlOrMeta+End');
    const text = await manifest(page);
    await write(page, text.replace('  replicas: 3\n', '  replicas: 3\n  \n'));
    await content.getByText('replicas', { exact: true }).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.type('minR');
    // A key right after the list has opened would be ignored.
    await page.locator('.cm-tooltip-autocomplete').getByText('minReadySeconds').click();
    await until('it is completed', async () => /minReadySeconds: /.test(await manifest(page)));
    await content.getByText('replicas', { exact: true }).hover();
    await page.locator('.explanation').getByText('desired number of replicas').waitFor();
    await page.keyboard.press('ControlOrMeta+f');
    await page.locator('.cm-search').waitFor();
    await page.keyboard.type('image');
    await page.locator('.cm-searchMatch').first().waitFor();
    await page.keyboard.press('Escape');
  });

  test('leaves the text area where it cannot be had', async () => {
    const page = await site.open({ before: (empty) => empty.route('**/editor-*.js', (route) => route.abort()) });
    const area = page.getByRole('textbox', { name: 'Manifest' });
    const text = await manifest(page);
    await area.fill(text.replace('replicas: 3', 'replicas: 2'));
    await until('the form follows', async () =>
      (await page.getByRole('spinbutton', { name: 'Replicas', exact: true }).inputValue()) === '2');
    site.forgive(page);
  });
});

describe('what is wrong', () => {
  const site = useSite();

  test('an unknown field is marked at its line and put right by its fix', async () => {
    const page = await site.open();
    const good = await manifest(page);
    const line = good.split('\n').findIndex((text) => text.includes('replicas:')) + 1;
    await write(page, good.replace('replicas:', 'replica:'));
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.getByRole('button', { name: `Line ${line}` }).waitFor();
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await problems.getByRole('button', { name: 'Change `replica` to `replicas`' }).click();
    await problems.waitFor({ state: 'detached' });
    assert.equal(await manifest(page), good);
  });

  test('a missing Service is a hint, with a fix that adds it', async () => {
    const page = await site.open();
    const text = await manifest(page);
    const alone = text.split('---\n').find((part) => part.includes('kind: StatefulSet'));
    await write(page, alone);
    await page.getByText('Hints', { exact: true }).click();
    await page.getByRole('button', { name: 'Add the headless Service' }).click();
    await until('it is there', async () => /kind: Service/.test(await manifest(page)));
    assert.equal(await page.getByRole('list', { name: 'Problems' }).count(), 0);
  });
});

describe('what will happen', () => {
  const site = useSite();

  test('is told before a change of image, size, serviceName and policy', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await page.getByRole('checkbox', { name: 'Apply automatically' }).uncheck();
    await field(page, 'textbox', 'Image', 'nginx:1.30');
    await ahead(page, [/image: ".*" → "nginx:1.30"/, /web-2 is replaced after/, /All is as asked after/]);
    const order = await outlook(page).getByRole('list', { name: 'Pods' }).locator('li').allInnerTexts();
    assert.deepEqual(order.map((line) => line.slice(0, 5)), ['web-2', 'web-1', 'web-0']);
    await axe(page);
    const undo = page.getByRole('button', { name: 'Undo' });
    const refused = ['The server refuses it:', /Forbidden: updates to statefulset spec/, 'Recreate, keeping the pods'];
    await undo.click();
    await field(page, 'textbox', 'Storage size', '9Gi');
    await ahead(page, refused);
    await undo.click();
    await field(page, 'textbox', 'Service name', 'other');
    await ahead(page, refused);
    await undo.click();
    await page.getByRole('radio', { name: 'Parallel', exact: true }).check();
    await ahead(page, refused);
    assert.deepEqual((await table(page, 'Pods')).length, 3);
  });
});

describe('what is taken away', () => {
  const site = useSite();

  test('a link shows the same state at the same instant to somebody else', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await setReplicas(page, 4);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Share and export' }).click();
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('The link is copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const pods = await table(page, 'Pods');
    const text = await manifest(page);
    const at = await page.getByRole('slider').first().getAttribute('aria-valuetext');
    const other = await site.open({ address: new URL(link).hash });
    assert.deepEqual(await table(other, 'Pods'), pods);
    assert.equal(await manifest(other), text);
    assert.equal(await other.getByRole('slider').first().getAttribute('aria-valuetext'), at);
    assert.equal(await other.evaluate(() => location.hash), '');
    const alone = await site.open({ address: `?embed=1${new URL(link).hash}` });
    assert.equal(await alone.getByRole('region', { name: 'Configure' }).count(), 0);
    await alone.getByRole('region', { name: 'Cluster' }).waitFor();
    await axe(alone);
  });

  test('a link that is damaged or too new says so and loses nothing', async () => {
    for (const [address, words] of [['#play=1.AAAA', 'the link is damaged'], ['#play=9.AAAA', 'the link has format 9']]) {
      const page = await site.open({ address });
      await page.getByText(words).waitFor();
      assert.match(await manifest(page), /kind: StatefulSet/);
    }
  });

  test('a chart, a kustomization, the commands and a report', async () => {
    const page = await site.open();
    const take = async (name) => {
      await page.getByRole('button', { name: 'Share and export' }).click();
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      const got = await download;
      return [got.suggestedFilename(), readFileSync(await got.path())];
    };
    const [chart, packed] = await take('Download Helm chart');
    assert.equal(chart, 'web-0.1.0.tgz');
    assert.match(gunzipSync(packed).toString('latin1'), /^web\/Chart\.yaml/);
    const [, kustomization] = await take('Download kustomization');
    assert.match(gunzipSync(kustomization).toString('latin1'), /^base\/kustomization\.yaml/);
    const [script, commands] = await take('Download commands');
    assert.equal(script, 'web.sh');
    assert.match(String(commands), /kubectl apply -f -/);
    const [, report] = await take('Download report');
    assert.match(String(report), /data:image\/svg\+xml;base64,/);
  });
});

describe('workspaces', () => {
  const site = useSite();

  test('are named, kept, exported and taken in again', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    await page.getByRole('button', { name: 'Workspaces' }).click();
    await page.getByRole('textbox', { name: 'Name of the copy' }).fill('Lab 1');
    await Promise.all([
      page.waitForEvent('load'),
      page.getByRole('button', { name: 'Copy to new' }).click(),
    ]);
    await ready(page);
    assert.match(await manifest(page), /replicas: 2/);
    await page.getByRole('button', { name: 'Workspaces' }).click();
    const list = page.getByRole('list', { name: 'Workspaces' });
    assert.deepEqual((await list.getByRole('button').allInnerTexts()).map((it) => it.split('\n')[0]).filter(Boolean),
      ['Lab 1', 'My work']);
    await axe(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export all' }).click();
    const file = await (await download).path();
    const other = await site.open();
    await other.getByRole('button', { name: 'Workspaces' }).click();
    await other.getByLabel('Import workspaces').setInputFiles(file);
    await other.getByText('2 workspaces are imported').waitFor();
  });

  test('two tabs of one workspace lose nothing', async () => {
    const page = await site.open();
    await setReplicas(page, 2);
    await kept(page);
    const tab = await page.context().newPage();
    await tab.goto(page.url());
    await ready(tab);
    await setReplicas(tab, 5);
    const asked = page.getByRole('group', { name: 'Changed in another tab' });
    await asked.waitFor();
    await Promise.all([
      page.waitForEvent('load'),
      asked.getByRole('button', { name: 'Keep mine as a copy' }).click(),
    ]);
    await ready(page);
    assert.match(await manifest(page), /replicas: 2/);
    await tab.reload();
    await ready(tab);
    assert.match(await manifest(tab), /replicas: 5/);
  });

  test('a browser without room says so once', async () => {
    const page = await site.open({
      before: (empty) => empty.addInitScript(() => {
        Storage.prototype.setItem = IDBObjectStore.prototype.put = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
      }),
    });
    await setReplicas(page, 2);
    await page.getByRole('alert', { name: 'Not saved' }).getByText('this browser has no room left').waitFor();
    assert.match(await manifest(page), /replicas: 2/);
  });
});
