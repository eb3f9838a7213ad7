// Kills the process that draws the page 0 to 500 ms after a keystroke, and looks what of the typing is
// there again. Prints a line of JSON: `make kills`.

import { ready, launchBrowser } from '../tests/e2e/harness.mjs';
import { kill } from '../tests/e2e/kept.mjs';
import { editor, manifest } from '../tests/e2e/app.mjs';
import { startServer } from './serve.mjs';

const TIMES = Number(process.argv[2] ?? 50);
const LONGEST_MS = 500;
const PAUSE_MS = 20;
const LOST_MS = 100;

const server = await startServer({ base: '/' });
const browser = await launchBrowser();
const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
let page = await open();
let longest = 0;
let over = 0;
for (let round = 0; round < TIMES; round++) {
  const content = await editor(page);
  await content.click();
  await page.keyboard.press('ControlOrMeta+Home');
  const mark = `#${round}=`;
  await page.keyboard.insertText(`${mark}\n`);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  // Each character, and when it was typed.
  const typed = [];
  for (const character of 'abcdefghijklmnopqrst') {
    await page.keyboard.type(character);
    typed.push(Date.now());
    await page.waitForTimeout(PAUSE_MS);
  }
  await page.waitForTimeout((LONGEST_MS * round) / Math.max(1, TIMES - 1));
  const killed = Date.now();
  await kill(page);
  await page.close();
  page = await open();
  const line = (await manifest(page)).split('\n').find((each) => each.startsWith(mark)) ?? '';
  const there = Math.max(0, line.length - mark.length);
  const lost = there < typed.length ? killed - typed[there] : 0;
  longest = Math.max(longest, lost);
  if (lost > LOST_MS) over += 1;
}
console.log(JSON.stringify({ name: 'chromium/kills', times: TIMES, longest_lost_ms: longest, over_100_ms: over }));
await browser.close();
await server.stop();

async function open() {
  const opened = await context.newPage();
  await opened.goto(server.url);
  await ready(opened);
  return opened;
}
