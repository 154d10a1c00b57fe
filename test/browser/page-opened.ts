// The live page in a real browser, for tests: opened, watched for errors, checked with axe-core.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium as playwright, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromium } from './chromium.js';

/** Starts the browser; whoever does ends it. */
export const startBrowser = (): Promise<Browser> =>
  playwright.launch({ executablePath: chromium ?? '', args: ['--no-sandbox'] });

/** A page, and what went wrong on it: exceptions, console errors, refusals of its policy. */
export interface WatchedPage {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** How a page is opened. */
export interface Opening {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
}

/** Opens an address. Requests that fail because a test has stopped the server are no errors. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 900, scheme = 'light' }: Opening = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/ERR_CONNECTION_REFUSED/.test(text)) errors.push(text);
  });
  await page.goto(url);
  return { page, errors };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Expects that axe-core finds nothing serious or critical, best practices included. */
export async function expectAccessible(page: Page): Promise<void> {
  // By the debugger: the page's policy would refuse it as a script.
  await page.evaluate(axe);
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations)`,
  )) as readonly Violation[];
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => [html, failureSummary]),
    }));
  expect(serious).toEqual([]);
}

/** Expects that nothing is wider than the window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth, clientWidth];
  });
  expect(content).toBeLessThanOrEqual(window ?? 0);
}
