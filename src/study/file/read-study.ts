// Reads a study file: extends, settings from the command line, schema, defaults, checks.
import { resolve } from 'node:path';
import { ParseError } from '../../base/errors.js';
import type { Study } from '../study.js';
import { applySetting, readWithExtends } from './merge.js';
import { resolveStudy } from './resolve.js';
import { schemaIssues } from './validate.js';

/** The study of a YAML file. `settings` are `key=value` texts that win over the file; their relative paths start at the working directory.
 *  @throws ParseError with every problem (file, line, found, wanted), UsageError for a setting that is none */
export function readStudy(path: string, settings: readonly string[] = []): Study {
  const located = settings.reduce(
    (study, setting) => applySetting(study, setting, resolve('.')),
    readWithExtends(path),
  );
  const issues = schemaIssues(located);
  if (issues.length > 0) throw new ParseError(issues);
  return resolveStudy(located);
}
