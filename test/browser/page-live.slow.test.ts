// The live page, the true server and a true study of glyphs, from its first network to its last: a
// run that was interrupted is resumed, stopped and resumed again from the page; the grid, a curve
// and the figures fill in; at the end the page says what results.json says.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build, isStale } from '../../scripts/build.mjs';
import { buildPage, isPageStale } from '../../scripts/build-page.mjs';
import { chromium } from './chromium.js';
import { expectAccessible, openPage, startBrowser } from './page-opened.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const selffer = join(root, 'bin/selffer.js');
const study = `name: live
data: {source: glyphs}
tasks: {split: random-halves, seeds: [0]}
network: glyph28
solver: {lr: 0.002, momentum: 0.8, batch: 16, iterations: 300, testEvery: 30}
treatments: [base, BnB, AnB, AnB+]
layers: [1, 3]
keep: all
`;

let folder: string;
let server: ChildProcess | null = null;
let browser: Browser;
let url: string;

/** The first line of standard output that a program prints. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code} after ${text}`)));
  });
}

/** Starts a run and interrupts it as soon as it trains. */
async function runAndInterrupt(): Promise<void> {
  const args = [selffer, 'run', join(folder, 'live.yaml'), '--out', join(folder, 'live'), '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const before = text;
    text += chunk.toString();
    // Once: a second interrupt would not wait for what is saved.
    if (!before.includes('"event":"test"') && text.includes('"event":"test"')) child.kill('SIGINT');
  });
  expect(await ended).toBe(130);
}

const count = async (page: Page, state: string): Promise<number> =>
  page.locator(`.cell.${state}:not(.sample)`).count();

interface ResultsFile {
  readonly networks: readonly {
    readonly name: string;
    readonly state: string;
    readonly accuracy: number | null;
  }[];
}

describe.skipIf(chromium === null)('a true study (skipped where there is no Chromium)', () => {
  beforeAll(async () => {
    if (isStale()) expect(build()).toBe(true);
    if (isPageStale()) expect(await buildPage()).toBe(true);
    folder = mkdtempSync(join(tmpdir(), 'selffer-live-'));
    writeFileSync(join(folder, 'live.yaml'), study);
    await runAndInterrupt();
    const args = [selffer, 'serve', join(folder, 'live'), '--port', '0', '--json'];
    server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    ({ url } = JSON.parse(await firstLine(server)) as { readonly url: string });
    browser = await startBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => server?.on('exit', resolve));
    if (server?.kill('SIGINT')) await ended;
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  test('from the first network to the last, all from the page', { timeout: 600_000 }, async () => {
    const { page, errors } = await openPage(browser, url);
    await page.waitForSelector('.plan .cell');
    expect(await page.locator('.cell:not(.sample)').count()).toBe(14);
    expect(await page.locator('.run-state').textContent()).toBe('Stopped');

    await page.getByRole('button', { name: 'Resume' }).click();
    await page.waitForSelector('.run-state.running', { timeout: 60_000 });
    await page.waitForSelector('.cell.running:not(.sample)', { timeout: 60_000 });
    // Its accuracy so far, and how far it is, in words.
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('.plan .cell.running')].some((cell) =>
          /\d\.\d % after \d+ of 300 iterations/.test(cell.getAttribute('aria-label') ?? ''),
        ),
      undefined,
      { timeout: 60_000 },
    );
    const rates = page.locator('.rates');
    await expect.poll(() => rates.textContent(), { timeout: 60_000 }).toMatch(/images\/s[\d,]+/);
    expect(await rates.textContent()).toMatch(/memory[\d.]+ [MG]iB/);
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop and save' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor({ timeout: 60_000 });
    expect(await count(page, 'running')).toBe(0);

    await page.getByRole('button', { name: 'Resume' }).click();
    await page.waitForSelector('.cell.running:not(.sample)', { timeout: 60_000 });
    await page.getByRole('link', { name: 'Curves' }).click();
    await page.waitForSelector('.chart canvas', { timeout: 60_000 });
    await page.waitForFunction(() =>
      /[\d.]+ %/.test(document.querySelector('.curve-legend')!.textContent),
    );

    await page.getByRole('link', { name: 'Figures' }).click();
    await page.waitForSelector('#figure-figure2-top-matched', { timeout: 300_000 });
    await page.waitForSelector('text=All networks have ended', { timeout: 300_000 });
    await page.waitForSelector('#figure-figure2-bottom ~ .scroll svg');
    await expectAccessible(page);

    await page.getByRole('link', { name: 'Plan' }).click();
    const { networks } = JSON.parse(
      readFileSync(join(folder, 'live/results.json'), 'utf8'),
    ) as ResultsFile;
    expect(networks).toHaveLength(14);
    for (const { name, state, accuracy } of networks) {
      const cell = page.locator(`.cell[data-name="${name}"]`);
      const words = await cell.getAttribute('aria-label');
      const percent = `${(100 * (accuracy ?? 0)).toFixed(1)} %`;
      expect([name, words]).toEqual([name, expect.stringContaining(`: ${state}, ${percent}`)]);
    }

    await page.locator('.cell[data-name="split0/A3B"]').click();
    await page.waitForSelector('.layers');
    expect(await page.locator('.layers .copied').count()).toBe(3);
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('Copied from split0/baseA');
    expect(text).toContain('every bit as before training');
    expect(text).toContain('selffer reproduce');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'split0/baseA', exact: true }).click();
    const image = page.locator('img.filters');
    await image.waitFor();
    expect(await image.evaluate((each) => (each as HTMLImageElement).naturalWidth)).toBeGreaterThan(
      0,
    );
    expect(errors).toEqual([]);
    await page.close();
  });

  test('what the page reads of the folder is there when the server has gone', () => {
    expect(existsSync(join(folder, 'live/report.html'))).toBe(true);
    const args = [selffer, 'status', join(folder, 'live'), '--json'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).not.toContain('"state":"running"');
  });
});
