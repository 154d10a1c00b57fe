// What importing the library loads: nothing that decodes images, draws, computes or connects, each
// of which takes long to load and many programs never need.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

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

const usual = ['@bufbuild/protobuf', 'ajv', 'jstat', 'onnx-buf', 'random-js', 'yaml'];

// The whole list: one more makes every program that imports the library wait, so it is a decision.
test('importing the library loads these packages and no other', () => {
  const packages = packagesOf("await import('selffer');");
  expect(packages.toSorted()).toEqual(usual);
});

test('an executor is loaded when it is opened', () => {
  const packages = packagesOf(
    "const { createOnednnExecutor } = await import('selffer'); await createOnednnExecutor().catch(() => {});",
  );
  expect(packages).toContain('koffi');
});

test('figures are loaded when they are drawn', () => {
  const packages = packagesOf(
    "const { figures, figureSvg, loadResults } = await import('selffer'); const [first] = await figures(loadResults('docs/studies/tiny-everything')); await figureSvg(first);",
  );
  expect(packages).toContain('vega-lite');
});
