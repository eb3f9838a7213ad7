// How much room the work takes in Chromium: a manifest of 25 KB, ten thousand keystrokes and a thousand
// changes in the form, with everything applied automatically. Prints a line of JSON: `make room`.

import { ready, launchBrowser } from '../tests/e2e/harness.mjs';
import { database, kept } from '../tests/e2e/kept.mjs';
import { editor, manifest, write } from '../tests/e2e/app.mjs';
import { startServer } from './serve.mjs';

const BYTES = 25_000;
const KEYS = Number(process.argv[2] ?? 10_000);
const CHANGES = Number(process.argv[3] ?? 1_000);
const RUN = 50;

const server = await startServer({ base: '/' });
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
// The memory of the WebAssembly, which the page does not show by itself.
await page.addInitScript(() => {
  const { instantiate, instantiateStreaming } = WebAssembly;
  const watch = (made) => async (...given) => {
    const result = await made(...given);
    globalThis.wasmMemory ??= (result.instance ?? result).exports.memory;
    return result;
  };
  WebAssembly.instantiate = watch(instantiate);
  WebAssembly.instantiateStreaming = watch(instantiateStreaming);
});
await page.goto(server.url);
await ready(page);
const text = await manifest(page);
let variables = '          env:\n';
for (let number = 0; text.length + variables.length < BYTES; number++) {
  variables += `            - name: VARIABLE_${number}\n              value: "a value, number ${number}"\n`;
}
await write(page, text.replace('          ports:', `${variables}          ports:`));
const content = await editor(page);
await content.click();
for (let done = 0; done < KEYS; done += RUN) {
  await page.keyboard.press('ControlOrMeta+Home');
  if ((done / RUN) % 2) for (let down = 0; down < 3; down++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.insertText(' #');
  await page.evaluate(async (count) => {
    for (let key = 0; key < count; key++) {
      document.execCommand('insertText', false, 'x');
      await new Promise((next) => setTimeout(next, 5));
    }
  }, RUN - 1);
  if (done % 1000 === 0) process.stderr.write(`${done} of ${KEYS} keys\n`);
}
const replicas = page.getByRole('spinbutton', { name: 'Replicas', exact: true });
for (let change = 0; change < CHANGES; change++) {
  await replicas.fill(String((change % 5) + 1));
  if (change % 100 === 0) process.stderr.write(`${change} of ${CHANGES} changes\n`);
}
await kept(page);
const [{ records }] = Object.values(await database(page));
const { memory, estimate } = await page.evaluate(async () => ({
  memory: globalThis.wasmMemory?.buffer.byteLength,
  estimate: (await navigator.storage.estimate()).usage,
}));
console.log(
  JSON.stringify({
    name: 'chromium/room',
    keys: KEYS,
    changes: CHANGES,
    stored_bytes: records.reduce((sum, record) => sum + record.length, 0),
    records: records.length,
    disk_bytes: estimate,
    memory_bytes: memory,
  }),
);
await browser.close();
await server.stop();
