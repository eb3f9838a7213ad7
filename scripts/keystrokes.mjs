// Times keystrokes in a manifest of 500 lines: from the key to the updated problems, form and colours.
// Prints lines of JSON, in milliseconds: `make keystrokes`.

import { launchBrowser } from '../tests/e2e/harness.mjs';
import { startServer } from './serve.mjs';

const LINES = 500;
const KEYS = 200;

// Where is typed: before this, in the first line that has it.
const KINDS = [
  { name: 'in a comment', after: '' },
  { name: 'in a value', after: /^ +image: .*$/m },
];

const server = await startServer({ base: '/' });
const browser = await launchBrowser();
for (const autoApply of [false, true]) {
  for (const { name, after } of KINDS) {
    const times = await measure(autoApply, after);
    const at = (part) => Number(times[Math.floor((times.length - 1) * part)].toFixed(2));
    const applied = autoApply ? ', applied automatically' : '';
    console.log(
      JSON.stringify({ name: `keystroke ${name}${applied}`, lines: LINES, keys: KEYS, median_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1) }),
    );
  }
}
await browser.close();
await server.stop();

/** How long each keystroke takes, shortest first. */
async function measure(autoApply, after) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.url);
  await page.locator('html[data-ready="true"]').waitFor({ state: 'attached' });
  if (!autoApply) await page.getByRole('checkbox', { name: 'Apply automatically' }).uncheck();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.locator('.code').hover();
  const content = page.locator('.cm-content');
  await content.waitFor();
  const lines = (await page.locator('textarea.editor__area').inputValue()).trimEnd().split('\n');
  while (lines.length < LINES) lines.push(`# line ${lines.length}`);
  const text = `${lines.join('\n')}\n`;
  await content.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  await page.keyboard.press('ControlOrMeta+Home');
  const [found] = text.match(after);
  const line = text.slice(0, text.indexOf(found)).split('\n').length - 1;
  for (let down = 0; down < line; down++) await page.keyboard.press('ArrowDown');
  if (found) await page.keyboard.press('End');
  await page.waitForTimeout(500);
  const keys = Array.from({ length: KEYS }, (_, key) => (!found && key % 20 === 0 ? '#' : 'x'));
  const times = await page.evaluate(async (keys) => {
    const taken = [];
    for (const key of keys) {
      const start = performance.now();
      document.execCommand('insertText', false, key);
      // Whatever a keystroke leads to is done before the next task.
      await new Promise((done) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0);
      });
      taken.push(performance.now() - start);
      await new Promise((done) => setTimeout(done, 30));
    }
    return taken;
  }, keys);
  await page.close();
  return times.sort((one, other) => one - other);
}
