// Serves the built site on this machine only: `node scripts/serve.mjs` after a build.
//
//   PORT=8080     the port
//   --probe       only say whether the port is free

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HOST = '127.0.0.1';
const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
  '.yaml': 'text/yaml; charset=utf-8',
};
// Trunk writes the content's hash into these names, so their content never changes.
const HASHED = /-[0-9a-f]{16}(_bg)?\.\w+$/;

/**
 * Serves the folder `root` below the path `base`; port 0 takes a free one.
 * Resolves to the address and a function that stops the server.
 */
export function startServer({ root = DIST, port = 0, base = '/' } = {}) {
  const server = createServer((request, response) => {
    answer(root, base, request, response).catch((error) => {
      response.destroy(error);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const url = `http://${HOST}:${server.address().port}${base}`;
      const stop = () =>
        new Promise((done) => {
          server.close(done);
          server.closeAllConnections();
        });
      resolve({ url, stop });
    });
  });
}

async function answer(root, base, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405);
  }
  const file = await fileOf(root, base, request.url);
  if (!file) {
    return refuse(response, 404);
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
    'content-length': file.size,
    'cache-control': HASHED.test(file.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    // A frame with sandbox="allow-scripts" has no origin: to it, the site's own files are another's.
    'access-control-allow-origin': '*',
  });
  if (request.method === 'HEAD') {
    return response.end();
  }
  createReadStream(file.path).on('error', (error) => response.destroy(error)).pipe(response);
}

function refuse(response, status) {
  response.writeHead(status, { 'content-type': TYPES['.txt'] });
  response.end(`${status}\n`);
}

/** The file a request names, or null; never one outside `root`. */
async function fileOf(root, base, address) {
  let path;
  try {
    path = decodeURIComponent(new URL(address, `http://${HOST}`).pathname);
  } catch {
    return null;
  }
  if (!path.startsWith(base) || path.includes('\0')) {
    return null;
  }
  const rest = path.slice(base.length);
  const name = join(root, normalize(`${sep}${rest.endsWith('/') || rest === '' ? `${rest}index.html` : rest}`));
  const found = await stat(name).catch(() => null);
  return found?.isFile() ? { path: name, size: found.size } : null;
}

async function main() {
  const port = Number(process.env.PORT || 8080);
  let site;
  try {
    site = await startServer({ port });
  } catch (error) {
    const why = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${error.message})`;
    console.error(`Port ${process.env.PORT || port} ${why}. Choose another: make run PORT=8081`);
    process.exit(1);
  }
  if (process.argv.includes('--probe')) {
    return site.stop();
  }
  console.log(`StatefulSet Playground is at ${site.url} (Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => site.stop().then(() => process.exit(0)));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main();
}
