// The longest block of the page in Chromium for each hostile input, and how long it takes to answer.
// Prints a line of JSON for each: `make blocks`, or `node scripts/blocks.mjs [PART OF A NAME]`.
//
// longest_ms: the longest task of the page between the input and its end; the browser tells of tasks from
// 50 ms on, 0 stands for less. answer_ms: until there is an answer, a message or a question. stop_ms: from
// Escape, Ctrl+C or a button of the page to the end of what it stops.

import { editor, manifest, paste, until } from '../tests/e2e/app.mjs';
import { launchBrowser, ready, whole } from '../tests/e2e/harness.mjs';
import { YEAR_MS, crashing, fileOf, link, probed, withInputs, work } from '../tests/e2e/links.mjs';
import { startServer } from './serve.mjs';

// What takes longer is stopped: this long is waited before.
const STOP_AFTER_MS = 3_000;

const server = await startServer({ base: '/' });
const browser = await launchBrowser();
const only = process.argv[2] ?? '';

/** A page whose long tasks are counted; nothing is open in it yet. */
async function empty() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ startTime, duration }) => [startTime, duration])))
      .observe({ type: 'longtask', buffered: true });
  });
  return page;
}

async function fresh() {
  const page = await empty();
  await page.goto(server.url);
  await ready(page);
  await whole(page);
  return page;
}

/** Brings it, and waits until it is done. Returns the longest task meanwhile. */
async function measure(page, bring, answered) {
  const from = await page.evaluate(() => performance.now());
  const began = Date.now();
  await bring();
  const rest = (await answered(began)) ?? {};
  const answer = rest.answer_ms ?? Date.now() - began;
  // Tasks are told of when they are over.
  await page.waitForTimeout(300);
  const tasks = await page.evaluate((from) => longTasks.filter(([at]) => at >= from).map(([, took]) => Math.round(took)), from);
  return { longest_ms: Math.max(0, ...tasks), long_tasks: tasks.length, answer_ms: answer, ...rest };
}

/** The first example as it is saved. */
const example = await (async () => {
  const page = await fresh();
  const saved = await work(page);
  await page.context().close();
  return saved;
})();

const sets = (count) => Array.from({ length: count }, (_, n) =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: s${n}}\nspec:\n  replicas: 3\n  serviceName: n\n  selector: {matchLabels: {app: s${n}}}\n` +
  `  template:\n    metadata: {labels: {app: s${n}}}\n    spec: {containers: [{name: a, image: a}]}\n---\n`).join('');
const keys = (count) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata: {${Array.from({ length: count }, (_, n) => `k${n}: v`).join(',')}}\n`;
const range = (count, each) => Array.from({ length: count }, (_, n) => each(n)).join('');

const set = (web, replicas, more = '') => web.replace(/ {2}replicas: 3\n/, `  replicas: ${replicas}\n${more}`);
const texts = {
  '24,000 keys': () => keys(24_000),
  '9,000 keys': () => keys(9_000),
  '10,000 annotations': (web) => web.replace(/(kind: StatefulSet\nmetadata:\n {2}name: web\n)/, `$1  annotations:\n${range(10_000, (n) => `    a${n}: b\n`)}`),
  '50 claim templates': (web) => web + range(50, (n) => `    - metadata:\n        name: d${n}\n      spec:\n        accessModes: ["ReadWriteOnce"]\n        resources:\n          requests:\n            storage: 1Gi\n`),
  '500 containers': (web) => web.replace(/ {6}containers:\n/, `      containers:\n${range(500, (n) => `        - {name: c${n}, image: a}\n`)}`),
  '300 sets': () => sets(300),
  '5,000 replicas at once': (web) => set(web, 5_000, '  podManagementPolicy: Parallel\n'),
  '20,000 replicas': (web) => set(web, 20_000),
  '2,000,000,000 replicas': (web) => set(web, 2_000_000_000),
  '256 KiB of quotes': () => `'"`.repeat(128 << 10),
  '256 KiB of one-letter lines': () => 'a\n'.repeat(128 << 10),
  'anchors that double': () => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a0: &a0 [x, x]\n${range(60, (n) => `  a${n + 1}: &a${n + 1} [*a${n}, *a${n}]\n`)}`,
  '4 MiB': () => 'a: b\n'.repeat((4 << 20) / 5),
};

const files = {
  'keys.yaml': keys(9_000),
  'more.yaml': keys(24_000),
  'sets.yaml': sets(300),
  'maps.yaml': range(1_000, (n) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m${n}}\ndata: {a: b}\n---\n`),
  'many.txt': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n'.repeat(8_000),
  'long.txt': 'a'.repeat(250_000),
  'words.txt': 'a b c d e f g h\n'.repeat(16_000),
};

