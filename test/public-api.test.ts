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
  'createOnednnExecutor',
  'createOnnxExecutor',
  'createReferenceExecutor',
  'divideIntoGangs',
  'factsByChoice',
  'fetchDataSet',
  'gangJob',
  'localLauncher',
  'lockStudy',
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
  'readResults',
  'readStudy',
  'runStudy',
  'trainGang',
  'treatments',
  'writeReport',
  'writeResults',
];

const types = [
  'ErrorCode',
  'Executor',
  'FileIssue',
  'GangJob',
  'Launcher',
  'Network',
  'Plan',
  'PlannedNetwork',
  'Results',
  'RunOptions',
  'RunRecord',
  'Study',
  'StudyEvent',
  'StudyRun',
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
    // `export *` would export what nobody listed.
    expect(exportClause !== undefined && ts.isNamedExports(exportClause)).toBe(true);
    return (exportClause as ts.NamedExports).elements
      .filter(({ isTypeOnly }) => isTypeOnly || each.isTypeOnly)
      .map(({ name }) => name.text);
  });
  expect(found.toSorted()).toEqual(types);
});
