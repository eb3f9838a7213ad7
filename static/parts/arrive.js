// Fetches a file of this page until it is there: what counts as arrived, when to try again, what is said.

import { tell } from './tell.js';
import { isNewVersion, offerNewVersion } from './version.js';

/** Nothing coming for this long is the same as a connection that broke. */
const SILENCE_MS = 15_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A part that is waited for may take this long before anything is said. */
const PATIENCE_MS = 1000;

// Sizes and digests of all files, from the build (scripts/finish.mjs).
const FILES = /* global PARTS */ PARTS;

/** Whether the page has a file of this name. */
export const has = (name) => Object.hasOwn(FILES, name);

/** Why something did not come, as half a sentence. */
class Missing extends Error {}

/** Why a try ends that a person, or a network that is back, wants to be made anew. */
const AGAIN = new Missing('nothing came');

/**
 * A promise of what `read` makes of the bytes of a file. It is kept for as long as it takes, unless a
 * person says "Not now" to an optional one: then it is undefined.
 *
 * what: what is missing, as a sentence begins; waits: a sentence about what that means; isQuiet: there is
 * no hurry; isOptional: may be given up; isQuietUntilWanted: nothing is said before `want` is called;
 * atOnce: another way to have it, tried once before.
 */
export function part(name, wish) {
  const state = { reason: undefined, isDone: false, message: undefined, again: () => {} };
  let patience;
  const show = () => {
    const { what, waits = '', isQuiet } = wish;
    if (state.isDone || (isQuiet && !state.reason)) return;
    const fact = state.reason ? `does not come: ${state.reason}.` : 'is still on its way.';
    const actions = [['Try again', () => state.again()]];
    if (wish.isOptional) actions.push(['Not now', () => state.giveUp()]);
    state.message = tell(state.message, `${what} ${fact} ${waits}`.trim(), actions, isQuiet);
  };
  state.offer = () => {
    if (state.isDone || !state.show) return;
    state.message?.remove();
    state.show = undefined;
    offerNewVersion(wish.isOptional || wish.isQuiet ? () => state.giveUp() : undefined);
  };
  const want = () => {
    patience ??= setTimeout(() => {
      state.show = show;
      show();
    }, PATIENCE_MS);
  };
  if (!wish.isQuietUntilWanted) want();
  const online = () => state.again();
  addEventListener('online', online);
  const given = new Promise((done) => {
    state.giveUp = done;
  });
  const promise = Promise.race([keepTrying(name, wish, state), given]).finally(() => {
    state.isDone = true;
    clearTimeout(patience);
    removeEventListener('online', online);
    state.message?.remove();
  });
  return Object.assign(promise, { want, giveUp: () => state.giveUp() });
}

async function keepTrying(name, { read, atOnce }, state) {
  if (atOnce) {
    try {
      return await Promise.race([atOnce(), new Promise((_, late) => setTimeout(late, SILENCE_MS))]);
    } catch {
      // Fetched as bytes it says why.
    }
  }
  for (let tries = 0; ; tries += 1) {
    try {
      return await read(await fetchOnce(name, tries, state), tries);
    } catch (error) {
      if (state.isDone) return undefined;
      state.reason = error instanceof Missing ? error.message : 'it cannot be read';
      const ms = error === AGAIN ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS);
      const pausing = pause(ms, state);
      state.show?.();
      isNewVersion().then((isNew) => isNew && state.offer());
      await pausing;
      if (state.isDone) return undefined;
    }
  }
}

/** Some time; a network that is back and a person end it. */
function pause(ms, state) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    state.again = () => {
      clearTimeout(timer);
      done();
    };
  });
}

/** The bytes of a file; what a cache has is not trusted a second time. */
async function fetchOnce(name, tries, state) {
  const stop = new AbortController();
  let timer;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stop.abort(new Missing('nothing came for 15 seconds')), SILENCE_MS);
  };
  heard();
  state.again = () => stop.abort(AGAIN);
  try {
    const cache = tries === 0 ? 'default' : 'reload';
    const response = await fetch(new URL(name, document.baseURI), { cache, signal: stop.signal });
    if (!response.ok) throw new Missing(`the server answered ${response.status}`);
    const bytes = await bytesOf(response, heard);
    if (!(await isRight(name, bytes))) throw new Missing(wrong(response));
    return bytes;
  } catch (error) {
    if (error instanceof Missing) throw error;
    throw new Missing(navigator.onLine ? 'the connection failed' : 'there is no network');
  } finally {
    clearTimeout(timer);
  }
}

function wrong(response) {
  const isPage = /^text\/html/.test(response.headers.get('content-type') ?? '');
  return isPage ? 'the server sent another page instead' : 'what the server sent is incomplete or another file';
}

async function bytesOf(response, heard) {
  const chunks = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    heard();
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/** Whether these are the bytes that the build wrote. Browsers digest on secure hosts only. */
async function isRight(name, bytes) {
  const [size, digest] = FILES[name];
  if (bytes.length !== size) return false;
  if (!crypto.subtle) return true;
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...found.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('') === digest;
}
