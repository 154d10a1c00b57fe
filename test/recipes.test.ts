// CONTRIBUTING's recipes, followed: a row is added to each of its typed tables, in memory, and what
// the compiler then lists must be the files that the recipe names, no more and no less.
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Recipe {
  /** Heading of the recipe in CONTRIBUTING.md. */
  readonly heading: string;
  /** Name of the row that is added; the compiler's messages name it. */
  readonly name: string;
  /** Where the recipe begins: the file that gets the row. */
  readonly start: string;
  readonly addRow: (text: string) => string;
  /** What the compiler must list. */
  readonly listed: readonly string[];
}

/** Puts a line after the first line that matches. */
const after = (place: RegExp, line: string) => (text: string) =>
  text.replace(place, (found) => `${found}\n${line}`);

const recipes: readonly Recipe[] = [
  {
    heading: 'Add an op',
    name: 'probe_op',
    start: 'src/program/ops/params.ts',
    addRow: after(/^export interface OpParamsMap \{$/m, '  readonly probe_op: SgdParams;'),
    listed: [
      'src/executors/onednn/compile/table.ts',
      'src/executors/onnx/compile/table.ts',
      'src/executors/reference/table.ts',
      'src/program/ops/table.ts',
      'test/conformance/cases/table.ts',
    ],
  },
  {
    heading: 'Add a kind of layer',
    name: 'probe-layer',
    start: 'src/net/layers/table.ts',
    addRow: after(
      /^export interface LayerMap \{$/m,
      "  readonly 'probe-layer': Omit<ReluLayer, 'kind'> & { readonly kind: 'probe-layer' };",
    ),
    listed: [
      'src/net/formats/onnx/write/write-onnx.ts',
      'src/net/layers/table.ts',
      'src/study/plan/canonical.ts',
      'src/study/plan/read-canonical.ts',
      'test/networks/random-network.ts',
    ],
  },
  {
    heading: 'Add a solver',
    name: 'probe-solver',
    start: 'src/program/solvers/table.ts',
    addRow: after(
      /^export interface SolverSettingsMap \{$/m,
      "  readonly 'probe-solver': SgdSettings;",
    ),
    listed: [
      'src/program/solvers/table.ts',
      'src/study/plan/canonical.ts',
      'src/train/job-file.ts',
    ],
  },
  {
    heading: 'Add an executor',
    name: 'probe-executor',
    start: 'src/executors/names.ts',
    addRow: (text) =>
      text.replace(/^ {2}reference: (\{[^]*?\n {2}\}),$/m, "$&\n  'probe-executor': $1,"),
    listed: ['src/cli/executors.ts'],
  },
  {
    heading: 'Add a treatment',
    name: 'AnB-probe',
    start: 'src/study/treatments.ts',
    addRow: (text) => text.replace(/^ {2}'AnB-p2': (\{[^]*?\n {2}\}),$/m, "$&\n  'AnB-probe': $1,"),
    listed: ['src/figures/marks.ts'],
  },
  {
    heading: 'Add a network preset',
    name: 'probe-preset',
    start: 'src/net/presets/table.ts',
    addRow: (text) => text.replace('presets = {', "presets = { 'probe-preset': glyph28,"),
    listed: ['src/net/presets/table.ts', 'src/study/file/resolve-data.ts'],
  },
];

/** One message of the compiler, with the file that it is about. */
interface Message {
  readonly file: string;
  readonly text: string;
}

let messages: readonly Message[];

beforeAll(() => {
  messages = compileWith(
    new Map(
      recipes.map(({ start, addRow }) => [
        start,
        addRow(readFileSync(resolve(root, start), 'utf8')),
      ]),
    ),
  );
});

/** What the compiler says of the project if some files had other texts. Tests beside their files
 *  and benchmarks are left out: a recipe is about the product and its shared suites. */
function compileWith(texts: ReadonlyMap<string, string>): readonly Message[] {
  const path = resolve(root, 'tsconfig.json');
  const config = ts.readConfigFile(path, ts.sys.readFile).config as object;
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  host.readFile = (file) => texts.get(relative(root, file)) ?? readFile(file);
  const roots = fileNames.filter((file) => !/\.test\.ts$|^bench\//.test(relative(root, file)));
  const program = ts.createProgram(roots, options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => ({
    file: file === undefined ? '' : relative(root, file.fileName),
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

test.each(recipes)('$heading: its first step fits the file', ({ start, addRow }) => {
  const text = readFileSync(resolve(root, start), 'utf8');
  expect(addRow(text)).not.toBe(text);
});

test('every message is about one of the rows', () => {
  const others = messages.filter(({ text }) => !recipes.some(({ name }) => text.includes(name)));
  expect(others).toEqual([]);
});

describe.each(recipes)('$heading', ({ heading, name, start, listed }) => {
  test('the compiler lists what is missing', () => {
    const files = messages.filter(({ text }) => text.includes(name)).map(({ file }) => file);
    expect([...new Set(files)].toSorted()).toEqual(listed);
  });

  test('CONTRIBUTING names the same files', () => {
    const text = readFileSync(resolve(root, 'CONTRIBUTING.md'), 'utf8');
    const section = text.split(/^### /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
    // Files that the compiler lists stand as items of their own, after the one that begins.
    const named = [...section.matchAll(/^- `((?:src|test)\/[\w./-]+\.ts)`/gm)].map(
      ([, file]) => file,
    );
    expect(named.toSorted()).toEqual([...new Set([start, ...listed])].toSorted());
  });
});
