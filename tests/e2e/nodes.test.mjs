// What a person does to nodes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hurry, pod, readyPods, until, why } from './app.mjs';
import { axe, table, useSite } from './harness.mjs';

describe('nodes', () => {
  const site = useSite();

  test('a lost node leaves its pod Terminating; Why says so, and force deletion ends it', async () => {
    const page = await site.open();
    await hurry(page);
    const lost = pod(await readyPods(page, ['web-0', 'web-1', 'web-2']), 'web-1').NODE;
    await page.getByRole('button', { name: `Actions for node ${lost}`, exact: true }).click();
    await page.getByRole('button', { name: 'Cut off from the cluster' }).click();
    await until('web-1 is Terminating', async () =>
      pod(await table(page, 'Pods'), 'web-1').STATUS === 'Terminating');
    const node = (await table(page, 'Nodes')).find((row) => row.NAME === lost);
    assert.equal(node.STATUS, 'NotReady');
    assert.equal(node.MACHINE, 'does not answer');
    assert.match(node.TAINTS, /node\.kubernetes\.io\/unreachable:NoExecute/);
    assert.match(await why(page), new RegExp(`its node ${lost} does not answer`));
    await axe(page);
    await page.getByRole('button', { name: 'Actions for web-1' }).click();
    await page.getByRole('button', { name: 'Force delete pod web-1' }).click();
    const pods = await readyPods(page, ['web-0', 'web-1', 'web-2']);
    assert.notEqual(pod(pods, 'web-1').NODE, lost);
  });

  test('a drained node is empty, and its command is shown', async () => {
    const page = await site.open();
    await hurry(page);
    const drained = pod(await readyPods(page, ['web-0', 'web-1', 'web-2']), 'web-2').NODE;
    await page.getByRole('button', { name: `Actions for node ${drained}`, exact: true }).click();
    await page.getByRole('button', { name: /^Drain/ }).click();
    await page.getByRole('group', { name: 'Result' })
      .getByText(`node/${drained} cordoned`).waitFor();
    await until('web-2 runs elsewhere', async () => {
      const row = pod(await table(page, 'Pods'), 'web-2');
      return row?.READY === '1/1' && row.NODE !== drained;
    });
    const node = (await table(page, 'Nodes')).find((row) => row.NAME === drained);
    assert.equal(node.STATUS, 'Ready,SchedulingDisabled');
  });
});
