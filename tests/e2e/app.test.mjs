// What a person does with the page and sees of it, read from roles, names and tables as assistive
// technology does.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  changedLines, hurry, manifest, pod, readyPods, selected, setReplicas, until, why, write,
} from './app.mjs';
import { axe, table, useSite } from './harness.mjs';

describe('OrderedReady and Parallel', () => {
  const site = useSite();

  test('OrderedReady creates a pod only after the one before is Ready', async () => {
    const page = await site.open();
    await hurry(page);
    const pods = await readyPods(page, ['web-0', 'web-1', 'web-2']);
    for (const [before, after] of [['web-0', 'web-1'], ['web-1', 'web-2']]) {
      assert(
        pod(pods, before)['Ready since'] <= pod(pods, after).Created,
        `${after} was created at ${pod(pods, after).Created}, before ${before} was Ready`,
      );
    }
    const created = (await table(page, 'Events')).filter(
      (event) => event.REASON === 'SuccessfulCreate' && event.MESSAGE.startsWith('Create Pod'),
    );
    assert.deepEqual(
      created.map((event) => event.MESSAGE.match(/web-\d/)[0]).reverse(),
      ['web-0', 'web-1', 'web-2'],
    );
  });

  test('Parallel creates all pods at the same instant', async () => {
    const page = await site.open();
    await page.getByRole('radio', { name: 'Parallel', exact: true }).check();
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await hurry(page);
    const pods = await readyPods(page, ['web-0', 'web-1', 'web-2']);
    assert.equal(new Set(pods.map((row) => row.Created)).size, 1, JSON.stringify(pods));
  });
});

describe('changing a running set', () => {
  const site = useSite();

  test('scaling down removes the highest ordinal first and keeps the claims', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await setReplicas(page, 5);
    await readyPods(page, ['web-0', 'web-1', 'web-2', 'web-3', 'web-4']);
    await setReplicas(page, 2);
    await readyPods(page, ['web-0', 'web-1']);
    const deleted = (await table(page, 'Events')).filter(
      (event) => event.REASON === 'SuccessfulDelete',
    );
    assert.deepEqual(
      deleted.map((event) => event.MESSAGE.match(/web-\d/)[0]).reverse(),
      ['web-4', 'web-3', 'web-2'],
    );
    assert.equal((await table(page, 'Claims')).length, 5);
  });

  test('the size of the claims changes one line, and is refused in a running set', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    const before = await manifest(page);
    const size = page.getByRole('textbox', { name: 'Storage size' });
    await size.fill('5Gi');
    await size.press('Enter');
    await page.getByRole('group', { name: 'Result' })
      .getByText('updates to statefulset spec for fields other than').waitFor();
    const changed = changedLines(before, await manifest(page));
    assert.equal(changed.length, 1, changed.join('\n'));
    assert.match(changed[0], /storage: 5Gi/);

    await page.getByRole('button', { name: 'Start over with this manifest' }).click();
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    assert((await table(page, 'Claims')).every((claim) => claim.CAPACITY === '5Gi'));
  });

  test('a pod that is not Ready holds the next, and Why says so', async () => {
    const page = await site.open();
    await page.getByRole('checkbox', { name: 'Readiness probe' }).check();
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await page.getByRole('button', { name: 'Actions for web-1' }).click();
    await page.getByRole('button', { name: 'Fail readiness probe of web-1' }).click();
    await until('web-1 is not Ready', async () =>
      pod(await table(page, 'Pods'), 'web-1').READY === '0/1');
    await setReplicas(page, 4);
    const said = await until('Why names web-1', async () => {
      const text = await why(page);
      return text.includes('web-1') && text;
    });
    assert.match(said, /Ready/);
    assert.equal(pod(await table(page, 'Pods'), 'web-3'), undefined);
  });
});

describe('time', () => {
  const site = useSite();

  test('scrubbing back shows the earlier state, and forward the same later one', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    const playhead = page.getByRole('slider', { name: 'Playhead' });
    const at = await playhead.inputValue();
    const shown = async () => [await table(page, 'Pods'), await table(page, 'Events')];
    const later = await shown();
    await playhead.fill('1000');
    const earlier = await table(page, 'Pods');
    assert.equal(earlier.length, 1, JSON.stringify(earlier));
    await playhead.fill(at);
    assert.deepEqual(await shown(), later);
  });

  test('less motion starts step by step', async () => {
    const page = await site.open({ reducedMotion: true });
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const time = () => page.getByRole('slider', { name: 'Playhead' }).inputValue();
    const before = Number(await time());
    await page.getByRole('button', { name: 'Step forward' }).click();
    await until('a step was made', async () => Number(await time()) > before);
  });

  test('the keyboard alone plays, steps and reaches a pod', async () => {
    const page = await site.open();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Actions for web-0' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    assert.equal(await focused.getAttribute('aria-label'), 'Force delete pod web-0');
    await page.keyboard.press('Escape');
    assert.equal(await focused.getAttribute('aria-label'), 'Actions for web-0');
  });
});

