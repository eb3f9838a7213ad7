// The guard: fetches what the page needs later, delivers what was done meanwhile, and is there when the
// page dies. static/start.js imports it as soon as the page has started.

import { NAMES, holds, part } from './arrive.js';
import { ask } from './database.js';
import { watch } from './dying.js';
import { deliver, noteIn } from './held.js';
import { dress } from './late.js';
import { text } from './texts.js';

export { die } from './dying.js';

/** Without a sign of a person the second half comes after this time. */
const IDLE_MS = 3000;

let page;
let rest;
let delivered;

/** Begins to guard a page (static/start.js). */
export function begin(started) {
  page = started;
  dress();
  watch();
  globalThis.workDatabase = ask;
  globalThis.fetchText = text;
  globalThis.openEditor = openEditor;
  if (page.isWhole) return isWhole();
  const note = noteIn(page.held);
  for (const { event, value } of page.held.splice(0)) note(event, value);
  page.note = (event) => {
    note(event, event.target.value);
    whole();
  };
  if (page.held.length > 0) whole();
  else setTimeout(() => load().then(whole), IDLE_MS);
}

/** Resolves when the second half is there and all that waited for it is done. */
export function whole() {
  const coming = load();
  coming.want();
  delivered ??= coming.then((module) => {
    page.half.module = module;
    return deliver(page).then(isWhole);
  });
  return delivered;
}

/** Says on the document element that nothing waits any more. */
function isWhole() {
  document.documentElement.dataset.whole = 'true';
}

/** Fetches the second half; a person is told that it does not come only when something waits for it. */
function load() {
  rest ??= part(nameOf('app-rest'), {
    what: 'The second half of the page',
    waits: 'What you type and click waits for it.',
    isQuietUntilWanted: true,
    read: (bytes) => WebAssembly.compile(bytes),
  });
  return rest;
}

// The large editor comes when somebody comes near the manifest (src/ui/browser/code.rs).
async function openEditor(host, asks) {
  const name = nameOf('app-editor');
  const editor = await part(name, {
    what: 'The large editor',
    waits: 'The text can be edited all the same.',
    isQuiet: true,
    atOnce: () => import(page.address('app-editor')),
    // A script that could not be read is remembered under its address.
    read: (_, tries) => import(`${page.address('app-editor')}?${tries}`),
  });
  return editor.open(host, asks);
}

const nameOf = (meta) => document.querySelector(`meta[name="${meta}"]`).content;
