// What npm publishes works where nothing else of the repository is: packed, unpacked into an empty
// folder, run by its command.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let installed: string;

function start(command: string, args: readonly string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const selffer = (...args: string[]) =>
  start(process.execPath, [join(installed, 'bin/selffer.js'), ...args], folder);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-release-'));
  // `prepack` builds.
  const packed = start('npm', ['pack', '--offline', '--pack-destination', folder], root);
  expect(packed.status, packed.stderr).toBe(0);
  const [tarball] = readdirSync(folder);
  installed = join(folder, 'node_modules/selffer');
  mkdirSync(installed, { recursive: true });
  const strip = ['-xzf', join(folder, tarball as string), '-C', installed, '--strip-components=1'];
  expect(start('tar', strip, folder).status).toBe(0);
  // Its dependencies, as an installation would place them: those of package.json and no others.
  for (const name of Object.keys(packageJson().dependencies)) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), place, 'dir');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function packageJson() {
  return JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    readonly version: string;
    readonly bin: { readonly selffer: string };
    readonly dependencies: Readonly<Record<string, string>>;
    readonly exports: { readonly '.': { readonly types: string; readonly default: string } };
  };
}

test('the package has what its package.json and its README point to', () => {
  const { bin, exports } = packageJson();
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const pictures = readme.matchAll(/!\[.*?\]\((.*?)\)/g);
  const named = [bin.selffer, exports['.'].types, exports['.'].default];
  const pages = readme.matchAll(/\]\((docs\/[\w-]+\.md)\)/g);
  const ours = ['docs/architecture.md', 'docs/map.md']; // for those who change the code
  named.push(
    ...[...pages].map(([, path]) => path as string).filter((path) => !ours.includes(path)),
  );
  for (const path of [...named, ...[...pictures].map(([, path]) => path as string)]) {
    expect(existsSync(join(installed, path)), path).toBe(true);
  }
});

test('the licences of what the package brings along are in it', () => {
  expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toContain('MIT License');
  const families = readFileSync(join(installed, 'assets/glyphs/LICENCES.md'), 'utf8');
  expect(families).toContain('OFL-1.1');
  expect(readFileSync(join(installed, 'assets/glyphs/README.md'), 'utf8')).toMatch(/^## Format/m);
  const bundled = readFileSync(join(installed, 'dist/page/licences.txt'), 'utf8');
  for (const name of ['preact', 'uplot', 'vega', 'vega-lite', 'vega-interpreter']) {
    expect(bundled).toContain(`## ${name} - `);
  }
});

test('the live page is in it, and names no place outside of it', () => {
  const page = join(installed, 'dist/page');
  const html = readFileSync(join(page, 'index.html'), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="([^"#]*)"/g)].map(([, path]) => path as string);
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const path of files) expect(existsSync(join(page, path)), path).toBe(true);
});

test('the package has no tests and no leftovers of a build', () => {
  const paths = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(paths.filter((path) => /\.(test|cases)\.|tsbuildinfo|\.built|^src/.test(path))).toEqual(
    [],
  );
});

test('the library can be imported by name', () => {
  const code = "import { presets } from 'selffer'; console.log(Object.keys(presets).join());";
  const { status, stdout, stderr } = start(
    process.execPath,
    ['--input-type=module', '-e', code],
    folder,
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('caffenet');
});

test('selffer --version and doctor', () => {
  expect(selffer('--version')).toMatchObject({ status: 0, stdout: `${packageJson().version}\n` });
  const { stdout, stderr } = selffer('doctor', '--json');
  expect(Object.keys(JSON.parse(stdout) as object), stderr).toContain('executors');
});

test('a study of ten iterations, its files beside it', async () => {
  const colours = { a: '#000', b: '#fff', c: '#f00', d: '#00f' };
  for (const [name, background] of Object.entries(colours)) {
    for (const image of ['train/one', 'train/two', ...'abcdefgh']) {
      const [part, file] = image.includes('/') ? image.split('/') : ['val', image];
      const place = join(folder, 'images', part as string, name);
      mkdirSync(place, { recursive: true });
      const picture = { create: { width: 8, height: 8, channels: 3 as const, background } };
      await sharp(picture)
        .png()
        .toFile(join(place, `${file}.png`));
    }
  }
  writeFileSync(join(folder, 'net.prototxt'), network);
  writeFileSync(
    join(folder, 'study.yaml'),
    `name: small
data: {source: images, size: 8, mirror: false}
network: net.prototxt
solver: {batch: 4, lr: 0.05, iterations: 10, testEvery: 10}
treatments: [base, AnB]
layers: [1]
`,
  );
  const { status, stderr } = selffer('run', 'study.yaml', '--executor', 'reference');
  expect(status, stderr).toBe(0);
  const results = JSON.parse(readFileSync(join(folder, 'small/results.json'), 'utf8')) as {
    readonly networks: readonly { readonly state: string }[];
  };
  expect(results.networks).toHaveLength(4);
  for (const { state } of results.networks) expect(state).toBe('done');
  expect(existsSync(join(folder, 'small/report.html'))).toBe(true);
});

const network = `name: "net"
layer { name: "data" type: "Data" top: "data" top: "label" transform_param { crop_size: 8 scale: 0.0078125 } }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
        convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: "gaussian" std: 0.1 } } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "fc2" type: "InnerProduct" bottom: "conv1" top: "fc2"
        inner_product_param { num_output: 2 weight_filler { type: "gaussian" std: 0.1 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc2" bottom: "label" top: "loss" }
`;