describe('the text', () => {
  const site = useSite();

  test('a mistake is marked at its line, and the simulation goes on', async () => {
    const page = await site.open();
    const good = await manifest(page);
    const line = good.split('\n').findIndex((text) => text.includes('replicas:')) + 1;
    await write(page, good.replace('replicas:', 'replica:'));
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.getByText('unknown field').waitFor();
    await problems.getByRole('button', { name: `Line ${line}` }).click();
    await until('the line is selected', async () => (await selected(page)).includes('replica:'));
    assert((await table(page, 'Pods')).length > 0);
    await write(page, good);
    await problems.waitFor({ state: 'detached' });
  });

  test('a form change leaves comments alone and keeps the caret where it was', async () => {
    const page = await site.open();
    const text = `# mine\n${await manifest(page)}`;
    await write(page, text);
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.press('ArrowRight');
    await setReplicas(page, 4);
    assert.deepEqual(changedLines(text, await manifest(page)).length, 1);
    await page.locator('.cm-content').focus();
    await page.keyboard.type('x');
    await until('it is typed', async () => (await manifest(page)).startsWith('#x mine\n'));
  });

  test('Copy YAML copies what is shown', async () => {
    const page = await site.open();
    await page.getByRole('button', { name: 'Copy YAML' }).click();
    await page.getByText('Copied').first().waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await manifest(page));
  });
});

describe('examples', () => {
  const site = useSite();

  test('each is fetched when it is chosen, and comes up', async () => {
    const page = await site.open();
    const example = page.getByRole('combobox', { name: 'Example' });
    const options = await example.locator('option').evaluateAll((all) => all.map((it) => it.value));
    assert.equal(options.length, 7);
    for (const id of options.reverse()) {
      const before = await manifest(page);
      await example.selectOption(id);
      await until(`${id} is shown`, async () => (await manifest(page)) !== before);
      assert.equal(await example.inputValue(), id);
      assert.equal(await page.getByRole('list', { name: 'Problems' }).count(), 0, id);
      await until(`a pod of ${id}`, async () => (await table(page, 'Pods')).length > 0);
    }
  });
});

describe('work', () => {
  const site = useSite();

  test('survives a reload', async () => {
    const page = await site.open();
    await setReplicas(page, 4);
    await until('the text has changed', async () => (await manifest(page)).includes('replicas: 4'));
    await page.waitForLoadState('networkidle');
    await page.reload();
    await page.locator('html[data-ready="true"]').waitFor({ state: 'attached' });
    assert.match(await manifest(page), /replicas: 4/);
  });

  test('that is damaged is reported and kept aside', async () => {
    const page = await site.open({
      before: (empty) =>
        empty.addInitScript(() => {
          localStorage.setItem('statefulset-playground.work', JSON.stringify('rubbish'));
        }),
    });
    await page.getByText('Your saved work could not be opened').waitFor();
    assert.match(await manifest(page), /kind: StatefulSet/);
    await page.getByRole('button', { name: 'Workspaces' }).click();
    await page.getByRole('list', { name: 'Set aside' }).getByText('My work').waitFor();
  });
});

describe('versions', () => {
  const site = useSite();

  test('another version starts over, and a gate makes a manifest acceptable', async () => {
    const page = await site.open();
    await hurry(page);
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    const version = page.getByRole('combobox', { name: 'Kubernetes version' });
    await version.selectOption('1.34');
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
    const created = (await table(page, 'Events')).find((event) => event.REASON === 'SuccessfulCreate');
    assert.match(created.MESSAGE, /^create Pod web-\d in StatefulSet web successful/);

    await version.selectOption('1.37');
    const text = await manifest(page);
    await write(page, text.replace('serviceName', 'updateStrategy: {type: Recreate}\n  serviceName'));
    const problems = page.getByRole('list', { name: 'Problems' });
    await problems.getByText('updateStrategy').first().waitFor();
    await page.getByRole('button', { name: 'Feature gates' }).click();
    await axe(page);
    await page.getByRole('checkbox', { name: 'StatefulSetRecreateStrategy' }).check();
    await problems.waitFor({ state: 'detached' });
    await readyPods(page, ['web-0', 'web-1', 'web-2']);
  });
});

describe('everyone', () => {
  const site = useSite();

  for (const scheme of ['light', 'dark']) {
    test(`axe finds nothing with a menu open and with many pods, ${scheme}`, async () => {
      const page = await site.open({ scheme });
      await setReplicas(page, 20);
      await axe(page);
      await setReplicas(page, 3);
      await page.getByRole('button', { name: 'Actions for web-0' }).click();
      await axe(page);
    });
  }

  test('at 360 pixels every region is reachable and nothing overflows', async () => {
    const page = await site.open({ width: 360, height: 740 });
    for (const name of ['Configure', 'Manifest', 'Cluster']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('region', { name, exact: true }).waitFor();
      await page.getByRole('button', { name: 'Step forward' }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(width <= 360, `${name} is ${width} pixels wide`);
    }
  });
});
