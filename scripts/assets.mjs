// Bundles what Trunk cannot: style sheets that import each other become one file, and the script that
// starts the page a small one. Trunk runs this before each build (Trunk.toml) and then hashes the results.

import { build } from 'esbuild';

const entryPoints = [
  { in: 'static/styles/main.css', out: 'main' },
  { in: 'static/styles/late.css', out: 'late' },
  { in: 'static/start.js', out: 'start' },
];

await build({
  entryPoints,
  outdir: 'target/assets',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: process.env.TRUNK_PROFILE !== 'debug',
  // Addresses in style sheets stay as they are: relative to the page's own folder.
  external: ['*.svg', '*.png', '*.woff2'],
  logLevel: 'warning',
});
