// The page that comes when the app is dead: what happened, whether the work is saved, and the ways on.

import { savedSentence, workAsFile } from './kept.js';
import { look } from './look.js';
import { button } from './tell.js';

const ASIDE = 'statefulset-playground.aside';
/** Time in which a browser has surely begun to read the file. */
const KEEP_MS = 10_000;

let isShown = false;

/** Notices what dies without the module's own exports being called: a last net. */
export function watch() {
  const check = (error) => {
    if (error instanceof WebAssembly.RuntimeError) die(error);
  };
  addEventListener('error', (event) => check(event.error));
  addEventListener('unhandledrejection', (event) => check(event.reason));
}

/** Says that the page stopped, once. It needs nothing of the app. */
export function die(error) {
  if (isShown) return;
  isShown = true;
  look();
  const dialog = document.createElement('dialog');
  dialog.className = 'crash';
  dialog.setAttribute('role', 'alertdialog');
  dialog.setAttribute('aria-labelledby', 'crash-title');
  dialog.setAttribute('aria-describedby', 'crash-what');
  const add = (tag, text, properties) =>
    dialog.appendChild(Object.assign(document.createElement(tag), { textContent: text, ...properties }));
  add('h2', 'The page stopped', { id: 'crash-title' });
  add('p', `${happened(error)} ${savedSentence()}`, { id: 'crash-what' });
  add('pre', String(error?.message ?? error), { className: 'crash__message', tabIndex: 0 });
  const told = document.createElement('p');
  told.setAttribute('role', 'status');
  const ways = [
    ['Reload', () => location.reload()],
    ['Download the work', () => download(told)],
    ['Reload without this work', reloadWithout],
  ].map(button);
  dialog.append(...ways, told);
  const note = 'Reloading without this work keeps it aside in this browser; nothing is deleted.';
  add('p', note, { className: 'crash__note' });
  // Escape leads nowhere.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  dialog.addEventListener('close', () => dialog.showModal());
  document.body.append(dialog);
  dialog.showModal();
  ways[0].focus();
}

/** What happened, plainly. */
function happened(error) {
  const { name, message } = error ?? {};
  const mistake = 'This is a mistake of the page, not yours.';
  if (/memory|allocat/i.test(message)) return 'The browser has no more memory for it. Closing other tabs may help.';
  if (/call stack|recursion/i.test(message)) return `It went so deep that the browser stopped it. ${mistake}`;
  if (name === 'Panic') return mistake;
  return `Its program broke off, or the browser had no more memory for it. ${mistake}`;
}

async function download(told) {
  try {
    const file = new Blob([await workAsFile()], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'statefulset-playground.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
    told.textContent = 'The file has what was saved, with all workspaces.';
  } catch (error) {
    told.textContent = `The saved work cannot be read here: ${error.message}.`;
  }
}

function reloadWithout() {
  try {
    sessionStorage.setItem(ASIDE, '1');
  } catch {
    // Without storage there is no saved work either.
  }
  location.reload();
}
