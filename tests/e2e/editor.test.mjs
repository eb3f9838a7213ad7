// The large editor: typing, undo, search, folding, completion, explanations, marks, and the text
// area that stands in for it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { editor, manifest, setReplicas, until, write } from './app.mjs';
import { axe, useSite } from './harness.mjs';

const replicas = (page) => page.getByRole('spinbutton', { name: 'Replicas', exact: true });
/** Puts the caret at the end of the first line that has this. */
async function endOf(page, part) {
  await page.locator('.cm-line', { hasText: part }).first().click();
  await page.keyboard.press('End');
}

describe('the editor of the manifest', () => {
  const site = useSite();

  test('what is typed is in the form, lit up and applied', async () => {
    const page = await site.open();
    await editor(page);
    await endOf(page, 'replicas: 3');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('5');
    await until('the form follows', async () => (await replicas(page).inputValue()) === '5');
    await page.locator('.cm-line.changed', { hasText: 'replicas: 5' }).waitFor();
    assert.equal(await page.locator('.cm-line.changed').count(), 1);
    await until('the text area follows', async () => /replicas: 5\n/.test(await manifest(page)));
    await page.locator('.chip', { hasText: 'Applied' }).waitFor();
  });

  test('undo takes back text and form in the order in which they were done', async () => {
    const page = await site.open();
    await editor(page);
    const first = await manifest(page);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.insertText('##\n');
    const typed = `##\n${first}`;
    await until('it is typed', async () => (await manifest(page)) === typed);
    await setReplicas(page, 4);
    await until('the text follows', async () => /replicas: 4/.test(await manifest(page)));
    await page.locator('.cm-line', { hasText: 'replicas: 4' }).waitFor();
    await page.locator('.cm-content').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await until('the form is as before', async () => (await manifest(page)) === typed);
    assert.equal(await replicas(page).inputValue(), '3');
    await page.keyboard.press('ControlOrMeta+z');
    await until('the text is as before', async () => (await manifest(page)) === first);
    await page.keyboard.press('ControlOrMeta+Shift+Z');
    await page.keyboard.press('ControlOrMeta+Shift+Z');
    await until('all is done again', async () => /^##\n[^]*replicas: 4/.test(await manifest(page)));
  });

  test('characters typed in a row, also equal ones, are one thing to undo', async () => {
    const page = await site.open();
    await editor(page);
    const first = await manifest(page);
    await endOf(page, 'replicas: 3');
    // In one go: no pause of the machine may come between them.
    await page.evaluate(() => {
      for (const key of ' ##  ##') document.execCommand('insertText', false, key);
    });
    await until('it is typed', async () => /replicas: 3 ## {2}##\n/.test(await manifest(page)));
    await page.keyboard.press('ControlOrMeta+z');
    await until('it is gone', async () => (await manifest(page)) === first);
  });

  test('what is typed after a pause is taken back by itself', async () => {
    const page = await site.open();
    await editor(page);
    const text = await manifest(page);
    // Hints are looked for when typing pauses: one comes with the pause, and a key ends it.
    await write(page, text.split('---\n').find((part) => part.includes('kind: StatefulSet')));
    const hint = page.locator('.cm-lint-marker-hint').first();
    await hint.waitFor();
    const before = await manifest(page);
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('#');
    await hint.waitFor({ state: 'detached' });
    await hint.waitFor();
    await page.keyboard.type('b');
    await until('it is typed', async () => (await manifest(page)) === `${before}#b`);
    await page.keyboard.press('ControlOrMeta+z');
    await until('the last is gone', async () => (await manifest(page)) === `${before}#`);
    await page.keyboard.press('ControlOrMeta+z');
    await until('the first is gone', async () => (await manifest(page)) === before);
  });

  test('finds text, and goes from one place to the next', async () => {
    const page = await site.open();
    await editor(page);
    await page.locator('.cm-content').click();
    await page.keyboard.press('ControlOrMeta+f');
    await page.keyboard.type('name: ');
    await page.locator('.cm-searchMatch').first().waitFor();
    const found = (await manifest(page)).split('name: ').length - 1;
    assert(found > 2, 'the example has several names');
    await page.keyboard.press('Enter');
    await page.locator('.cm-searchMatch-selected').waitFor();
    await axe(page);
    await page.keyboard.press('Escape');
    await page.locator('.cm-search').waitFor({ state: 'detached' });
  });

  test('folds a part, and unfolds it', async () => {
    const page = await site.open();
    await editor(page);
    const lines = page.locator('.cm-line');
    const before = await lines.count();
    await page.locator('.cm-foldGutter').getByText('▾').first().click();
    await page.locator('.cm-foldPlaceholder').waitFor();
    assert((await lines.count()) < before);
    await page.locator('.cm-foldPlaceholder').click();
    await page.locator('.cm-foldPlaceholder').waitFor({ state: 'detached' });
    assert.equal(await lines.count(), before);
  });

  test('completes a field, and explains one', async () => {
    const page = await site.open();
    const content = await editor(page);
    await endOf(page, 'replicas: 3');
    await page.keyboard.press('Enter');
    await page.keyboard.type('podM');
    // Chosen with the pointer: just after the list opens, Enter is still a new line.
    await page.locator('.cm-tooltip-autocomplete').getByText('podManagementPolicy').click();
    await until('it is completed', async () => /replicas: 3\n {2}podManagementPolicy: /.test(await manifest(page)));
    await content.getByText('replicas', { exact: true }).hover();
    await page.locator('.explanation').getByText('desired number of replicas').waitFor();
  });

  test('marks errors, warnings and hints in the margin, each in its way', async () => {
    const page = await site.open();
    const text = await manifest(page);
    const alone = text.split('---\n').find((part) => part.includes('kind: StatefulSet'));
    await write(page, alone);
    await page.locator('.cm-lint-marker-hint').first().waitFor();
    assert.equal(await page.locator('.cm-lint-marker-error').count(), 0);
    await page.locator('.cm-lint-marker-hint').first().hover();
    await page.locator('.cm-diagnostic-hint').first().waitFor();
    await write(page, alone.replace('replicas:', 'replica:'));
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await page.locator('.cm-lint-marker-error').first().hover();
    await page.locator('.cm-diagnostic-error').getByText('unknown field').waitFor();
  });

  test('a text area stands in where the editor cannot be had', async () => {
    const page = await site.open({ before: (empty) => empty.route('**/editor-*.js', (route) => route.abort()) });
    const area = page.getByRole('textbox', { name: 'Manifest' });
    await area.click();
    const text = await manifest(page);
    await area.fill(text.replace('replicas: 3', 'replicas: 2'));
    await until('the form follows', async () => (await replicas(page).inputValue()) === '2');
    await setReplicas(page, 4);
    await until('the text follows', async () => (await manifest(page)) === text.replace('replicas: 3', 'replicas: 4'));
    await page.locator('.line--changed', { hasText: 'replicas: 4' }).waitFor();
    site.forgive(page);
  });

  test('the licences of all that is served lie behind the help', async () => {
    const page = await site.open();
    await page.getByRole('button', { name: 'Help' }).click();
    const address = await page.getByRole('link', { name: 'Licences' }).getAttribute('href');
    const text = await page.evaluate(async (where) => (await fetch(where)).text(), address);
    const parts = ['@codemirror/view', '@lezer/lr', 'yew 0', 'serde_json 1', 'Kubernetes (Apache-2.0)', 'Helm (Apache-2.0)'];
    for (const part of [...parts, 'Permission is hereby granted']) assert(text.includes(part), part);
  });
});
