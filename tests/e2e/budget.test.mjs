// What the first visit costs: bytes until the page answers to input, and the time to that moment.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, constants } from 'node:zlib';
import { useSite } from './harness.mjs';

const BYTES = 350 * 1000;
const START_MS = 1500;
const MEASUREMENTS = 3;

describe('the first visit', () => {
  const site = useSite();

  test(`needs at most ${kb(BYTES)} with brotli`, async (t) => {
    const files = [];
    const page = await site.open({
      before: (empty) => {
        empty.on('response', (response) => files.push(response));
        return noteReadyTime(empty);
      },
    });
    await page.waitForLoadState('networkidle');

    const names = await page.evaluate(() => {
      const entries = performance.getEntriesByType('resource');
      return entries.filter((entry) => entry.startTime <= window.readyAt).map((entry) => entry.name);
    });
    const first = files.filter((file) => file.url() === page.url() || names.includes(file.url()));
    const sizes = await Promise.all(
      first.map(async (file) => [new URL(file.url()).pathname, compressed(await file.body())]),
    );
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    for (const [name, size] of sizes) t.diagnostic(`${String(size).padStart(8)}  ${name}`);
    t.diagnostic(`${String(sum).padStart(8)}  bytes in all, ${kb(sum)} of ${kb(BYTES)}`);

    assert(sizes.some(([name]) => name.endsWith('.wasm')), 'the app itself was not counted');
    assert(sum <= BYTES, `${kb(sum)} is over the budget of ${kb(BYTES)}: try make profile`);
  });

  test(`is ready for input within ${START_MS} ms`, async (t) => {
    const times = [];
    for (let i = 0; i < MEASUREMENTS; i += 1) {
      const page = await site.open({ before: noteReadyTime });
      times.push(Math.round(await page.evaluate(() => window.readyAt)));
      await page.context().close();
    }
    t.diagnostic(`ready after ${times.join(', ')} ms`);
    assert(Math.min(...times) <= START_MS, `ready only after ${times.join(', ')} ms`);
  });
});

/** From the next load on `window.readyAt` is when the page said that it is ready. */
function noteReadyTime(page) {
  return page.addInitScript(() => {
    const note = () => {
      if (document.documentElement?.dataset.ready !== 'true') return;
      window.readyAt ??= performance.now();
    };
    new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
  });
}

function compressed(body) {
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function kb(bytes) {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
