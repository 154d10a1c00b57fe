// The live page in a real browser, with made studies: every view, filter, comparison, keys, light
// and dark, narrow windows, a lost connection, starting and stopping, hostile names. What a true
// server and a true run do to it is in page-live.slow.test.ts.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NetworkState, RunState } from '../../src/dashboard/api.js';
import { buildPage, isPageStale } from '../../scripts/build-page.mjs';
import { chromium } from './chromium.js';
import { madeState, type MadeServer, startMadeServer } from './made-server.js';
import { expectAccessible, expectNoOverflow, openPage, startBrowser } from './page-opened.js';

const made = { weightLayers: 6, splits: 2 };
const running: RunState = {
  ...{ state: 'running', holder: null, secondsLeft: 754, imagesPerSecond: 4312 },
  ...{ residentBytes: 696 * 2 ** 20, startedAt: null },
};
const noNumbers = { accuracy: null, matchedPt: null };
const hostile = `<img src=x onerror="document.title='ran'">\u0007\u202e"'&lt;`;

/** Of 108 networks: one failed, one dead, one missing, some at work, some waiting. */
function change(network: NetworkState, index: number): Partial<NetworkState> {
  if (index === 17) return { ...noNumbers, state: 'failed', reason: `no memory ${hostile}` };
  if (index === 30) return { state: 'dead', matchedPt: null, reason: 'as chance' };
  if (index === 33) return { ...noNumbers, state: 'missing', iteration: null, reason: 'no base' };
  if (index > 95) return { ...noNumbers, state: 'waiting', iteration: null };
  if (index <= 88) return {};
  return { state: 'running', iteration: 300, matchedPt: null, accuracy: 0.412 };
}

const first = madeState('glyphs', made, change);
const second = { weightLayers: 6, splits: 1 };
let server: MadeServer;
let browser: Browser;

const open = (hash: string, opening: Parameters<typeof openPage>[2] = {}) =>
  openPage(browser, `${server.url}${hash}`, opening);
const cell = (page: Page, name: string) => page.locator(`.cell[data-name="${name}"]`);
const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement).dataset['name'] ?? null);

