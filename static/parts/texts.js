// Fetches texts that are shown or read, and says what each is called: src/ui/browser/fetch.rs asks here.

import { has, part } from './arrive.js';

const QUIET = { isQuiet: true };
const KINDS = [
  [/^examples\/(.*)\.yaml$/, (id) => ({ what: `The example ${id}`, isOptional: true })],
  [/^lessons\/index\.yaml$/, () => ({ what: 'The list of lessons', isOptional: true })],
  [/^lessons\/(.*)\.yaml$/, (id) => ({ what: `The lesson ${id}`, isOptional: true })],
  [/^docs\//, () => ({ what: 'The explanations of fields', ...QUIET })],
  [/^terminal\//, () => ({ what: 'The help of the terminal', ...QUIET })],
  [/./, () => ({ what: 'The list of what is left out', isOptional: true })],
];

/** Texts that are here or on their way, by address. */
const texts = new Map();
/** What a person chose last; another choice takes its place. */
let chosen;

/**
 * The text of a file of this page. Undefined if there is no such file, if a person gives it up, or if it
 * takes longer than `patienceMs`: it goes on coming then, for whoever asks next.
 */
export async function text(name, patienceMs) {
  if (!has(name)) return undefined;
  if (!texts.has(name)) texts.set(name, begin(name));
  const coming = texts.get(name);
  if (patienceMs === undefined) return coming;
  return Promise.race([coming, new Promise((late) => setTimeout(late, patienceMs))]);
}

function begin(name) {
  const [pattern, describe] = KINDS.find(([each]) => each.test(name));
  const wish = describe(pattern.exec(name)[1]);
  const coming = part(name, { ...wish, read: (bytes) => new TextDecoder().decode(bytes) });
  if (wish.isOptional) {
    chosen?.giveUp();
    chosen = coming;
    coming.then((found) => {
      if (chosen === coming) chosen = undefined;
      if (found === undefined) texts.delete(name);
    });
  }
  return coming;
}
