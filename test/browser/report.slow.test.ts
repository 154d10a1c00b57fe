// A study's report in a real browser: what it lets a reader save, its links, what a pointer is
// told, both appearances, paper, and what axe-core says. That nothing of a hostile study runs in
// it is shown by hostile-report.slow.test.ts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { figureCsv } from '../../src/figures/figure-csv.js';
import { figuresOf } from '../../src/figures/figures.js';
import type { Figure } from '../../src/figures/spec.js';
import { type ReportData, writeReport } from '../../src/report/write-report.js';
import { buildResults } from '../../src/study/results/build.js';
import { makeMeasurements } from '../made-measurements.js';
import { makeNetworks } from '../made-study.js';
import { chromium } from './chromium.js';
import { expectAccessible, expectNoOverflow, openPage, startBrowser } from './page-opened.js';

const networks = makeNetworks({ weightLayers: 4, splits: 4 });
const results = buildResults({
  study: { name: 'made', weightLayers: 4, statistic: 'final' },
  networks,
});
const curves = networks.slice(0, 12).map(({ name, accuracy }) => ({
  name,
  tests: [1, 2, 3].map((epoch) => ({
    ...{ iteration: 10 * epoch, epoch, testAccuracy: ((accuracy ?? 0) * epoch) / 3 },
  })),
}));
const against = { ...results, study: { ...results.study, name: 'another, "older" study' } };
const measurements = makeMeasurements(networks, 4);
const weights = { dtype: 'f32', shape: [2, 3, 4, 4], data: new Float32Array(96).fill(1) } as const;
const data: ReportData = {
  ...{ results, curves, against, measurements },
  filters: [{ network: 'split0/baseA', layer: 'conv1', weights }],
  provenance: {
    done: [['network', 'made: 4 weight layers']],
    studyYaml: `name: made\n${'# a long line '.repeat(30)}\n`,
    selfferVersion: '1.2.3',
    dataHash: 'f'.repeat(64),
    executors: [],
    warnings: ['A warning, so that its colours are there.'],
  },
};
const { figures } = figuresOf(results, curves, against, measurements);

let folder: string;
let browser: Browser;
const open = (opening: Parameters<typeof openPage>[2] = {}) =>
  openPage(browser, pathToFileURL(join(folder, 'report.html')).href, opening);

