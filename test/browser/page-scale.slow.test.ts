// The live page with 2,000 networks and a million points: how long until it is seen, how long an
// update takes, how much memory. The ceilings are twice what is promised (docs/serve.md), for other
// tests run beside this one; what was measured is printed.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPage, isPageStale } from '../../scripts/build-page.mjs';
import { treatmentKinds } from '../../src/study/treatments.js';
import { chromium } from './chromium.js';
import { madeState, type MadeServer, startMadeServer } from './made-server.js';
import { openPage, startBrowser } from './page-opened.js';

const made = {
  ...{ weightLayers: 8, splits: 13 },
  treatments: treatmentKinds.filter((kind) => !kind.endsWith('-p1') && !kind.endsWith('-p2')),
};
const state = madeState('large', made, (_, index) =>
  index % 3 === 0 ? { state: 'running', iteration: 300, matchedPt: null } : {},
);
let server: MadeServer;
let browser: Browser;

describe.skipIf(chromium === null)('2,000 networks (skipped where there is no Chromium)', () => {
  beforeAll(async () => {
    if (isPageStale()) expect(await buildPage()).toBe(true);
    browser = await startBrowser();
    const points = Math.ceil(1_000_000 / state.networks.length);
    server = await startMadeServer([{ state, points, made }]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('first view, updates, filter, selection, memory', async () => {
    const count = state.networks.length;
    const started = performance.now();
    const { page, errors } = await openPage(browser, server.url);
    await page.waitForSelector(`.cell[data-name="${state.networks.at(-1)!.name}"]`, {
      state: 'attached',
    });
    const firstViewMs = performance.now() - started;
    expect(await page.locator('.cell:not(.sample)').count()).toBe(count);

    // From the moment the server sends to the frame in which it is seen; a tenth of all change.
    const updates: number[] = [];
    for (let round = 1; round <= 10; round++) {
      const changed = state.networks
        .filter((_, index) => index % 10 === round % 10)
        .map(
          (network) => ({ ...network, state: 'running', accuracy: 0.1 + 0.01 * round }) as const,
        );
      const name = changed.at(-1)!.name;
      const seen = page.evaluate(
        ([cell, text]) =>
          new Promise<number>((resolve) => {
            const look = (): void => {
              const now = document.querySelector(`[data-name="${cell}"]`)?.textContent;
              if (now !== text) requestAnimationFrame(look);
              else resolve(performance.timeOrigin + performance.now());
            };
            look();
          }),
        [name, (10 + round).toFixed(1)] as const,
      );
      const sent = performance.timeOrigin + performance.now();
      server.change('large', changed);
      updates.push((await seen) - sent);
    }
    updates.sort((a, b) => a - b);
    const updateMs = updates[5] as number;

    const filterMs = await page.evaluate(async () => {
      const field = document.querySelector('input[type=search]') as HTMLInputElement;
      const before = performance.now();
      field.value = 'A3';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - before;
    });
    expect(await page.locator('.cell.faded:not(.sample)').count()).toBeGreaterThan(count / 2);

    await page.getByRole('link', { name: 'Curves' }).click();
    await page.getByRole('button', { name: /Compare these/ }).click();
    const curvesStarted = performance.now();
    await page.waitForSelector('.chart canvas');
    await page.waitForFunction(() => document.querySelectorAll('.curve-legend li').length === 40);
    const curvesMs = performance.now() - curvesStarted;

    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    const figures = { count, firstViewMs, updateMs, slowestMs: updates[9], filterMs, curvesMs };
    console.log(JSON.stringify({ ...figures, heapMiB: usedSize / 2 ** 20 }));
    expect(count).toBeGreaterThanOrEqual(2000);
    expect(firstViewMs).toBeLessThan(2 * 2000);
    expect(updateMs).toBeLessThan(2 * 100);
    expect(filterMs).toBeLessThan(500);
    expect(usedSize).toBeLessThan(200 * 2 ** 20);
    expect(errors).toEqual([]);
    await page.close();
  });
});
