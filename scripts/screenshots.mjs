// Writes the pictures of the page: docs/screenshot-<width>-<scheme>.png, docs/lesson-<scheme>.png and
// static/og.png.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser, ready } from '../tests/e2e/harness.mjs';
import { startServer } from './serve.mjs';

const ROOT = new URL('../', import.meta.url);
const SIZES = [[1280, 800], [1920, 1080], [360, 740]];
const SCHEMES = ['light', 'dark'];
// The example plays by itself; after this long it shows pods in several states.
const PLAYED_MS = 6000;

const pictures = SIZES.flatMap(([width, height]) =>
  SCHEMES.map((scheme) => ({ width, height, scheme, file: `docs/screenshot-${width}-${scheme}.png` })),
);
for (const scheme of SCHEMES) {
  pictures.push({ width: 1440, height: 900, scheme, address: '#lesson=lab-explore', file: `docs/lesson-${scheme}.png` });
}
pictures.push({ width: 1200, height: 630, scheme: 'light', file: 'static/og.png' });

await mkdir(new URL('docs/', ROOT), { recursive: true });
const site = await startServer();
const browser = await launchBrowser();
try {
  for (const { width, height, scheme, file, address = '' } of pictures) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(site.url + address);
    await ready(page);
    await page.waitForTimeout(PLAYED_MS);
    await page.screenshot({ path: fileURLToPath(new URL(file, ROOT)) });
    await page.close();
    console.log(`wrote ${file}`);
  }
} finally {
  await browser.close();
  await site.stop();
}
