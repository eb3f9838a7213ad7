// What is known of the work outside of the app: whether it is saved, and all of it as a file.

import { NAME } from './database.js';

const PREFIX = 'statefulset-playground.';
const FORMAT = 2;

/** Whether the last change is saved, as the app's storage last said; nothing is claimed without that. */
export function savedSentence() {
  const { unsaved, why } = globalThis.statefulsetPlayground ?? {};
  if (unsaved === false) return 'Your work is saved in this browser.';
  if (unsaved === true) return `Your last change is not saved${why ? `: ${why}` : ''}.`.replace('..', '.');
  return 'Your last change may not be saved.';
}

/** Everything that this browser keeps for the page, as the text of a file. */
export async function workAsFile() {
  const { workspaces, records } = await stored();
  const local = Object.entries({ ...localStorage }).filter(([key]) => key.startsWith(PREFIX));
  return JSON.stringify({ statefulsetPlayground: { format: FORMAT, workspaces, records, local } });
}

async function stored() {
  const database = await open();
  if (!database) return { workspaces: [], records: [] };
  try {
    const workspaces = await all(database, 'workspaces', (key, value) => [key, value]);
    const records = await all(database, 'records', ([id, number], value) => [id, number, value]);
    return { workspaces, records };
  } finally {
    database.close();
  }
}

/** The database, or nothing where there is none: looking must not make one. */
function open() {
  return new Promise((done, fail) => {
    let isMissing = false;
    const request = indexedDB.open(NAME);
    request.onupgradeneeded = () => {
      isMissing = true;
      request.transaction.abort();
    };
    request.onsuccess = () => done(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      if (isMissing) done(undefined);
      else fail(request.error);
    };
    request.onblocked = () => fail(new Error('another tab holds the database'));
  });
}

function all(database, store, made) {
  if (!database.objectStoreNames.contains(store)) return [];
  return new Promise((done, fail) => {
    const found = [];
    const request = database.transaction(store).objectStore(store).openCursor();
    request.onerror = () => fail(request.error);
    request.onsuccess = () => {
      const cursor = request.result;
      if (!cursor) return done(found);
      found.push(made(cursor.key, cursor.value));
      cursor.continue();
    };
  });
}
