// What tests of kept work do with the browser's storage.

import { ready } from './harness.mjs';
import { until } from './app.mjs';

const PREFIX = 'statefulset-playground.';

/** What is in the database: workspaces by their names, each with its label and records. */
export function database(page) {
  return page.evaluate(async () => {
    const asked = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all = await indexedDB.databases();
    if (!all.some(({ name }) => name === 'statefulset-playground')) return {};
    const open = await asked(indexedDB.open('statefulset-playground', 1));
    const transaction = open.transaction(['workspaces', 'records']);
    const [workspaces, records] = ['workspaces', 'records'].map((name) => transaction.objectStore(name));
    const [ids, labels, keys, values] = await Promise.all(
      [workspaces.getAllKeys(), workspaces.getAll(), records.getAllKeys(), records.getAll()].map(asked),
    );
    open.close();
    const found = {};
    for (const [at, id] of ids.entries()) {
      const own = values.filter((_, record) => keys[record][0] === id);
      const label = JSON.parse(labels[at]);
      found[label.name] = { id, label, records: own };
    }
    return found;
  });
}

/** Waits until everything is in the database. */
export const kept = (page) =>
  until('everything is kept', () =>
    page.evaluate(
      (prefix) =>
        globalThis.statefulsetPlayground?.unsaved === false &&
        !Object.keys(localStorage).some((key) => key.startsWith(`${prefix}pending.${localStorage[`${prefix}current`]}.`)),
      PREFIX,
    ),
  );

/** Fills the small storage so that so many bytes are left. */
export const fill = (page, left) =>
  page.evaluate((left) => {
    const put = (size) => {
      try {
        localStorage.setItem('filler', 'x'.repeat(size));
        return true;
      } catch {
        return false;
      }
    };
    let [low, high] = [0, 16 << 20];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (put(middle)) low = middle;
      else high = middle;
    }
    put(Math.max(0, low - left));
  }, left);

/** From now on the database has no more room than so many bytes for what is put into it. */
export const limit = (page, left) =>
  page.evaluate((left) => {
    globalThis.roomLeft = left;
    const { prototype } = IDBObjectStore;
    const put = (globalThis.putWithoutLimit ??= prototype.put);
    prototype.put = function (value, ...key) {
      if (value.length > globalThis.roomLeft) throw new DOMException('no room', 'QuotaExceededError');
      globalThis.roomLeft -= value.length;
      return put.call(this, value, ...key);
    };
  }, left);

/** Ends the process that draws the page, at once. */
export async function kill(page) {
  const session = await page.context().newCDPSession(page);
  const died = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => {});
  await died;
}

/** Another tab with the same storage. */
export async function tab(page, address = page.url()) {
  const other = await page.context().newPage();
  await other.goto(address);
  await ready(other);
  return other;
}
