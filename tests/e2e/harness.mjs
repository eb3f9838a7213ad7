// What every browser test uses: the built site on a free port, one browser per file, and pages that
// fail their test when they log an error or ask another host for something.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before } from 'node:test';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';
import { startServer } from '../../scripts/serve.mjs';

const DIST = new URL('../../dist/', import.meta.url);
const START_LIMIT_MS = 15_000;
const BROWSER_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser; as root Chromium runs only without its sandbox. */
export function launchBrowser() {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: findChromium(), args: [...BROWSER_FLAGS, ...sandbox] });
}

/**
 * Call it once at the top of a test file. `site.open(...)` then gives a page that is ready for
 * input; after each test the pages are closed and checked.
 */
export function useSite({ base = '/' } = {}) {
  const site = { url: '', open: (options) => open(site, options) };
  let server;
  let opened = [];

  before(async () => {
    assert(existsSync(new URL('index.html', DIST)), 'dist is missing: run `make build` first');
    server = await startServer({ base });
    site.url = server.url;
    site.browser = await launchBrowser();
    site.remember = (entry) => opened.push(entry);
    // For a test that provokes errors: its page is closed without a check.
    site.forgive = (page) => {
      opened.find((entry) => entry.page === page).isForgiven = true;
    };
  });
  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { page, problems, isForgiven } of pages) {
      // An answer that a test makes may still be on its way.
      await page.unrouteAll({ behavior: 'ignoreErrors' }).catch(() => {});
      await page.context().close();
      if (isForgiven) continue;
      assert.deepEqual(problems, [], 'the page logged errors or asked another host');
    }
  });
  after(async () => {
    await site.browser?.close();
    await server?.stop();
  });
  return site;
}

/**
 * Opens a page and waits until it answers to input, and answers at once unless `isWhole` is false: what a
 * person does before the second half of the app is there waits for it.
 *
 * scheme: 'light' or 'dark'; width, height in CSS pixels; reducedMotion: true or false;
 * address: what follows the site's address, such as '#share'; before: called with the empty page.
 */
async function open(site, options = {}) {
  const { scheme = 'light', width = 1280, height = 800, reducedMotion = false } = options;
  const { address = '', before = () => {}, isWhole = true } = options;
  const context = await site.browser.newContext({
    colorScheme: scheme,
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const problems = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('requestfailed', (request) => {
    // The browser's own: it gives it up when the page is left.
    if (request.url().includes('/favicon') && request.failure()?.errorText === 'net::ERR_ABORTED') return;
    problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  context.on('request', (request) => {
    if (!isOwn(request.url(), site.url)) problems.push(`foreign: ${request.url()}`);
  });
  site.remember({ page, problems });
  await before(page);
  await page.goto(new URL(address, site.url).href);
  await ready(page);
  if (isWhole) await whole(page);
  return page;
}

function isOwn(address, siteUrl) {
  const { protocol, origin } = new URL(address);
  return protocol === 'data:' || protocol === 'blob:' || origin === new URL(siteUrl).origin;
}

/** Waits until the app answers to input. */
export async function ready(page) {
  await page.locator('html[data-ready="true"]').waitFor({ state: 'attached', timeout: START_LIMIT_MS });
}

/** Gives the page a sign of a person, and waits until nothing that is done has to wait. */
export async function whole(page) {
  await page.evaluate(() => dispatchEvent(new Event('focusin')));
  await page.locator('html[data-whole="true"]').waitFor({ state: 'attached', timeout: START_LIMIT_MS });
}

/** The rows of the table with this accessible name: one object per row, keyed by column header. */
export async function table(page, name) {
  const found = page.getByRole('table', { name, exact: true });
  await found.waitFor({ state: 'attached' });
  return found.evaluate((element) => {
    const text = (cell) => cell.textContent.replace(/\s+/g, ' ').trim();
    const headers = [...element.tHead.rows[0].cells].map(text);
    const rows = [...element.tBodies].flatMap((body) => [...body.rows]);
    return rows.map((row) => Object.fromEntries([...row.cells].map((cell, i) => [headers[i], text(cell)])));
  });
}

/** Fails with a readable list when axe finds something on the page. */
export async function axe(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const lines = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(' ')}\n    ${node.failureSummary}`),
  );
  assert.equal(lines.length, 0, `axe found:\n${lines.join('\n')}`);
}
