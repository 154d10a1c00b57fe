// What importing the library loads: nothing that decodes images, draws, computes or connects, each
// of which takes long to load and many programs never need.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bytesOf, madeModel, node, tensor } from '../made-onnx.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const hooks = `export async function resolve(name, context, next) {
  const found = await next(name, context);
  process._rawDebug('loads ' + found.url);
  return found;
}`;
const data = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const register = `import { register } from 'node:module'; register(${JSON.stringify(data(hooks))});`;

/** Names of the packages whose modules a program loads. */
function packagesOf(code: string): readonly string[] {
  const index = pathToFileURL(join(root, 'dist/index.js')).href;
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      ...['--import', data(register), '--input-type=module'],
      ...['-e', code.replace('selffer', index)],
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  const names = stderr.matchAll(/^loads .*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm);
  return [...new Set([...names].map(([, name]) => name as string))];
}

const usual = ['ajv', 'jstat', 'random-js', 'yaml'];

// The whole list: one more makes every program that imports the library wait, so it is a decision.
test('importing the library loads these packages and no other', () => {
  const packages = packagesOf("await import('selffer');");
  expect(packages.toSorted()).toEqual(usual);
});

test('reading a network from an ONNX file needs no further package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'selffer-import-'));
  const path = join(folder, 'net.onnx');
  const nodes = [
    node('Conv', ['x', 'w'], 'c', { pads: [0, 0, 0, 0] }),
    node('Flatten', ['c'], 'f'),
    node('Gemm', ['f', 'fc'], 'y', { transB: 1 }),
  ];
  const initializers = [tensor('w', [1, 3, 8, 8], Array<number>(192).fill(1))];
  initializers.push(tensor('fc', [2, 1], [1, 2]));
  writeFileSync(path, bytesOf(madeModel({ nodes, initializers })));
  const packages = packagesOf(
    `const { readNetwork } = await import('selffer'); if (readNetwork(${JSON.stringify(path)}, {}).layers.length !== 2) process.exit(1);`,
  );
  rmSync(folder, { recursive: true });
  expect(packages.toSorted()).toEqual(usual);
});

test.each([
  ['createOnednnExecutor', 'koffi'],
  ['createOnnxExecutor', 'onnx-buf'],
])('%s loads %s', (name, wanted) => {
  const packages = packagesOf(
    `const { ${name} } = await import('selffer'); await ${name}().catch(() => {});`,
  );
  expect(packages).toContain(wanted);
});

test('figures are loaded when they are drawn', () => {
  const packages = packagesOf(
    "const { figures, figureSvg, loadResults } = await import('selffer'); const [first] = await figures(loadResults('docs/studies/tiny-everything')); await figureSvg(first);",
  );
  expect(packages).toContain('vega-lite');
});