/** What a click on it saves. */
async function saved(page: Page, button: Locator) {
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

const section = (page: Page, { id }: Figure) =>
  page.locator('.figure', { has: page.locator(`[id="${id}"]`) });

/** What is said of the marks of a specification, each word of it once. */
function spokenWords(spec: unknown): readonly string[] {
  if (typeof spec !== 'object' || spec === null) return [];
  const { data: own, encoding } = spec as {
    readonly data?: { readonly values?: readonly { readonly words?: string }[] };
    readonly encoding?: { readonly description?: { readonly field?: string } };
  };
  const isSpoken = encoding?.description?.field === 'words';
  const words = isSpoken ? (own?.values ?? []).map((row) => row.words ?? '') : [];
  return [...new Set([...words, ...Object.values(spec).flatMap(spokenWords)])];
}

describe.skipIf(chromium === null)('a report (skipped where there is no Chromium)', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'selffer-report-page-'));
    const { failed } = await writeReport(folder, data);
    expect(failed).toEqual([]);
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test('there is a figure of every kind that is tried here', () => {
    expect(figures.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['figure1', 'figure2-top', 'learning-curves', 'linear-probes']),
    );
  });

  test.each(figures.map((figure) => [figure.id, figure] as const))(
    '%s is saved as it is, as pixels, and as its numbers',
    async (id, figure) => {
      const { page, errors } = await open({ scheme: 'dark' });
      const place = section(page, figure);

      const svg = await saved(page, place.getByRole('button', { name: 'as SVG' }));
      expect(svg.name).toBe(`${id}.svg`);
      const text = svg.bytes.toString('utf8');
      expect(text).toMatch(/^<svg /);
      const size = await sharp(svg.bytes).metadata();
      const [, , width, height] = (/viewBox="([^"]*)"/.exec(text)?.[1] ?? '')
        .split(' ')
        .map(Number);
      expect([size.format, size.width, size.height]).toEqual(['svg', width, height]);
      const labels = await page.evaluate((source) => {
        const parsed = new DOMParser().parseFromString(source, 'image/svg+xml');
        return [...parsed.querySelectorAll('[aria-label]')].map((each) =>
          each.getAttribute('aria-label'),
        );
      }, text);
      expect(labels).toEqual(expect.arrayContaining([...spokenWords(figure.spec('light'))]));

      const png = await saved(page, place.getByRole('button', { name: 'as PNG' }));
      expect(png.name).toBe(`${id}.png`);
      const picture = await sharp(png.bytes).metadata();
      expect([picture.format, picture.width, picture.height]).toEqual([
        ...['png', 2 * (width ?? 0), 2 * (height ?? 0)],
      ]);
      // The light one, though the page is dark; drawn with other fonts than that beside the page.
      expect(await distance(png.bytes, join(folder, 'figures', `${id}.png`))).toBeLessThan(4);

      const csv = await saved(page, place.getByRole('link', { name: 'CSV' }));
      expect(csv.name).toBe(`${id}.csv`);
      expect(csv.bytes.toString('utf8')).toBe(figureCsv(figure.spec('light')));
      expect(csv.bytes.toString('utf8').split('\r\n').length).toBeGreaterThan(4);
      expect(errors).toEqual([]);
      await page.close();
    },
  );

  test('without scripts there are the numbers, and no button that would do nothing', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    expect(await page.getByRole('link', { name: 'CSV' }).count()).toBe(figures.length);
    expect(await page.locator('button').filter({ visible: true }).count()).toBe(0);
    await context.close();
  });

  test('every link of the contents leads to its section', async () => {
    const { page } = await open();
    const links = page.getByRole('navigation', { name: 'Contents' }).getByRole('link');
    const titles = await links.allTextContents();
    expect(titles).toEqual(await page.locator('h2').allTextContents());
    expect(titles.length).toBeGreaterThan(5);
    for (const [at, title] of titles.entries()) {
      await page.evaluate(() => scrollTo(0, 0));
      await links.nth(at).click();
      const top = async () => (await page.locator('h2').nth(at).boundingBox())?.y ?? -1;
      await expect.poll(top, { message: title }).toBeLessThan(900);
      expect([title, Math.round(await top()) >= 0]).toEqual([title, true]);
    }
    await page.close();
  });

  test('a pointer on a mark is told its numbers', async () => {
    const { page } = await open();
    const point = results.matched['AnB']?.find(({ n }) => n === 3);
    const mean = `${(point?.meanPt ?? 0).toFixed(1).replace('-', '\u2212')} [`;
    const mark = page.locator(
      '#figure2-bottom-matched .wide.light path[aria-label^="AnB, n = 3:"]',
    );
    await mark.scrollIntoViewIfNeeded();
    const box = await mark.boundingBox();
    const told = await page.evaluate(
      ([x, y]) => document.elementFromPoint(x ?? 0, y ?? 0)?.querySelector('title')?.textContent,
      [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2],
    );
    expect(told).toContain(`AnB, n = 3: ${mean}`);
    expect(told).toContain('8 networks');
    await page.close();
  });

  const looks = [
    { scheme: 'light', width: 1280 },
    { scheme: 'dark', width: 1280 },
    { scheme: 'light', width: 360 },
    { scheme: 'dark', width: 360 },
  ] as const;
  test.each(looks)('$scheme, $width px: one drawing a figure, axe-core agrees', async (look) => {
    const { page, errors } = await open(look);
    const shown = page.locator('.drawing').filter({ visible: true });
    const kinds = await shown.evaluateAll((each) => each.map((drawing) => drawing.className));
    const kind = `drawing ${look.width > 640 ? 'wide' : 'narrow'} ${look.scheme}`;
    expect(kinds).toEqual(figures.map(() => kind));
    await page.evaluate(() => {
      for (const each of document.querySelectorAll('details')) each.open = true;
    });
    await expectAccessible(page);
    await expectNoOverflow(page);
    expect(errors).toEqual([]);
    await page.close();
  });

  test('the list of networks is sorted with the keyboard', async () => {
    const { page } = await open();
    await page.getByText(`${networks.length} networks`, { exact: true }).click();
    const accuracy = page.getByRole('columnheader', { name: 'accuracy', exact: true });
    await accuracy.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await accuracy.getAttribute('aria-sort')).toBe('ascending');
    const column = async () => {
      const cells = page.locator('table.sortable tbody td[data-label="accuracy"]');
      return (await cells.allTextContents()).map(Number);
    };
    const ascending = await column();
    expect(ascending).toHaveLength(networks.length);
    expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
    await page.keyboard.press('Enter');
    expect(await accuracy.getAttribute('aria-sort')).toBe('descending');
    expect(await column()).toEqual(ascending.toReversed());
    await page.close();
  });

  test('on paper: light, unfolded, nothing cut off, nothing that wants a click', async () => {
    // A4 less its margins, at 96 dots an inch.
    const { page } = await open({ scheme: 'dark', width: 688, height: 1017 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    const shown = page.locator('.drawing').filter({ visible: true });
    const kinds = await shown.evaluateAll((each) => each.map((drawing) => drawing.className));
    expect(kinds).toEqual(figures.map(() => 'drawing wide light'));
    for (const hidden of ['.contents', '.downloads']) {
      expect(await page.locator(hidden).filter({ visible: true }).count()).toBe(0);
    }
    const rows = page.locator('table.sortable tbody tr');
    expect(await rows.filter({ visible: true }).count()).toBe(networks.length);
    await expectNoOverflow(page);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await page.close();
  });
});

/** Mean difference of two pictures of the same figure, of 255, seen from afar. */
async function distance(one: Buffer, other: string): Promise<number> {
  const [first, second] = await Promise.all(
    [one, other].map((each) =>
      sharp(each).resize(60, 60, { fit: 'fill' }).removeAlpha().raw().toBuffer(),
    ),
  );
  const values = [...(first ?? [])];
  return values.reduce((sum, each, at) => sum + Math.abs(each - (second?.[at] ?? 0)), 0) / 10_800;
}
