// What a person does before the app can answer: noted as it happens, and done in the same order later.
//
// The browser does its own part at once: a field gets the letter, a box its tick, a list its choice. Only
// the app hears of it later. Where the app would keep the browser from doing its part, that is kept from
// happening now, too.

/** Fields that text is typed into. */
const TYPED = 'textarea, input:not([type=checkbox], [type=radio], [type=range], [type=file])';
/** The line of the terminal, whose keys are those of a shell (src/ui/terminal/entry.rs). */
const PROMPT = '.terminal__input';
const OF_SHELL = /^(Enter|Tab|Arrow(Up|Down))$/;
const WITH_CONTROL = /^[clur]$/;
/** More turns than the app needs from an event to its last effect. */
const TURNS = 100;

/** A function that notes an event, with the value its target has, at the end of a list. */
export function noteIn(held) {
  return (event, value) => {
    const { type, target } = event;
    const within = (selector) => target.matches?.(selector);
    if (type === 'keydown' && within(TYPED) && isTyping(event)) return;
    if (isAppsOwn(event, within)) event.preventDefault();
    const last = held.at(-1);
    // The latest is enough of what follows each other in one place.
    const isMore = /^(input|pointermove|dragover)$/.test(type) && last?.event.type === type;
    if (isMore && last.event.target === target) held.pop();
    held.push({ event, value, isChecked: target.checked, data: dataOf(event) });
  };
}

/** A key that changes the text by itself: what comes of it is noted as input. */
function isTyping({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return false;
  return key.length === 1 || /^(Backspace|Delete|Shift|Unidentified|Process)$/.test(key);
}

/** Whether the app would keep the browser from doing what it does by itself. */
function isAppsOwn(event, within) {
  const { type, key, ctrlKey, altKey, metaKey, shiftKey, target } = event;
  if (/^(submit|drop|dragover)$/.test(type)) return true;
  if (type === 'keydown' && key === ' ') return target === document.body;
  if (!within(PROMPT) || (key === 'Tab' && (shiftKey || target.value === ''))) return false;
  if (type === 'keydown') return ctrlKey && !altKey && !metaKey ? WITH_CONTROL.test(key) : OF_SHELL.test(key);
  return type === 'paste' && (event.clipboardData?.getData('text') ?? '').includes('\n');
}

/** What is pasted or dropped can be read only while it happens. */
function dataOf(event) {
  const from = event.clipboardData ?? event.dataTransfer;
  if (!from || !/^(paste|drop)$/.test(event.type)) return undefined;
  const copy = new DataTransfer();
  for (const file of from.files) copy.items.add(file);
  for (const type of from.types) if (type !== 'Files') copy.setData(type, from.getData(type));
  return copy;
}

/** Does all that waits, in order, and opens the page. Nothing can come between two events. */
export async function deliver(page) {
  const values = new Map();
  const keepBrowser = (event) => {
    if (event === page.replayed && event.type === 'click') event.preventDefault();
  };
  addEventListener('click', keepBrowser, true);
  while (page.held.length > 0) {
    replay(page, page.held.shift(), values);
    for (let turn = 0; turn < TURNS; turn += 1) await undefined;
  }
  page.isWhole = true;
  page.replayed = undefined;
  removeEventListener('click', keepBrowser, true);
}

function replay(page, { event, value, isChecked, data }, values) {
  const { target, type } = event;
  if (target !== window && !target.isConnected) return;
  if (typeof isChecked === 'boolean') target.checked = isChecked;
  if (value !== undefined) restore(target, value, values);
  const more = data && (type === 'paste' ? { clipboardData: data } : { dataTransfer: data });
  page.replayed = new event.constructor(type, withMore(event, more));
  target.dispatchEvent(page.replayed);
}

/** An event as the dictionary that makes another like it, with something in place of its own. */
function withMore(event, more) {
  return more ? new Proxy(event, { get: (_, name) => more[name] ?? event[name] }) : event;
}

/**
 * Gives a field the value that it had. Where the app has changed it meanwhile, as a shell does when a line
 * is entered, only what was typed since the event before is typed again.
 */
function restore(target, value, values) {
  const before = values.get(target);
  values.set(target, value);
  if (target.value === value || typeof value !== 'string' || target.type === 'file') return;
  const isOurs = before === undefined || target.value === before;
  target.value = isOurs ? value : typedInto(target.value, before, value);
}

/** A text after the change that led from `before` to `after`, seen from the end of the text. */
function typedInto(text, before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const to = Math.max(text.length - end, 0);
  const from = Math.max(to - (before.length - start - end), 0);
  return text.slice(0, from) + after.slice(start, after.length - end) + text.slice(to);
}
