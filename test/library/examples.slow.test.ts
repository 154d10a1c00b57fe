// The examples of the library from the packed package, as somebody runs them who installed it: and
// their types, as both ways of resolving modules see them.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasExecutor } from '../../src/cli/setup/set-up.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

function start(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const node = (...args: string[]) => start(process.execPath, args);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-examples-'));
  const packed = start('npm', ['pack', '--offline', '--pack-destination', folder, root]);
  expect(packed.status, packed.stderr).toBe(0);
  const [tarball] = readdirSync(folder);
  const installed = join(folder, 'node_modules/selffer');
  mkdirSync(installed, { recursive: true });
  const strip = ['-xzf', join(folder, tarball as string), '-C', installed, '--strip-components=1'];
  expect(start('tar', strip).status).toBe(0);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of [...Object.keys(dependencies), 'onnxruntime-node']) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place, 'dir');
  }
  cpSync(join(installed, 'examples/library'), folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasExecutor())('with something to compute with', () => {
  test('a study of a network of one’s own', () => {
    const { status, stdout, stderr } = node('own-network.mjs');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^split0\/baseA +done [\d.]+ %$/m);
    expect(stdout).toMatch(/^finished .*my-network\/report\.html$/m);
  });

  test('its results as a list and a figure', async () => {
    const { status, stdout, stderr } = node('figure.mjs', 'my-network');
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^AnB +1 -?[\d.]+/m);
    expect(readFileSync(join(folder, 'decomposition.svg'), 'utf8')).toMatch(/^<svg/);
    expect(await sharp(join(folder, 'decomposition.png')).metadata()).toHaveProperty('width');
  });

  test('a run that is stopped, and resumes', async () => {
    const study = `name: stopped
data: {source: glyphs}
network: glyph28
solver: {batch: 16, iterations: 600, testEvery: 100}
treatments: [base, AnB]
layers: [1]
`;
    writeFileSync(join(folder, 'study.yaml'), study);
    const child = spawn(process.execPath, ['resume.mjs'], { cwd: folder });
    let said = '';
    child.stdout.on('data', (text) => (said += String(text)));
    const lease = join(folder, 'stopped/runs/split0/baseA/metrics.jsonl');
    while (!existsSync(lease)) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGINT');
    const [status] = (await once(child, 'close')) as [number];
    expect([status, said]).toEqual([130, expect.stringMatching(/^stopped /m)]);
    const again = node('resume.mjs', 'study.yaml');
    expect(again.status, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/^4\/4 split0\/\w+ done$/m);
    expect(again.stdout).toMatch(/^finished .*all there$/m);
  });
});

test('what is wrong with a study is told in words', () => {
  const { status, stderr } = node('resume.mjs', 'none.yaml');
  expect(status).toBe(2);
  expect(stderr).toMatch(/none\.yaml: the file does not exist/);
  expect(stderr).not.toMatch(/^ +at /m);
});

const typed = `import { chain, figures, layer, loadResults, run, study } from 'selffer';
import type { Figure, Network, Results, RunEnd, RunEvent, RunRequest, Study } from 'selffer';
const network: Network = chain({ name: 'n', channels: 1, crop: 28, scale: 1 }, [layer.classifier(1)]);
const mine: Study = study({ name: 'x', network, data: { source: 'glyphs' }, treatments: ['base'] });
const request: RunRequest = {
  out: 'x',
  onEvent: (event: RunEvent) => {
    if (event.event === 'ended') console.log(event.network.length, event.accuracy);
    if (event.event === 'end') console.log(event.unfinished.length);
  },
  signal: new AbortController().signal,
};
export const end: Promise<RunEnd> = run(mine, request);
const results: Results = loadResults('x');
export const drawn: Promise<readonly Figure[]> = figures(results);
// @ts-expect-error a treatment that nobody knows is text, an executor is not
run(mine, { executor: 'abacus' });
// @ts-expect-error no such key
study({ name: 'x', network, epochs: 3 });
`;

test.each([
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('types resolve with module %s, moduleResolution %s', (module, moduleResolution) => {
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'typed.ts'), typed);
  const compiled = node(
    ...[join(root, 'node_modules/typescript/bin/tsc'), 'typed.ts', '--noEmit', '--strict'],
    ...['--module', module, '--moduleResolution', moduleResolution, '--target', 'es2023'],
    ...['--lib', 'es2023,dom', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')],
  );
  expect(compiled.stdout).toBe('');
  expect(compiled.status).toBe(0);
});
