// The second half of the app is no part of a first visit, and is there for whatever needs it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { manifest, setReplicas, until } from './app.mjs';
import { useSite } from './harness.mjs';

const REST = /\/rest-[0-9a-f]{16}\.wasm$/;

describe('the second half of the app', () => {
  const site = useSite();

  for (const view of [{}, { width: 360, height: 740, scheme: 'dark', reducedMotion: true }]) {
    test(`is not needed at first with ${JSON.stringify(view)}`, async () => {
      const asked = [];
      const page = await site.open({ ...view, isWhole: false, before: (empty) => note(empty, asked) });
      await page.waitForLoadState('networkidle');
      assert.deepEqual(asked, [], 'a first visit asked for it: try make profile');
    });
  }

  test('is fetched when somebody begins to do something, and once', async () => {
    const asked = [];
    const page = await site.open({ isWhole: false, before: (empty) => note(empty, asked) });
    await page.waitForLoadState('networkidle');
    assert.deepEqual(asked, []);

    const came = page.waitForResponse((response) => REST.test(new URL(response.url()).pathname));
    await page.mouse.move(100, 100);
    await (await came).finished();
    await changeText(page);
    assert.deepEqual(asked, ['fetch']);
  });
});

/** Sets a field by form, which changes the text by code of the second half. */
async function changeText(page) {
  await setReplicas(page, 7);
  await until('the text has changed', async () => (await manifest(page)).includes('replicas: 7'));
}

function note(page, asked) {
  page.on('request', (request) => {
    if (REST.test(new URL(request.url()).pathname)) asked.push(request.resourceType());
  });
}
