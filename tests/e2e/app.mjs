// What tests do with the page again and again.

import { table } from './harness.mjs';

const LIMIT_MS = 20_000;

/** Polls until `condition` gives something truthy, and returns it. */
export async function until(what, condition) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`still waiting: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Lets time run as fast as it can. */
export async function hurry(page) {
  const speed = page.getByRole('combobox', { name: 'Speed' });
  await speed.selectOption({ index: (await speed.locator('option').count()) - 1 });
  await page.getByRole('checkbox', { name: 'Skip waits' }).check();
  const play = page.getByRole('button', { name: 'Play', exact: true });
  if (await play.isVisible()) await play.click();
}

/** Waits until the Pods table holds exactly these pods, all Ready. */
export function readyPods(page, names) {
  return until(`${names} are Ready`, async () => {
    const pods = await table(page, 'Pods');
    const same = pods.map((pod) => pod.NAME).sort().join() === [...names].sort().join();
    return same && pods.every((pod) => pod.READY === '1/1') && pods;
  });
}

export const setReplicas = (page, replicas) =>
  page.getByRole('spinbutton', { name: 'Replicas', exact: true }).fill(String(replicas));
// The text area has the text even when the large editor stands in its place.
export const manifest = (page) => page.locator('textarea.editor__area').inputValue();

/** Comes near the manifest, as a person does, and waits for the large editor. */
export async function editor(page) {
  await page.locator('.code').hover();
  const content = page.locator('.cm-content');
  await content.waitFor();
  return content;
}

/** Puts another text in place of the manifest, as a paste does. */
export async function write(page, text) {
  const content = await editor(page);
  await content.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  const wanted = text.replaceAll('\r\n', '\n');
  await until('the text is there', async () => (await manifest(page)) === wanted);
}

/** Puts a text in place of the editor's, as from the clipboard. */
export async function paste(page, text) {
  const content = page.locator('.cm-content');
  await content.click();
  await page.keyboard.press('ControlOrMeta+a');
  await content.evaluate((element, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** What is selected in the large editor. */
export const selected = (page) =>
  page.locator('.code__host').evaluate((host) => String(host.shadowRoot.getSelection()));
export const why = (page) => page.getByRole('status', { name: 'Why' }).innerText();
export const pod = (pods, name) => pods.find((row) => row.NAME === name);
export const changedLines = (before, after) => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return now.filter((line, index) => line !== old[index]);
};
