// Bundles what Trunk cannot: style sheets that import each other become one file. Trunk runs this
// before each build (Trunk.toml) and then hashes the results.

import { build } from 'esbuild';

const entryPoints = [{ in: 'static/styles/main.css', out: 'main' }];

await build({
  entryPoints,
  outdir: 'target/assets',
  bundle: true,
  minify: process.env.TRUNK_PROFILE !== 'debug',
  // Addresses in style sheets stay as they are: relative to the page's own folder.
  external: ['*.svg', '*.png', '*.woff2'],
  logLevel: 'warning',
});
