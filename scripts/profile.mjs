// Plays a first visit with the build in target/profile and notes in scripts/rest.txt which functions
// it does not run: `make profile`. A first visit opens the page, looks on until the pods of the first
// example are Ready and for a while longer, and leaves; once large and once small. It does nothing more:
// at the first sign of a person the rest is fetched, and what that sign runs waits for it (static/start.js).

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../tests/e2e/harness.mjs';
import { startServer } from './serve.mjs';

const BUILD = fileURLToPath(new URL('../target/profile/', import.meta.url));
const LIST = new URL('rest.txt', import.meta.url);
const VISIT_MS = 20_000;
const PER_LINE = 10;

const server = await startServer({ root: BUILD });
const browser = await launchBrowser();
const hits = new Set();
await visit({ viewport: { width: 1280, height: 800 } });
await visit({ viewport: { width: 360, height: 740 }, colorScheme: 'dark', reducedMotion: 'reduce' });
await browser.close();
await server.stop();

const functions = JSON.parse(readFileSync(`${BUILD}functions.json`, 'utf8'));
const ran = new Set(functions.filter((_, index) => hits.has(index)).map(([digest]) => digest));
if (ran.size === 0) throw new Error('no function told that it ran: the build in target/profile is an old one');
const rest = functions.filter(([digest]) => !ran.has(digest));
const digests = rest.map(([digest]) => digest).sort();
const lines = [
  '# Which functions a first visit does not run, as digests of their names. Written by `make profile`.',
];
for (let at = 0; at < digests.length; at += PER_LINE) {
  lines.push(digests.slice(at, at + PER_LINE).join(' '));
}
writeFileSync(LIST, `${lines.join('\n')}\n`);
const bytes = rest.reduce((sum, [, size]) => sum + size, 0);
console.log(`${functions.length} functions, ${digests.length} of them not needed at first (${bytes} bytes)`);

async function visit(options) {
  const page = await browser.newPage(options);
  await page.goto(server.url);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
  await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  await page.waitForTimeout(VISIT_MS);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  for (const hit of await page.evaluate(() => [...globalThis.hits])) hits.add(hit);
  await page.close();
}
