// A real browser, where there is one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const places = [
  process.env['SELFFER_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Path of Chromium or Chrome; null if there is none. */
export const chromium = places.find((path) => path !== '' && existsSync(path)) ?? null;

/** The document at `path` as it is after two seconds of its own time, as text. */
export function openedDocument(path: string): string {
  const profile = mkdtempSync(join(tmpdir(), 'selffer-chromium-'));
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=2000',
    '--dump-dom',
  ];
  try {
    return execFileSync(chromium ?? '', [...options, pathToFileURL(path).href], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
