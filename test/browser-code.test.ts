// Figures, results and statistics are to be drawn in browsers too: nothing that they need when they
// run may come from Node.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test|\.cases|\.d)\.ts$/.test(name))
    .map((name) => join(root, folder, name))
    .filter((path) => statSync(path).isFile());
}

/** What a file imports when it runs: imports of types are gone from the compiled text. */
function runtimeImports(text: string): string[] {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    },
  });
  return ts.preProcessFile(outputText).importedFiles.map(({ fileName }) => fileName);
}

/** Every import that is not a file of src, with the file that has it, from `start` on. */
function outsideImports(start: readonly string[]): string[] {
  const seen = new Set(start);
  const found: string[] = [];
  for (const file of seen) {
    for (const name of runtimeImports(readFileSync(file, 'utf8'))) {
      if (name.startsWith('.')) seen.add(join(dirname(file), name.replace(/\.js$/, '.ts')));
      else found.push(`${file.slice(root.length)}: ${name}`);
    }
  }
  return found;
}

const isOfNode = (line: string) =>
  /: node:/.test(line) || builtinModules.some((name) => line.endsWith(`: ${name}`));

test.each(['figures', 'study/results', 'stats'])('src/%s runs without Node', (folder) => {
  const files = filesIn(folder);
  expect(files.length).toBeGreaterThan(2);
  expect(outsideImports(files).filter(isOfNode)).toEqual([]);
  const globals = /\b(process|Buffer|__dirname|import\.meta)\b/;
  const users = files.filter((file) => globals.test(withoutComments(readFileSync(file, 'utf8'))));
  expect(users).toEqual([]);
});

test('the walk finds what Node brings in, at any distance', () => {
  const report = outsideImports([join(root, 'report/draw/render.ts')]).filter(isOfNode);
  expect(report).toContain('report/draw/render.ts: node:path');
  const canonical = outsideImports([join(root, 'study/plan/identity.ts')]).filter(isOfNode);
  expect(canonical).toEqual(['base/canonical-json.ts: node:crypto']);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
}
