// Makes the JavaScript that wasm-bindgen wrote smaller, in the folder that Trunk is about to
// publish. Trunk runs this after each build; a development build stays readable. Other scripts stay
// as they are: index.html holds digests of them.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

const { TRUNK_STAGING_DIR: folder, TRUNK_PROFILE: profile } = process.env;

if (profile === 'release') {
  const names = readdirSync(folder);
  const hasWasm = (name) => names.includes(name.replace(/\.js$/, '_bg.wasm'));
  for (const name of names.filter((file) => file.endsWith('.js') && hasWasm(file))) {
    const file = join(folder, name);
    const { code } = transformSync(readFileSync(file, 'utf8'), { minify: true, format: 'esm', target: 'es2022' });
    writeFileSync(file, code);
  }
}
