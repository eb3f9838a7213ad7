// Whether the host has another version of this page by now, whose files have other names.

import { savedSentence } from './kept.js';
import { tell } from './tell.js';

const MODULE = /name="app-module" content="([^"]+)"/;
const LIMIT_MS = 10_000;

let isOffered = false;

/** Whether the host serves another version; the answer is also what a reload finds in the cache. */
export async function isNewVersion() {
  try {
    const [address] = location.href.split('#');
    const response = await fetch(address, { cache: 'reload', signal: AbortSignal.timeout(LIMIT_MS) });
    const [, other] = MODULE.exec(await response.text()) ?? [];
    const own = document.querySelector('meta[name="app-module"]').content;
    return response.ok && other !== undefined && other !== own;
  } catch {
    return false;
  }
}

/** Offers the new version, once; `notNow` is what happens when a person would rather go on, if that works. */
export function offerNewVersion(notNow) {
  if (isOffered) return;
  isOffered = true;
  const text = `A new version of this page is there, and parts of this one are gone. ${savedSentence()}`;
  const reload = ['Reload', () => location.reload()];
  const later = () => {
    message.remove();
    notNow();
  };
  const message = tell(undefined, text, notNow ? [reload, ['Not now', later]] : [reload]);
}
