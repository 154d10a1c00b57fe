// Checks studies and network files against the published JSON Schemas and says what is wrong in
// words: found, wanted, did you mean.
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Json } from '../../base/canonical-json.js';
import type { FileIssue } from '../../base/errors.js';
import { packageFile } from '../../base/package-files.js';
import { clusterPatterns } from '../cluster/settings.js';
import { asWritten, type Located, originOf } from './located.js';
import { pointerStep } from './origin.js';
import { keyPath, wanted } from './schema-words.js';
import { nearest } from './suggest.js';

/** What a file holds: the name of its schema. */
export type SchemaName = 'study' | 'network';

const compiled = new Map<SchemaName, ValidateFunction>();

function validator(name: SchemaName): ValidateFunction {
  let validate = compiled.get(name);
  if (validate === undefined) {
    const path = packageFile(`schema/${name}.schema.json`);
    const schema = JSON.parse(readFileSync(path, 'utf8')) as object;
    // Unions such as "string or integer" are meant; the keywords of one type are ignored for the
    // others.
    const options = { allErrors: true, verbose: true, strict: false, strictNumbers: true };
    validate = new Ajv(options).compile(schema);
    compiled.set(name, validate);
  }
  return validate;
}

/** Every departure of a file from its schema; empty if there is none. */
export function schemaIssues(study: Located, name: SchemaName = 'study'): readonly FileIssue[] {
  const validate = validator(name);
  if (validate(study.value)) return [];
  const errors = validate.errors ?? [];
  const isSplitWrong = errors.some(
    ({ keyword, instancePath }) => keyword === 'enum' && instancePath === '/tasks/split',
  );
  const issues = errors
    // Which other keys `tasks` may have follows from its split: silent while that is wrong.
    .filter(
      ({ keyword, instancePath }) =>
        !(isSplitWrong && keyword === 'additionalProperties' && instancePath === '/tasks'),
    )
    // `if` only says that a branch failed, whose own errors are there too; a `const` or type inside
    // oneOf says no more either.
    .filter(({ keyword, schemaPath }) => keyword !== 'if' && !/\/oneOf\/\d+\//.test(schemaPath))
    .map((error) => issueOf(study, error, `the ${name}`));
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = JSON.stringify(issue);
    return !seen.has(key) && seen.add(key);
  });
}

/** The study without what the schema refuses, so that the checks after it can look at the rest;
 *  null if what is left does not pass either (something needed is missing). */
export function withoutWrongParts(study: Located): Located | null {
  const validate = validator('study');
  const value = structuredClone(study.value);
  if (validate(value)) return study;
  for (const { instancePath, keyword, params } of validate.errors ?? []) {
    // Only says that a branch failed: the error in the branch names the part.
    if (keyword === 'if') continue;
    const steps = instancePath.split('/').slice(1);
    if (keyword === 'additionalProperties') steps.push(String(params['additionalProperty']));
    dropMember(value, steps);
  }
  return validate(value) ? { value, origins: study.origins } : null;
}

/** Removes the member at a path; where an item of a list is wrong, the list. */
function dropMember(value: Json, steps: readonly string[]): void {
  const [step, ...rest] = steps;
  if (step === undefined || value === null || typeof value !== 'object') return;
  const members = value as Record<string, Json>;
  const member = members[step];
  if (rest.length === 0 || Array.isArray(member)) Reflect.deleteProperty(members, step);
  else if (member !== undefined) dropMember(member, rest);
}

function issueOf(study: Located, error: ErrorObject, whole: string): FileIssue {
  const { instancePath, keyword, params } = error;
  const key = keyPath(instancePath);
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
    const guess = nearest(name, known);
    const place = key === '' ? 'key' : `key of ${key}`;
    return {
      ...originOf(study, instancePath + pointerStep(name)),
      message: `found unknown ${place} "${name}", ${guess === null ? `wanted one of ${known.join(', ')}` : `did you mean "${guess}"?`}`,
    };
  }
  if (keyword === 'required') {
    const name = String(params['missingProperty']);
    const owner = key === '' ? whole : key;
    return { ...originOf(study, instancePath), message: `${owner}: "${name}" is missing` };
  }
  return {
    ...originOf(study, instancePath),
    message: `${key || whole}: found ${asWritten(study, instancePath, error.data as Json)}, wanted ${wanted(error, patternWords)}`,
  };
}

const patternWords: Readonly<Record<string, string>> = {
  ...clusterPatterns,
  '^[A-Za-z0-9][A-Za-z0-9._-]*$': 'letters, digits, ".", "_" and "-"',
  '^(all|[1-9][0-9]*\\.\\.[1-9][0-9]*)$': 'all, a range such as 1..7, a number or a list',
  '^n[0-9]{8}$': 'a WordNet synset id: n and 8 digits, such as n02084071',
  '^[1-9][0-9]*epochs?$': 'a number of iterations, or epochs such as 1epoch',
};