describe.skipIf(chromium === null)('the live page (skipped where there is no Chromium)', () => {
  beforeAll(async () => {
    if (isPageStale()) expect(await buildPage()).toBe(true);
    browser = await startBrowser();
    server = await startMadeServer([
      { state: { ...first, run: running }, points: 60, made },
      { state: madeState('other', second), points: 60, made: second },
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const views = {
    home: '#/',
    plan: '#/study/glyphs',
    list: '#/study/glyphs/list',
    curves: '#/study/glyphs/curves',
    figures: '#/study/glyphs/figures',
    filters: '#/study/glyphs/filters',
    network: '#/study/glyphs/network/split0%2FA3B',
    failed: `#/study/glyphs/network/${encodeURIComponent(first.networks[17]!.name)}`,
    compare: '#/compare/glyphs/other',
    unknown: '#/nowhere',
  } as const;
  const ready: Readonly<Record<keyof typeof views, string>> = {
    home: '.card .counts',
    plan: '.plan .cell',
    list: '.list tbody tr',
    curves: '.chart canvas',
    figures: '.vega svg',
    filters: '.filters img',
    network: '.layers .box',
    failed: 'h2:has-text("Why it failed")',
    compare: '.vega svg',
    unknown: 'text=There is no such page',
  };

  const looks = [
    { scheme: 'light', width: 1280 },
    { scheme: 'dark', width: 1280 },
    { scheme: 'light', width: 360 },
  ] as const;
  test.each(looks)('every view, $scheme, $width px: no error, axe-core agrees', async (look) => {
    for (const [name, hash] of Object.entries(views)) {
      const { page, errors } = await open(hash, look);
      await page.waitForSelector(ready[name as keyof typeof views]);
      await expectAccessible(page);
      await expectNoOverflow(page);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(look.scheme === 'dark' ? 'rgb(21, 25, 30)' : 'rgb(255, 255, 255)');
      expect([name, ...errors]).toEqual([name]);
      expect(await page.title()).not.toBe('ran');
      await page.close();
    }
  });

  test('light or dark by choice, kept when the page is loaded again', async () => {
    const { page } = await open(views.plan);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.getByLabel('Appearance').selectOption('dark');
    expect(await background()).toBe('rgb(21, 25, 30)');
    await page.reload();
    expect(await background()).toBe('rgb(21, 25, 30)');
    await page.getByLabel('Appearance').selectOption('auto');
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  test('the plan says of each network how it stands, and changes only what has changed', async () => {
    const { page, errors } = await open(views.plan);
    const a3b = cell(page, 'split1/A3B');
    await a3b.waitFor();
    expect(await page.locator('.cell:not(.sample)').count()).toBe(first.networks.length);
    expect(await a3b.getAttribute('aria-label')).toBe(
      'A3B, split1: running, 41.2 % after 300 of 600 iterations',
    );
    expect(await page.locator('.cell.failed:not(.sample)').getAttribute('aria-label')).toContain(
      'failed: no memory',
    );
    await page.evaluate(() => {
      const state = window as unknown as { touched: string[] };
      state.touched = [];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          const element = target instanceof Element ? target : target.parentElement;
          const name = element?.closest<HTMLElement>('.cell')?.dataset['name'];
          state.touched.push(name ?? 'something else');
        }
      }).observe(document.querySelector('.plan') as Element, {
        ...{ subtree: true, childList: true, attributes: true, characterData: true },
      });
    });
    const before = first.networks.find(({ name }) => name === 'split1/A3B') as NetworkState;
    server.change('glyphs', [{ ...before, iteration: 450, accuracy: 0.5 }]);
    await page.waitForFunction(
      () => document.querySelector('[data-name="split1/A3B"]')?.textContent === '50.0',
    );
    const touched = await page.evaluate(() => (window as unknown as { touched: string[] }).touched);
    expect([...new Set(touched)]).toEqual(['split1/A3B']);
    server.change('glyphs', [before]);
    await a3b.hover();
    expect(await page.locator('.tooltip').textContent()).toContain('running, 41.2 %');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('differences instead of accuracies', async () => {
    const { page } = await open(views.plan);
    await page.getByLabel('Numbers').selectOption('difference');
    expect(await cell(page, 'split0/R3B').textContent()).toMatch(/^\u2212\d+\.\d$/);
    expect(await cell(page, 'split0/baseB').textContent()).toMatch(/^\d+\.\d$/);
    await page.close();
  });

  test('a filter by name, treatment and state', async () => {
    const { page } = await open(views.plan);
    await page.getByLabel('Name').fill('split0/*+');
    await page.getByLabel('AnB+', { exact: true }).check();
    const shown = page.locator('.cell:not(.faded):not(.sample)');
    const names = await shown.evaluateAll((cells) =>
      cells.map((each) => (each as HTMLElement).dataset['name']),
    );
    expect(names).toHaveLength(10);
    expect(names.every((name) => /^split0\/[AB]\d[AB]\+$/.test(name ?? ''))).toBe(true);
    expect(await page.getByRole('search').textContent()).toContain('10 networks');
    await page.getByRole('link', { name: 'List' }).click();
    expect(await page.locator('.list tbody tr').count()).toBe(10);
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await page.locator('.list tbody tr').count()).toBe(100);
    // What has failed comes first, with the reason and what to do; a name is no markup.
    const top = await page.locator('.list tbody tr').first().textContent();
    expect(top).toContain('no memory <img');
    expect(top).toContain('resume the study');
    await page.close();
  });

  test('the keyboard alone: to the plan, through it, two networks compared, a page opened', async () => {
    const { page, errors } = await open(views.plan);
    await cell(page, 'split0/baseA').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    for (let i = 0; i < 60 && (await focused(page)) === null; i++) await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('split0/baseA');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('split0/A1A');
    await page.keyboard.press('End');
    await page.keyboard.press('Space');
    expect(await focused(page)).toBe('split0/A5A');
    // One stop a table.
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('split0/baseB');
    await page.keyboard.press('Shift+Tab');
    expect(await focused(page)).toBe('split0/A5A');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused(page)).toBe('split0/baseA');
    await page.getByRole('link', { name: 'Compare curves' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.chart canvas');
    const names = await page.locator('.curve-legend a').allTextContents();
    expect(names).toEqual(['split0/baseA', 'split0/A5A']);
    await page.locator('.curve-legend a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.layers');
    expect(await page.locator('h1').textContent()).toBe('baseA');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('curves: values under the pointer, a zoom asks the server for more, an address to keep', async () => {
    const { page, errors } = await open(
      '#/study/glyphs/curves?network=split0%2FbaseA&network=split0%2FA3B',
    );
    const canvas = page.locator('.chart .u-over');
    await canvas.waitFor();
    const box = (await canvas.boundingBox()) as { x: number; y: number; width: number };
    await page.mouse.move(box.x + box.width / 2, box.y + 50);
    await page.waitForFunction(() => /iteration 3\d\d:/.test(document.body.innerText));
    server.asked.length = 0;
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.waitForFunction(
      () => (document.querySelector('input[type=number]') as HTMLInputElement).value !== '0',
    );
    await expect
      .poll(() => server.asked.some((each) => /from=3\d\d&to=4\d\d/.test(each)))
      .toBe(true);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByLabel('Curves of').selectOption('loss');
    await expect.poll(() => server.asked.some((each) => each.includes('what=loss'))).toBe(true);
    await page.getByLabel('Remove split0/A3B from the comparison').click();
    await page.waitForFunction(() => location.hash.endsWith('curves?network=split0%2FbaseA'));
    expect(errors).toEqual([]);
    await page.close();
  });

  test('figures are the report\u2019s, and say their numbers', async () => {
    const { page, errors } = await open(views.figures);
    for (const id of ['learning-curves', 'linear-probes', 'similarity', 'movement', 'resets']) {
      const figure = page.locator(`#figure-${id} ~ *`);
      await expect
        .poll(() => figure.locator('path[aria-roledescription]').count(), {
          message: id,
          timeout: 10_000,
        })
        .toBeGreaterThan(3);
    }
    const line = page.locator('#figure-learning-curves ~ * path[aria-label^="split0/baseA:"]');
    expect(await line.locator('title').textContent()).toMatch(
      /^split0\/baseA: accuracy 0\.\d\d\d at epoch 12$/,
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test('figures fill in as networks end', async () => {
    const { page, errors } = await open(views.figures);
    const marks = () => page.locator('#figure-figure2-top ~ * path[aria-roledescription]').count();
    await page.waitForSelector('.vega svg');
    await expect.poll(marks).toBeGreaterThan(20);
    const before = await marks();
    const waiting = server.studies.get('glyphs')!.state.networks.filter((_, i) => i > 95);
    // Figure 2 has no random features.
    const drawn = waiting.filter(({ treatment }) => treatment !== 'random');
    expect(drawn.length).toBeGreaterThan(0);
    server.change(
      'glyphs',
      waiting.map((each) => ({ ...each, state: 'done', accuracy: 0.8, matchedPt: 1 })),
    );
    server.send('glyphs', 'figures', { revision: 2 });
    await expect.poll(marks, { timeout: 10_000 }).toBe(before + drawn.length);
    server.change('glyphs', waiting);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('a network: what it copies, its layers, its audit, its log, how to reproduce it', async () => {
    const { page, errors } = await open(views.network);
    await page.waitForSelector('.layers');
    const layers = await page.locator('.layers li').allTextContents();
    expect(layers).toHaveLength(6);
    expect(layers[2]).toContain('copied from base A, frozen');
    expect(layers[3]).toContain('fresh, learns');
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('6 frozen tensors, every bit as before training');
    expect(text).toContain('selffer reproduce /studies/glyphs split0/A3B');
    await page.getByRole('link', { name: 'split0/baseA' }).click();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'baseA');
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'A3B');
    expect(errors).toEqual([]);
    await page.close();
  });

  test('stopping asks first; starting does not; both are sent', async () => {
    const { page } = await open(views.plan);
    const posts = () => server.asked.filter((each) => each.startsWith('POST'));
    server.asked.length = 0;
    await page.getByRole('button', { name: 'Stop' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Keep training' }).click();
    expect(posts()).toEqual([]);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await expect.poll(posts).toEqual(['POST /api/studies/glyphs/stop']);
    server.send('glyphs', 'run', { ...running, state: 'stopping' });
    await page.waitForSelector('text=what is being trained is saved');
    server.send('glyphs', 'run', { ...running, state: 'idle' });
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(posts).toContain('POST /api/studies/glyphs/start');
    server.send('glyphs', 'run', { ...running, state: 'elsewhere', holder: 'process 4711 on b' });
    await page.waitForSelector('text=Training elsewhere: process 4711 on b');
    expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
    await page.close();
  });

  test('a lost connection is said, and what is shown is current again when it is back', async () => {
    const { page } = await open(views.plan);
    await cell(page, 'split1/A3B').waitFor();
    const before = first.networks.find(({ name }) => name === 'split1/A3B') as NetworkState;
    await server.stop();
    try {
      await page.waitForSelector('text=Connection lost');
      expect(await page.locator('html.stale').count()).toBe(1);
      await expectAccessible(page);
      server.change('glyphs', [{ ...before, accuracy: 0.777 }]);
    } finally {
      await server.start();
    }
    await page.waitForFunction(
      () => document.querySelector('[data-name="split1/A3B"]')?.textContent === '77.7',
      undefined,
      { timeout: 20_000 },
    );
    expect(await page.locator('text=Connection lost').count()).toBe(0);
    server.change('glyphs', [before]);
    await page.close();
  });

  test('a study that is not there is said in the server\u2019s words', async () => {
    const { page } = await open('#/study/gone');
    await page.waitForSelector('text=There is no study gone here.');
    expect(await page.locator('main').textContent()).toContain('Look at the list');
    await page.close();
  });

  test('two studies: one table, figures laid over each other', async () => {
    const { page, errors } = await open(views.compare);
    await page.waitForSelector('.vega svg');
    const rows = await page.locator('.differences tbody tr').allTextContents();
    expect(rows.length).toBeGreaterThan(20);
    expect(rows[0]).toMatch(/^BnB1.* Pt \(\d+\).* Pt \(\d+\).* Pt$/);
    expect(server.asked.some((each) => each.includes('against=other'))).toBe(true);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('who may only look sees no buttons', async () => {
    const looking = await startMadeServer(
      [{ state: { ...first, run: running }, points: 10, made }],
      false,
    );
    const { page } = await openPage(browser, looking.url);
    await page.waitForSelector('.run-state');
    expect(await page.getByRole('button', { name: /Stop|Start|Resume/ }).count()).toBe(0);
    await page.close();
    await looking.stop();
  });
});
