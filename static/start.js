// Starts the app, and holds back what a person does until the app can answer. A file of its own
// because the content security policy allows no inline script; the build writes the names of the other
// files into meta elements. This is part of the first load: what can come later is in static/parts/.

const SILENCE_MS = 15_000;
// What the app listens to (tests/e2e/parts.test.mjs compares).
const TYPES =
  'click change input toggle pointerenter pointermove pointerdown keydown focusin submit paste drop dragover mouseover mouseout blur';

const address = (name) =>
  new URL(document.querySelector(`meta[name="${name}"]`).content, document.baseURI).href;

/** What static/parts/ works with: the events that wait, in order, and how one is noted. */
const page = {
  address,
  held: [],
  note: (event) => page.held.push({ event, value: event.target.value }),
};

function hold(event) {
  if (page.isWhole || page.dead || event === page.replayed) return;
  event.stopImmediatePropagation();
  // Buttons of messages about what does not come are none of the app's.
  if (event.target.closest?.('.say')) return event.type === 'click' && event.target.onclick?.();
  page.note(event);
  parts();
}

let coming;
const parts = () => (coming ??= come(0));

/** The guard of all other parts; it is tried for until it is there. */
async function come(tries) {
  try {
    const guard = await Promise.race([
      import(address('app-parts') + (tries ? `?${tries}` : '')),
      new Promise((_, fail) => setTimeout(fail, SILENCE_MS)),
    ]);
    guard.begin(page);
    return guard;
  } catch {
    await new Promise((done) => {
      setTimeout(done, 500 * 2 ** Math.min(tries, 6));
      addEventListener('online', done, { once: true });
      if (page.held[0] || page.dead) say('A part of the page does not come. What you do waits for it.', done);
    });
    document.querySelector('.say')?.remove();
    return come(tries + 1);
  }
}

function say(text, again) {
  const message = document.createElement('p');
  const button = document.createElement('button');
  message.role = 'alert';
  message.className = 'say popover';
  button.className = 'button';
  button.textContent = 'Try again';
  button.onclick = again;
  message.append(text, ' ', button);
  document.body.append(message);
}

/** Anything but a first visit, where what is kept or asked for by a link may need all of the app. */
function isKnown() {
  try {
    return location.hash || location.search || localStorage.length + sessionStorage.length > 0;
  } catch {
    return false;
  }
}

/** Starts the app; once more, with all of it at hand, if the first half alone was not enough. */
async function start(query) {
  const { default: init, half } = await import(address('app-module') + query);
  if (half) {
    half.module = page.half?.module;
    half.died = async (error) => {
      if (half.module) page.dead = error;
      const guard = await parts();
      if (page.dead) return guard.die(error);
      await guard.whole();
      begin('?again');
    };
  }
  page.half = half;
  page.isWhole ||= !half;
  if (!query && half) {
    for (const type of TYPES.split(' ')) addEventListener(type, hold, true);
    if (isKnown()) await (await parts()).whole();
  }
  await init({ module_or_path: address('app-wasm') });
}

const begin = (query) =>
  start(query).catch((error) => {
    document.body.textContent = '';
    say(`The page could not start: ${error.message}. Reload it, or try a newer browser.`, () => location.reload());
    throw error;
  });

await begin('');
// Later than the first frame, and before it is needed.
setTimeout(parts);