const LINES = [
  ...['kubectl apply -f more.yaml', 'kubectl apply -f keys.yaml', 'kubectl apply -f keys.yaml; kubectl apply -f keys.yaml', 'kubectl create -f keys.yaml; kubectl diff -f keys.yaml',
    'kubectl create -f keys.yaml; kubectl get cm big -o yaml', 'kubectl create -f keys.yaml; kubectl describe cm big | tail -1',
    'kubectl apply --server-side -f keys.yaml', 'kubectl apply -f sets.yaml', 'kubectl apply -f maps.yaml', 'kubectl apply --server-side -f maps.yaml; kubectl diff -f maps.yaml',
    "grep -E '(a*)*c' many.txt; grep -c '.*.*.*x' many.txt; grep -E '(a|aa)+$' many.txt | wc -l", "grep -oE 'a' long.txt | wc -l; grep -E '(a+)+b' long.txt",
    "sed -E 's/([a-z])/\\1\\1\\1\\1/g' words.txt | wc -c", 'sort words.txt | uniq -c | sort -rn | head -3; cat words.txt words.txt | wc -l'],
  `kubectl get pods -o jsonpath='${'{range .items[*]}'.repeat(1_000)}.a${'{end}'.repeat(1_000)}'`,
  `kubectl get pods -o jsonpath='{${'[?(@.a==1)]'.repeat(3_000)}}'`,
  `kubectl get pods -A -o jsonpath='{${'..*'.repeat(12)}}' | wc -c`,
  `kubectl get pods -o jsonpath='{.items${'[*,*]'.repeat(16)}}' | wc -c`,
  `kubectl get pods -A -o custom-columns=${'A:..*,'.repeat(1_000)}A:..* | wc -c`,
  `kubectl get pods -o go-template='${'{{range $.items}}'.repeat(14)}x${'{{end}}'.repeat(14)}' | wc -c`,
  'kubectl create deployment a --image=nginx --replicas=20000', 'kubectl create deployment a --image=nginx; kubectl scale deployment a --replicas=2000000000',
  'kubectl scale sts web --replicas=5000', "kubectl patch sts web -p '{\"spec\":{\"replicas\":2000000000}}'",
  ...['get pods', 'label pods --all a=b', 'delete pods --all', 'get pods -o json', 'describe deployment a', 'get events'].map((verb) =>
    `kubectl create deployment a --image=nginx --replicas=2000; sleep 2; kubectl ${verb} | wc -l`),
  'seq 1 99999999999', 'echo {1..999999999} | wc -c', 'a=aaaaaaaaaaaaaaaa; for i in $(seq 1 60); do a=$a$a$a$a; done; echo $a | wc -c',
  'while true; do kubectl get pods -A -o yaml > /dev/null; done', 'while true; do echo a; done', 'yes | head -n 99999999 | wc -l',
  'for a in $(seq 1 1000); do for b in $(seq 1 1000); do :; done; done', "kubectl exec web-0 -- sh -c 'while true; do echo a; done'",
];

const cases = [];
const add = (name, run) => cases.push([name, run]);

for (const [name, linked] of [
  ['60,000 inputs', withInputs(example, 60_000, 1)],
  ['60,000 inputs, an hour apart', withInputs(example, 60_000, 3_600_000)],
  ['a container that crashes for 30 years', crashing(example, 30 * YEAR_MS)],
  ['a history that is full of probes', probed(example, 30 * YEAR_MS)],
]) {
  add(`link: ${name}`, async () => {
    const address = link(linked);
    const page = await empty();
    const asked = page.getByText('This takes long');
    const open = page.locator('html[data-ready="true"]');
    const found = await measure(page, async () => {
      await page.goto(new URL(address, server.url).href, { waitUntil: 'commit' });
    }, async (began) => {
      await until('it is open or asks', async () => (await asked.count()) || (await open.count()));
      const answer_ms = Date.now() - began;
      if (!(await asked.count())) return { answer_ms };
      await page.getByRole('button', { name: 'Do not open it' }).click();
      const stopped = Date.now();
      await open.waitFor({ state: 'attached' });
      return { answer_ms, asks: true, stop_ms: Date.now() - stopped };
    });
    return [page, found];
  });
}

for (const [name, make] of Object.entries(texts)) {
  add(`editor: ${name}`, async () => {
    const page = await fresh();
    const web = await manifest(page);
    await editor(page);
    const text = make(web);
    const found = await measure(page, async () => {
      await paste(page, text);
    }, () => page.waitForTimeout(STOP_AFTER_MS));
    return [page, found];
  });
}

for (const line of LINES) {
  add(`terminal: ${line.length > 70 ? `${line.slice(0, 70)}…` : line}`, async () => {
    const page = await withFiles();
    const input = page.getByRole('textbox', { name: 'Terminal input' });
    const stop = page.getByRole('button', { name: 'Stop (Ctrl+C)' });
    await input.fill(line);
    const found = await measure(page, () => input.press('Enter'), async (began) => {
      await page.waitForTimeout(30);
      while ((await stop.count()) && Date.now() - began < STOP_AFTER_MS) await page.waitForTimeout(10);
      const answer_ms = Date.now() - began;
      if (!(await stop.count())) return { answer_ms };
      await input.press('Control+c');
      const pressed = Date.now();
      await until('it stops', async () => (await stop.count()) === 0);
      return { answer_ms, stopped: true, stop_ms: Date.now() - pressed };
    });
    return [page, found];
  });
}

/** A page with files beside the terminal. */
async function withFiles() {
  const page = await fresh();
  const folder = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/home/user/${name}`, text]));
  const saved = { ...example, terminal: { history: [], aliases: {}, files: folder } };
  await page.getByRole('button', { name: 'Workspaces' }).click();
  await page.getByLabel('Import workspaces').setInputFiles(fileOf('With files', saved));
  await page.getByText('1 workspace is imported').first().waitFor();
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /^With files/ }).click()]);
  await ready(page);
  await whole(page);
  await page.waitForTimeout(300);
  return page;
}

for (const [name, run] of cases) {
  if (!name.includes(only)) continue;
  try {
    const [page, found] = await run();
    console.log(JSON.stringify({ name, ...found }));
    await page.context().close();
  } catch (error) {
    console.log(JSON.stringify({ name, failed: error.message.split('\n')[0] }));
    for (const context of browser.contexts()) await context.close().catch(() => {});
  }
}
await browser.close();
await server.stop();
