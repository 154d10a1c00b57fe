import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildResults } from '../study/results/build.js';
import { formatResults } from '../study/results/json.js';
import { fileLink, showsLinks } from './file-link.js';

const terminal = { isTTY: true };

test.each([
  ['GNOME Terminal', { TERM: 'xterm-256color', VTE_VERSION: '7600' }],
  ['Windows Terminal', { WT_SESSION: '0f3b' }],
  ['Konsole', { TERM: 'xterm-256color', KONSOLE_VERSION: '230801' }],
  ['VS Code', { TERM: 'xterm-256color', TERM_PROGRAM: 'vscode' }],
  ['kitty', { TERM: 'xterm-kitty' }],
])('%s shows links, but not into a file, nor where they are not wanted', (_, environment) => {
  expect(showsLinks(terminal, environment)).toBe(true);
  expect(showsLinks({}, environment)).toBe(false);
  expect(showsLinks({ isTTY: false }, environment)).toBe(false);
  expect(showsLinks(terminal, { ...environment, NO_COLOR: '1' })).toBe(false);
  expect(showsLinks(terminal, { ...environment, NO_COLOR: '' })).toBe(false);
  expect(showsLinks(terminal, { ...environment, SSH_CONNECTION: '::1 1 ::1 22' })).toBe(false);
  expect(showsLinks(terminal, { ...environment, TMUX: '/tmp/tmux,1,0' })).toBe(false);
});

test.each([
  ['one that nothing is known of', { TERM: 'xterm-256color' }],
  ['Terminal of macOS', { TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }],
  ['a VTE that links made crash', { TERM: 'xterm-256color', VTE_VERSION: '5000' }],
  ['the Linux console', { TERM: 'linux' }],
  ['screen in kitty', { TERM: 'screen-256color', TERM_PROGRAM: 'vscode' }],
  ['no terminal of any name', {}],
])('%s gets plain words', (_, environment) => {
  expect(showsLinks(terminal, environment)).toBe(false);
});

test('a link leads to the file, whatever its name', () => {
  expect(fileLink('here', '/a b/ü\u001b\u0007.html', true)).toBe(
    '\u001b]8;;file:///a%20b/%C3%BC%1B%07.html\u001b\\here\u001b]8;;\u001b\\',
  );
  expect(fileLink('here', '/a', false)).toBe('here');
});

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
// Of util-linux: runs a command in a terminal of its own.
const hasTerminals = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

describe.skipIf(!hasTerminals)('what a command ends with (skipped without `script`)', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'selffer-link-')));
    const study = { name: 'made', weightLayers: 2, statistic: 'final' } as const;
    // Without networks there is nothing to draw, which would take most of the time.
    const results = buildResults({ study, networks: [] });
    writeFileSync(join(folder, 'results.json'), formatResults(results));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (inTerminal: boolean, more: string, environment: NodeJS.ProcessEnv = {}) => {
    const line = `'${process.execPath}' '${command}' report '${folder}' ${more}`;
    const words = inTerminal ? ['script', '-qec', line, '/dev/null'] : ['sh', '-c', line];
    const known = { PATH: process.env['PATH'], TERM: 'xterm-kitty' };
    const [program = '', ...rest] = words;
    const { status, stdout } = spawnSync(program, rest, {
      ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
      env: { ...known, ...environment },
    });
    expect(status).toBe(0);
    return stdout;
  };

  test('is a link to the report in a terminal, and nowhere else', () => {
    const path = join(folder, 'report.html');
    const link = `report: \u001b]8;;file://${path}\u001b\\${path}\u001b]8;;`;
    expect(run(true, '')).toContain(link);
    const plain = run(false, '');
    expect(plain).toContain(`report: ${path}`);
    for (const text of [plain, run(true, '--json'), run(true, '', { NO_COLOR: '1' })]) {
      expect(text).not.toContain('\u001b]8');
    }
  });
});
