// From what a study file says (`data.source`) to opened sources.
import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { expand } from 'brace-expansion';
import { globSync } from 'tinyglobby';
import { DataError } from '../../base/errors.js';
import { inByteOrder } from '../classes/byte-order.js';
import { catalogue } from '../fetch/catalogue.js';
import type { ImageSource } from '../source.js';
import { openSource, wantedSources } from '../sources/layouts.js';

/** Opens what is named by paths, globs or ranges ("train-{000000..000146}.tar") relative to
 *  `baseDirectory`. Several make one data set; their order and overlap of patterns do not matter. A
 *  path that exists is taken literally, whatever characters it has; of a range each member must be
 *  there.
 *  @throws DataError naming each pattern that matches nothing, and where it was looked for; or a
 *  source that cannot be opened */
export async function resolveSources(
  source: string | readonly string[],
  baseDirectory: string,
): Promise<ImageSource[]> {
  const patterns = typeof source === 'string' ? [source] : source;
  const missing: string[] = [];
  const paths = new Set<string>();
  for (const pattern of patterns.flatMap((each) => withoutRanges(each, baseDirectory))) {
    const matches = matching(pattern, baseDirectory);
    if (matches.length === 0) missing.push(pattern);
    for (const path of matches) paths.add(path);
  }
  if (missing.length > 0 || paths.size === 0) {
    throw new DataError(
      `data source ${quoted(missing)}: nothing there, looked in ${baseDirectory}`,
      { hint: fetchHint(missing) ?? `Wanted one of: ${wantedSources}. Globs are allowed.` },
    );
  }
  const opened: ImageSource[] = [];
  for (const path of inByteOrder([...paths])) opened.push(...(await openSource(path)));
  const sources = withoutTestSplits(distinct(opened));
  const store = sources.find((each) => each.rawStore !== undefined);
  if (store !== undefined && sources.length > 1) {
    throw new DataError(`${store.path}: a packed store cannot be mixed with other sources`);
  }
  return sources;
}

// Globs know no leading zeros, and would pass over a member that is missing.
function withoutRanges(pattern: string, baseDirectory: string): string[] {
  const hasRange = /\{[^{},]+\.\.[^{},]+\}/.test(pattern);
  if (!hasRange || existsSync(resolve(baseDirectory, pattern))) return [pattern];
  return expand(pattern);
}

// Files of data sets that can be fetched are known by their names.
function fetchHint(missing: readonly string[]): string | null {
  for (const path of missing) {
    const entry = catalogue.find(({ files }) => files.some(({ name }) => name === basename(path)));
    if (entry !== undefined) {
      return `selffer data fetch ${entry.name} --out ${dirname(path)} fetches it (${entry.title}).`;
    }
  }
  return null;
}

const SHOWN = 5;

function quoted(missing: readonly string[]): string {
  if (missing.length === 0) return '(none given)';
  const shown = missing.slice(0, SHOWN).map((pattern) => `"${pattern}"`);
  const more = missing.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Sources of a test split take the place of validation where there is none, else they are left
 *  out. */
function withoutTestSplits(sources: readonly ImageSource[]): ImageSource[] {
  const hasVal = sources.some((each) => each.asValidation === undefined && each.part !== 'train');
  return sources.map((source) => {
    if (source.asValidation === undefined) return source;
    return hasVal ? leftOutSource(source) : source.asValidation();
  });
}

function leftOutSource({ path, fingerprint }: ImageSource): ImageSource {
  const reason = 'a test split beside validation images';
  return {
    ...{ path, fingerprint, bytes: 0, part: 'test', listing: null },
    recognised: `left out: ${reason}`,
    async *entries() {
      yield { kind: 'left out', file: basename(path), origin: path, reason };
    },
  };
}

// A glob may name several files of one set of IDX files.
function distinct(sources: readonly ImageSource[]): ImageSource[] {
  return [...new Map(sources.map((source) => [source.path, source])).values()];
}

function matching(pattern: string, baseDirectory: string): string[] {
  const literal = resolve(baseDirectory, pattern);
  if (existsSync(literal)) return [literal];
  return globSync(pattern, {
    cwd: baseDirectory,
    absolute: true,
    onlyFiles: false,
    expandDirectories: false,
  }).map((path) => resolve(path));
}
