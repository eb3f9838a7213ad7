// The tables below the picture: DNS panel, probes, and how they come into view.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hurry, readyPods, until } from './app.mjs';
import { table, useSite } from './harness.mjs';

describe('the DNS panel', () => {
  const site = useSite();

  test('tells what a name leads to, why not, and what a kept answer does', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    const answer = page.getByRole('status', { name: 'Answer' });
    await answer.getByText('web-0.nginx.default.svc.cluster.local').waitFor();
    await answer.getByText('It leads to web-0.').waitFor();
    await page.getByRole('textbox', { name: 'Name to look up' }).fill('web-3.nginx');
    await answer.getByText('NXDOMAIN').waitFor();
    await page.getByRole('checkbox', { name: 'Keep answers 30 s' }).check();
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'nslookup', exact: true }).click();
    await page.getByRole('group', { name: 'Result' })
      .getByText("** server can't find web-3.nginx: NXDOMAIN").first().waitFor();
    await answer.getByText('Kept since').waitFor();
  });
});

describe('the probes of a container', () => {
  const site = useSite();

  test('are listed attempt by attempt, with the count against the threshold', async () => {
    const page = await site.open();
    await page.getByRole('checkbox', { name: 'Readiness probe' }).check();
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await page.getByRole('button', { name: 'Actions for web-0' }).click();
    await page.getByRole('button', { name: 'Fail readiness probe of web-0' }).click();
    await page.getByRole('button', { name: 'Actions for web-0' }).click();
    await page.getByRole('button', { name: 'Show probes of web-0' }).click();
    const attempts = await until('three failures in a row', async () => {
      const rows = await table(page, 'Probes');
      const third = rows.findIndex((row) => row['IN A ROW'] === '3 of 3');
      return third >= 0 && rows.slice(third);
    });
    assert.deepEqual(attempts.slice(0, 3).map((row) => row['IN A ROW']), ['3 of 3', '2 of 3', '1 of 3']);
    assert(attempts.slice(0, 3).every((row) => row.RESULT === '✗ failure'), JSON.stringify(attempts));
    assert(attempts.slice(3).every((row) => row.RESULT === '✓ success'), JSON.stringify(attempts));
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('table', { name: 'Probes' }).waitFor({ state: 'detached' });
  });
});

describe('the tables', () => {
  const site = useSite();

  test('come into view without moving the page', async () => {
    const page = await site.open();
    const list = page.getByRole('group', { name: 'What this leaves out, scrollable' });
    assert.equal(await list.count(), 0, 'nobody asked for it');
    for (const name of [/DNS records/, /Claims/, /What this leaves out/, /Pods/]) {
      await page.getByRole('navigation', { name: 'Tables' }).getByRole('button', { name }).click();
      assert.equal(await page.evaluate(() => document.scrollingElement.scrollTop), 0, `${name}`);
    }
    await list.getByText('No container runs anything.').waitFor();
  });
});
