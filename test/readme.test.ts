// The README's commands, as a reader types them: each is run, in order, in one folder. What cannot
// be run here is named with the reason.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeOriginalLogs } from './made-original-logs.js';
import { openOrSkip } from '../src/executors/onednn/open-or-skip.cases.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

const notRun: Readonly<Record<string, string>> = {
  'data fetch': 'downloads',
  'run study.yaml --on slurm': 'needs a cluster; test/slurm runs it',
  advise: 'takes minutes; test/e2e/advise.slow.test.ts runs it',
  predict: 'needs what advise saved; test/e2e/advise.slow.test.ts runs it',
  measure: 'takes a minute; test/e2e/measure.slow.test.ts runs it',
  reproduce: 'trains; test/e2e/reproduce.slow.test.ts runs it',
  demo: 'takes minutes; `npm run demo` runs it',
  setup: 'installs packages',
  serve: 'serves until Ctrl-C; test/e2e/serve.slow.test.ts runs it',
};

/** What stands for the words in capitals, and for the study's length. */
const given: Readonly<Record<string, string>> = {
  './NAME': './my-study',
  OTHER: join(root, 'docs/studies/tiny-everything'),
  LOGS: 'logs',
  FOLDER: 'images',
  'IMAGES.store': 'images.store',
  256: '16',
};

const commands = [...readme.matchAll(/^selffer ([^#\n]*?) *(?:#.*)?$/gm)].map(
  ([, text]) => text as string,
);
const folder = mkdtempSync(join(tmpdir(), 'selffer-readme-'));

beforeAll(async () => {
  writeOriginalLogs(join(folder, 'logs'));
  for (const [name, background] of Object.entries({ dark: '#000', light: '#fff' })) {
    for (const part of ['train', 'val']) {
      const place = join(folder, 'images', part, name);
      mkdirSync(place, { recursive: true });
      const picture = { create: { width: 16, height: 16, channels: 3 as const, background } };
      await sharp(picture).png().toFile(join(place, 'one.png'));
    }
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The study of `init`, made short: two networks of a few iterations. */
function shorten(): void {
  const path = join(folder, 'study.yaml');
  const text = readFileSync(path, 'utf8');
  const short = text
    .replace(/^ {2}epochs: .*$/m, '  iterations: 40')
    .replace(/^treatments: .*$/m, 'treatments: [base]');
  expect(short).not.toBe(text);
  writeFileSync(path, short);
}

test('the list of commands is found', () => {
  expect(commands.length).toBeGreaterThan(10);
});

describe.skipIf(openOrSkip().engine === undefined)('with oneDNN', () => {
  test.each(commands)('selffer %s', (command) => {
    const reason = Object.keys(notRun).find((start) => command.startsWith(start));
    if (reason !== undefined) return;
    const args = command.split(' ').map((word) => given[word] ?? word);
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(root, 'bin/selffer.js'), ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    if (command.startsWith('init')) shorten();
  });
});
