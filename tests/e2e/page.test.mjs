// The page as a whole: it opens, is accessible, keeps to itself, and can live under any path.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { axe, useSite } from './harness.mjs';

describe('the page', () => {
  const site = useSite();

  for (const scheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 800], [360, 740]]) {
      test(`axe finds nothing at ${width}x${height}, ${scheme}`, async () => {
        const page = await site.open({ scheme, width, height });
        await axe(page);
      });
    }
  }

  test('has its name as title and heading', async () => {
    const page = await site.open();
    assert.equal(await page.title(), 'StatefulSet Playground');
    await page.getByRole('heading', { level: 1, name: 'StatefulSet Playground' }).waitFor();
  });

  test('blocks an inline script and a foreign host', async () => {
    const page = await site.open();
    const blocked = await page.evaluate(async () => {
      const violations = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        violations.push(event.effectiveDirective);
      });
      const script = document.createElement('script');
      script.append('window.ranInline = true');
      document.head.append(script);
      const image = document.createElement('img');
      image.src = 'http://127.0.0.2/pixel.png';
      await new Promise((resolve) => {
        image.onerror = resolve;
        document.head.append(image);
      });
      return { violations, ran: 'ranInline' in window };
    });
    assert.deepEqual(blocked, { violations: ['require-trusted-types-for', 'img-src'], ran: false });
    site.forgive(page);
  });
});

describe('the page below a path of a shared host', () => {
  const site = useSite({ base: '/some/path/' });

  test('starts there', async () => {
    const page = await site.open();
    assert.match(page.url(), /\/some\/path\/$/);
  });
});

describe('index.html', () => {
  test('sets the policy before everything it governs, and has nothing inline', async () => {
    const html = await readFile(new URL('../../dist/index.html', import.meta.url), 'utf8');
    const policy = html.match(/<meta\s[^>]*Content-Security-Policy[^>]*>/);
    assert(policy, 'no policy');
    assert(!policy[0].includes('unsafe-inline') && !policy[0].includes("'unsafe-eval'"), policy[0]);
    const firstFile = html.search(/<(script|link|style|img)\b/);
    assert(policy.index < firstFile, 'a file is named before the policy');
    assert.doesNotMatch(html, /<style\b/);
    assert.doesNotMatch(html, /\sstyle=/);
    assert.doesNotMatch(html, /\son\w+=/);
    for (const [tag] of html.matchAll(/<script\b[^>]*>/g)) {
      assert.match(tag, /\ssrc=/);
    }
    assert.doesNotMatch(html, /(href|src)="?(https?:)?\/\//);
  });
});
