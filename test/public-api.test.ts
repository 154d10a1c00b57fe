// The names of the library. A name that comes or goes is a decision: change it here too, and say so
// in CHANGELOG.md.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as library from '../src/index.js';

const values = [
  'DataError',
  'ExecutorMissingError',
  'FetchError',
  'IdentityError',
  'NativeError',
  'OpParamError',
  'ParseError',
  'PlanError',
  'RunStoreError',
  'SelfferError',
  'ShapeError',
  'StudyFolder',
  'UnsupportedOpError',
  'UsageError',
  'buildResults',
  'catalogue',
  'chain',
  'createOnednnExecutor',
  'createOnnxExecutor',
  'createReferenceExecutor',
  'divideIntoGangs',
  'factsByChoice',
  'fetchDataSet',
  'figurePng',
  'figureSvg',
  'figures',
  'formatCsv',
  'gangJob',
  'layer',
  'loadResults',
  'localLauncher',
  'lockStudy',
  'makeReport',
  'networkJson',
  'networkName',
  'openFolder',
  'openStore',
  'openWordNet',
  'parseNetworkName',
  'planStudy',
  'prepareStore',
  'presets',
  'readCaffeNetwork',
  'readCaffeSolver',
  'readNetwork',
  'readResults',
  'readStudy',
  'run',
  'runStudy',
  'study',
  'trainGang',
  'treatments',
  'writeReport',
  'writeResults',
  'writeTensorboard',
];

/** Those that index.ts names; public-types.ts has those that they speak of, which
 *  scripts/check-exports.mjs compares. */
const types = [
  'CommandEvent',
  'DrawOptions',
  'EndEvent',
  'ErrorCode',
  'ErrorEvent',
  'FileIssue',
  'GangJob',
  'Launcher',
  'Network',
  'OnRunEvent',
  'Plan',
  'PlannedNetwork',
  'Report',
  'Results',
  'RunEnd',
  'RunEvent',
  'RunOptions',
  'RunRecord',
  'RunRequest',
  'RunSettings',
  'Study',
  'StudyEvent',
  'StudyKeys',
  'StudyRun',
  'SubmissionEndEvent',
  'SubmittedGang',
  'WorkerEvent',
];

test('the values that the library exports', () => {
  expect(Object.keys(library).toSorted()).toEqual(values);
});

test('the types that the library exports', () => {
  const path = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  const found = file.statements.filter(ts.isExportDeclaration).flatMap((each) => {
    const { exportClause } = each;
    if (each.moduleSpecifier?.getText(file) === "'./public-types.js'") return [];
    // `export *` would export what nobody listed.
    expect(exportClause !== undefined && ts.isNamedExports(exportClause)).toBe(true);
    return (exportClause as ts.NamedExports).elements
      .filter(({ isTypeOnly }) => isTypeOnly || each.isTypeOnly)
      .map(({ name }) => name.text);
  });
  expect(found.toSorted()).toEqual(types);
});

// A reader takes them for those of the browser, and an editor offers both.
const alsoOfBrowsers = ['ErrorEvent', 'Report', 'Selection', 'WorkerOptions'];

test('no further type has the name of one of the browser', () => {
  const dom = readFileSync(
    ts.getDefaultLibFilePath({}).replace(/lib\.d\.ts$/, 'lib.dom.d.ts'),
    'utf8',
  );
  const known = new Set(
    [...dom.matchAll(/^(?:interface|declare var) (\w+)/gm)].map(([, name]) => name),
  );
  expect(known).toContain('Node');
  const exported = ['../src/index.ts', '../src/public-types.ts'].flatMap((each) => {
    const path = fileURLToPath(new URL(each, import.meta.url));
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
    return file.statements
      .filter(ts.isExportDeclaration)
      .flatMap(({ exportClause }) =>
        exportClause !== undefined && ts.isNamedExports(exportClause)
          ? exportClause.elements.map(({ name }) => name.text)
          : [],
      );
  });
  expect(exported.filter((name) => known.has(name)).toSorted()).toEqual(alsoOfBrowsers);
});
