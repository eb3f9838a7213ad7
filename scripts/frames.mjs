// How smoothly a large set plays in Chromium: frames per second and long tasks while 100 pods with
// claims come up on three nodes, and while a rolling update replaces them. One line of JSON each.

import { launchBrowser, ready } from '../tests/e2e/harness.mjs';
import { startServer } from './serve.mjs';

const SECONDS = 8;
const SPEEDS = ['2', '4', '64'];

/** Counts frames and collects tasks over 50 ms for some seconds. */
function measure(page, seconds) {
  return page.evaluate(async (ms) => {
    const long = [];
    const observer = new PerformanceObserver((list) =>
      list.getEntries().forEach((entry) => long.push(Math.round(entry.duration))));
    observer.observe({ entryTypes: ['longtask'] });
    let frames = 0;
    const start = performance.now();
    await new Promise((done) => {
      const next = () => {
        frames += 1;
        if (performance.now() - start < ms) requestAnimationFrame(next);
        else done();
      };
      requestAnimationFrame(next);
    });
    observer.disconnect();
    const rate = Math.round((frames / (performance.now() - start)) * 10_000) / 10;
    return { frames_per_second: rate, long_tasks: long.length, longest_ms: Math.max(0, ...long) };
  }, seconds * 1000);
}

const site = await startServer();
const browser = await launchBrowser();
try {
  for (const speed of SPEEDS) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(site.url);
    await ready(page);
    await page.getByRole('radio', { name: 'Parallel', exact: true }).check();
    await page.getByRole('combobox', { name: 'Speed' }).selectOption(speed);
    await page.getByRole('checkbox', { name: 'Skip waits' }).uncheck();
    await page.getByRole('spinbutton', { name: 'Replicas', exact: true }).fill('100');
    const scaling = measure(page, SECONDS);
    await page.getByRole('button', { name: 'Restart', exact: true }).click();
    console.log(JSON.stringify({ what: 'scale up to 100', speed, ...(await scaling) }));
    await page.getByText('100/100 ready').waitFor();
    const image = page.getByRole('textbox', { name: 'Image', exact: true });
    await image.fill('registry.k8s.io/nginx-slim:0.25');
    const updating = measure(page, SECONDS);
    await image.press('Enter');
    console.log(JSON.stringify({ what: 'rolling update', speed, ...(await updating) }));
    await page.close();
  }
} finally {
  await browser.close();
  await site.stop();
}
