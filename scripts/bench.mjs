// Times the WebAssembly build of src/bin/bench.rs: the same workloads as the native run, read from
// its output, so the two lists cannot differ.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const MINIMUM_RUNS = 5;

const [module, native, minimumMs] = process.argv.slice(2);
const { run } = createRequire(import.meta.url)(resolve(module));
const cases = readFileSync(native, 'utf8').trim().split('\n').map((line) => JSON.parse(line));

for (const { replicas, parallel, steps: expected, best_ms: nativeMs } of cases) {
  let best = Infinity;
  let runs = 0;
  const began = performance.now();
  while (runs < MINIMUM_RUNS || performance.now() - began < Number(minimumMs)) {
    const start = performance.now();
    const steps = run(replicas, parallel);
    best = Math.min(best, performance.now() - start);
    assert.equal(steps, expected, 'WebAssembly took other steps than the native run');
    runs += 1;
  }
  console.log(
    JSON.stringify({
      world: 'wasm',
      replicas,
      parallel,
      steps: expected,
      runs,
      best_ms: Number(best.toFixed(4)),
      times_native: Number((best / nativeMs).toFixed(2)),
    }),
  );
}
