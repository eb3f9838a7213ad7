// Plays in WebAssembly what was played natively and compares the digests, line by line.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [module, native] = process.argv.slice(2);
const { example, random_session: randomSession } = createRequire(import.meta.url)(resolve(module));

const lines = readFileSync(native, 'utf8').trim().split('\n');
const examples = lines.filter((line) => !JSON.parse(line).name.startsWith('random-')).length;

let steps = 0;
let differ = 0;
for (const [place, line] of lines.entries()) {
  const ours = place < examples ? example(place) : randomSession(place - examples);
  steps += JSON.parse(line).steps;
  if (ours !== line) {
    differ += 1;
    console.error(`native ${line}\nwasm   ${ours}`);
  }
}
console.log(`digests: examples ${examples}, random sessions ${lines.length - examples}, steps ${steps}, differ ${differ}`);
process.exitCode = differ === 0 && examples === 7 && lines.length === examples + 200 ? 0 : 1;
