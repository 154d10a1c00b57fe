// Reads a study file: extends, settings from the command line, schema, defaults, checks.
import { resolve } from 'node:path';
import { type FileIssue, ParseError } from '../../base/errors.js';
import type { Network } from '../../net/network.js';
import type { Located } from './located.js';
import type { Study } from '../study.js';
import { applySetting, readWithExtends } from './merge.js';
import { type ResolvedStudy, resolveStudy } from './resolve.js';
import { schemaIssues, withoutWrongParts } from './validate.js';

/** The study of a YAML file. `settings` are `key=value` texts that win over the file; their
 *  relative paths start at the working directory.
 *  @throws ParseError with every problem (file, line, found, wanted), UsageError for a setting that
 *  is none */
export function readStudy(path: string, settings: readonly string[] = []): Study {
  return readStudyFile(path, settings).study;
}

/** {@link readStudy} with who set what. */
export function readStudyFile(path: string, settings: readonly string[] = []): ResolvedStudy {
  const located = settings.reduce(
    (study, setting) => applySetting(study, setting, resolve('.')),
    readWithExtends(path),
  );
  return checkedStudy(located);
}

/** A study that was put together, checked and completed.
 *  @param made its network, where a program made it
 *  @throws ParseError with every problem found */
export function checkedStudy(located: Located, made?: Network): ResolvedStudy {
  const issues = schemaIssues(located);
  if (issues.length > 0) throw new ParseError([...issues, ...laterIssues(located, made)]);
  return resolveStudy(located, made);
}

/** What the checks after the schema find wrong in the parts that pass it: all problems are reported
 *  together. */
function laterIssues(located: Located, made: Network | undefined): readonly FileIssue[] {
  const rest = withoutWrongParts(located);
  if (rest === null) return [];
  try {
    resolveStudy(rest, made);
    return [];
  } catch (error) {
    if (error instanceof ParseError) return error.issues;
    throw error;
  }
}
