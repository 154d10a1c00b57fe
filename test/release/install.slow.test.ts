// The package as a user installs it: packed, installed by npm from the registry into an empty
// folder, without a home or cache of ours. What npm leaves out, `setup` must get.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

function start(...command: string[]) {
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SELFFER_CACHE_DIR: join(folder, 'cache') },
  });
  return { status, stdout, stderr };
}

const npx = (...args: string[]) => start('npx', '--no-install', 'selffer', ...args);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-install-'));
  const packed = start('npm', 'pack', '--pack-destination', folder, root);
  expect(packed.status, packed.stderr).toBe(0);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
  const installed = start('npm', 'install', '--no-audit', '--no-fund', `./${tarball}`);
  expect(installed.status, installed.stderr).toBe(0);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('setup and doctor find something to compute with', () => {
  const { status, stderr } = npx('setup');
  expect(status, stderr).toBe(0);
  const doctor = npx('doctor', '--json');
  expect(doctor.status, doctor.stderr).toBe(0);
  const { executors } = JSON.parse(doctor.stdout) as {
    readonly executors: readonly { readonly name: string; readonly info?: object }[];
  };
  expect(executors.some(({ name, info }) => name !== 'reference' && info !== undefined)).toBe(true);
});

test('the demo, its first layer only', () => {
  const { status, stdout, stderr } = npx(
    ...['demo', '--set', 'layers=[1]', '--set', 'treatments=[base, AnB]'],
    ...['--set', 'tasks.seeds=[0]', '--set', 'solver.epochs=0.2'],
  );
  expect(status, stdout + stderr).toBe(0);
  const results = JSON.parse(readFileSync(join(folder, 'demo/results.json'), 'utf8')) as {
    readonly networks: readonly { readonly state: string }[];
  };
  expect(results.networks.map(({ state }) => state)).toEqual(Array(4).fill('done'));
  expect(existsSync(join(folder, 'demo/report.html'))).toBe(true);
});

test('what init writes can be planned', () => {
  expect(npx('init', 'study.yaml').status).toBe(0);
  const { status, stderr } = npx('run', 'study.yaml', '--dry-run', '--set', 'data.source=glyphs');
  expect(status, stderr).toBe(0);
});

test('the library and its types', () => {
  writeFileSync(
    join(folder, 'library.ts'),
    `import { presets } from 'selffer';
const names: readonly string[] = Object.keys(presets);
console.log(names.join());
`,
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const settings = ['--module', 'nodenext', '--strict', '--skipLibCheck', '--target', 'es2023'];
  const types = start(process.execPath, tsc, ...settings, 'library.ts');
  expect(types.stdout).toBe('');
  expect(start(process.execPath, 'library.js').stdout).toContain('caffenet');
});
