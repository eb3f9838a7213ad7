// Times keystrokes in a manifest of 500 lines: from the key to the updated problems, form and colours.
// Prints lines of JSON, in milliseconds: `make keystrokes`.

import { launchBrowser } from '../tests/e2e/harness.mjs';
import { startServer } from './serve.mjs';

const LINES = 500;
const KEYS = 200;

const server = await startServer({ base: '/' });
const browser = await launchBrowser();
for (const autoApply of [false, true]) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url);
  await page.locator('html[data-ready="true"]').waitFor({ state: 'attached' });
  if (!autoApply) await page.getByRole('checkbox', { name: 'Apply automatically' }).uncheck();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.locator('.code').hover();
  const content = page.locator('.cm-content');
  await content.waitFor();
  const text = await page.locator('textarea.editor__area').inputValue();
  const lines = text.trimEnd().split('\n');
  while (lines.length < LINES) lines.push(`# line ${lines.length}`);
  await content.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(`${lines.join('\n')}\n`);
  await page.keyboard.press('ControlOrMeta+Home');
  await page.waitForTimeout(500);
  const times = await page.evaluate(async (keys) => {
    const taken = [];
    for (let key = 0; key < keys; key++) {
      const start = performance.now();
      document.execCommand('insertText', false, key % 20 === 0 ? '#' : 'x');
      // Whatever a keystroke leads to is done before the next task.
      await new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0);
      });
      taken.push(performance.now() - start);
      await new Promise((done) => setTimeout(done, 30));
    }
    return taken.sort((one, other) => one - other);
  }, KEYS);
  const at = (part) => Number(times[Math.floor((times.length - 1) * part)].toFixed(2));
  const name = autoApply ? 'keystroke, applied automatically' : 'keystroke';
  console.log(JSON.stringify({ name, lines: LINES, keys: KEYS, median_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1) }));
  await page.close();
}
await browser.close();
await server.stop();
