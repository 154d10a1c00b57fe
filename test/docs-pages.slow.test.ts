// The pages of the documentation as a reader follows them: files that a page shows with a name are
// written, commands of its shell blocks are run, in order, in a folder of the page's own.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as library from '../src/index.js';
import { hasExecutor } from '../src/cli/setup/set-up.js';
import { pythonWith } from './python.js';

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'selffer-pages-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Block {
  readonly language: string;
  readonly file: string | null;
  readonly text: string;
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const found = text.matchAll(/^```(\w+)(?: \[([\w.-]+)\])?\n([^]*?)^```$/gm);
  return [...found].map(([, language = '', file = null, content = '']) => {
    return { language, file, text: content };
  });
}

/** A folder in which `selffer` can be imported, as where it is installed. */
function placeFor(page: string): string {
  const place = join(folder, page);
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  symlinkSync(root, join(place, 'node_modules/selffer'), 'dir');
  return place;
}

function follow(page: string): void {
  const place = placeFor(page);
  let commands = 0;
  for (const { language, file, text } of blocksOf(page)) {
    if (file !== null) writeFileSync(join(place, file), text);
    if (language === 'js') expectModule(text);
    if (language !== 'sh') continue;
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const command = line.replace(/^selffer /, `node ${join(root, 'bin/selffer.js')} `);
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        ...({ cwd: place, encoding: 'utf8' } as const),
      });
      expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
      commands++;
    }
  }
  // A fence that is written otherwise would be no block, and nothing would be run.
  const fences = readFileSync(join(root, 'docs', page), 'utf8').match(/^ *(```|~~~)/gm) ?? [];
  expect(fences.length).toBe(2 * blocksOf(page).length);
  expect(commands).toBeGreaterThan(1);
}

/** A program that is shown and not run, such as one that needs a network of the reader's, is a
 *  module at least, and takes what the library has. */
function expectModule(text: string): void {
  const options = ['--input-type=module', '--check', '-'];
  const { status, stderr } = spawnSync(process.execPath, options, {
    ...({ input: text, encoding: 'utf8' } as const),
  });
  expect(status, stderr).toBe(0);
  for (const [, names = ''] of text.matchAll(/import \{([^}]*)\} from 'selffer'/g)) {
    for (const name of names.split(',')) expect(Object.keys(library)).toContain(name.trim());
  }
}

describe.skipIf(!hasExecutor())('with something to compute with', () => {
  test.each(['first-study.md', 'own-network.md', 'library.md'])('%s', (page) => follow(page));

  test('what the pages promise is there', () => {
    expect(existsSync(join(folder, 'first-study.md/first/report.html'))).toBe(true);
    expect(existsSync(join(folder, 'library.md/from-code/report.html'))).toBe(true);
    expect(readdirSync(join(folder, 'library.md'))).toContainEqual(expect.stringMatching(/\.svg$/));
    const results = readFileSync(join(folder, 'first-study.md/first/results.json'), 'utf8');
    const { networks } = JSON.parse(results) as library.Results;
    expect(new Set(networks.map(({ n }) => n))).toEqual(new Set([0, 1, 2, 3]));
    expect(networks.filter(({ state }) => state === 'missing' || state === 'failed')).toEqual([]);
  });
});

describe('notebook.md', () => {
  const study = join(root, 'docs/studies/tiny-everything');
  function notebook(): string {
    const place = placeFor('notebook.md');
    cpSync(study, join(place, 'my-study'), { recursive: true });
    const command = ['report', 'my-study', '--csv'];
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, 'bin/selffer.js'), ...command],
      { cwd: place, encoding: 'utf8' },
    );
    expect(status).toBe(0);
    writeFileSync(join(place, 'networks.csv'), stdout);
    for (const { file, text } of blocksOf('notebook.md')) {
      if (file !== null) writeFileSync(join(place, file), text);
    }
    return place;
  }
  let place: string;
  beforeAll(() => (place = notebook()));

  const mean = /AnB\b.*-?\d+\.\d/;
  const python = pythonWith('pandas==3.1.1');
  test.skipIf(python.path === null)(`pandas (${python.reason})`, () => {
    const said = spawnSync(python.path as string, ['read.py'], { cwd: place, encoding: 'utf8' });
    expect(said.status, said.stderr).toBe(0);
    expect(said.stdout).toMatch(mean);
    expect(said.stdout).toContain('lowPt');
  });

  const hasR = spawnSync('Rscript', ['--version']).status === 0;
  test.skipIf(!hasR)('R (skipped without Rscript: apt-get install r-base-core)', () => {
    const said = spawnSync('Rscript', ['--vanilla', 'read.R'], { cwd: place, encoding: 'utf8' });
    expect(said.status, said.stderr).toBe(0);
    expect(said.stdout).toMatch(mean);
  });
});
