// Plays in WebAssembly what is played natively meanwhile and compares what came of each, line by line.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

const RECORDINGS = 'tests/conformance';

const [module, native, sessions] = process.argv.slice(2);
const wasm = createRequire(import.meta.url)(resolve(module));

// Each with the category of what was recorded.
const files = [
  ...recordingsIn('controller').map((file) => ['controller', file]),
  ...['kubelet', 'kubelet/v1.34'].flatMap(recordingsIn).map((file) => [basename(file).split('.')[0], file]),
];

// WebAssembly keeps this thread busy: what the native program prints goes to a file.
const printed = join(dirname(module), 'native.jsonl');
const program = spawn(native, [sessions, ...files.flat()], { stdio: ['ignore', openSync(printed, 'w'), 'inherit'] });
const ended = once(program, 'exit');
const ours = played();
const [code] = await ended;
if (code !== 0) throw new Error(`${native} ended with ${code}`);
const theirs = readFileSync(printed, 'utf8').trim().split('\n');

const counts = new Map();
let steps = 0;
let differ = 0;
for (let place = 0; place < Math.max(ours.length, theirs.length); place += 1) {
  const result = JSON.parse(ours[place] ?? theirs[place]);
  counts.set(result.kind, (counts.get(result.kind) ?? 0) + 1);
  steps += result.steps;
  if (ours[place] === theirs[place] && result.right !== false) continue;
  differ += 1;
  console.error(`native ${theirs[place]}\nwasm   ${ours[place]}`);
}
const kinds = ['example', 'scripted session', 'random session', 'controller recording', 'kubelet recording'];
const counted = kinds.map((kind) => `${kind}s ${counts.get(kind) ?? 0}`).join(', ');
console.log(`played in WebAssembly as natively: ${counted}, steps ${steps}, differ ${differ}`);
process.exitCode = differ === 0 && kinds.every((kind) => counts.has(kind)) ? 0 : 1;

function played() {
  const examples = all((place) => wasm.example(place));
  const scripted = all((place) => wasm.scripted_session(place));
  const random = Array.from({ length: Number(sessions) }, (_, seed) => wasm.random_session(seed));
  const recordings = files.flatMap(([category, file]) => {
    const bytes = readFileSync(file);
    return category === 'controller' ? wasm.controller_recordings(bytes) : wasm.kubelet_recordings(category, bytes);
  });
  return [...examples, ...scripted, ...random, ...recordings];
}

/** What a function gives for 0, 1, 2 and so on until it gives nothing. */
function all(give) {
  const given = [];
  for (let line; (line = give(given.length)) !== undefined; ) given.push(line);
  return given;
}

function recordingsIn(folder) {
  const path = join(RECORDINGS, folder);
  const names = readdirSync(path).filter((name) => name.endsWith('.jsonl.gz'));
  return names.sort().map((name) => join(path, name));
}
