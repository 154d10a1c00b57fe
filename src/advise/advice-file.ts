// advice.json, checked against schema/advice.schema.json when it is written and when it is read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { writeFileAtomic } from '../base/atomic-file.js';
import { RunStoreError, SelfferError } from '../base/errors.js';
import { parseJson, readText } from '../base/json-file.js';
import { packageFile } from '../base/package-files.js';
import type { Advice } from './advice.js';

let compiled: ValidateFunction<Advice> | undefined;

/** What is wrong with a value that should be an advice, in words; null if nothing is. */
function adviceProblem(value: unknown): string | null {
  compiled ??= new Ajv({ allowUnionTypes: true, verbose: true }).compile<Advice>(
    JSON.parse(readFileSync(packageFile('schema/advice.schema.json'), 'utf8')) as object,
  );
  if (compiled(value)) return null;
  const [error] = compiled.errors ?? [];
  const place = (error?.instancePath ?? '').slice(1).replaceAll('/', '.');
  const found = JSON.stringify(error?.data) ?? 'nothing';
  const shown = found.length <= 60 ? found : `${found.slice(0, 60)}...`;
  return `${place === '' ? '' : `${place}: `}${error?.message ?? 'is wrong'}, found ${shown}`;
}

const pathOf = (directory: string): string => join(directory, 'advice.json');

/** The advice of a folder; null if there is none. @throws RunStoreError if it is damaged */
export function readAdvice(directory: string): Advice | null {
  const path = pathOf(directory);
  const hint = 'Remove the file: it is made again.';
  const text = readText(path, hint);
  if (text === null) return null;
  const value = parseJson(path, text, hint);
  const problem = adviceProblem(value);
  if (problem !== null) throw new RunStoreError(`${path}: ${problem}`, { hint });
  return value as Advice;
}

/** Writes advice.json. @throws SelfferError if it is none by the schema: a mistake of ours */
export function writeAdvice(directory: string, advice: Advice): void {
  const problem = adviceProblem(advice);
  if (problem !== null) throw new SelfferError('internal', `advice.json: ${problem}`);
  writeFileAtomic(pathOf(directory), `${JSON.stringify(advice, null, 1)}\n`);
}
