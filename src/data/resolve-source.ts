// From what a study file says (`data.source`) to opened sources.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import { DataError } from '../base/errors.js';
import { inByteOrder } from './byte-order.js';
import { folderSource } from './sources/folder-source.js';
import type { ImageSource } from './source.js';
import { isStoreFile } from './store-file.js';
import { storeSource } from './sources/store-source.js';
import { tarSource } from './sources/tar-source.js';

/** Opens folders and archives named by paths or globs relative to `baseDirectory`. Several make one data set; their order and overlap
 *  of patterns do not matter. A path that exists is taken literally, whatever characters it has.
 *  @throws DataError naming each pattern that matches nothing, and where it was looked for */
export function resolveSources(
  source: string | readonly string[],
  baseDirectory: string,
): ImageSource[] {
  const patterns = typeof source === 'string' ? [source] : source;
  const missing: string[] = [];
  const paths = new Set<string>();
  for (const pattern of patterns) {
    const matches = matching(pattern, baseDirectory);
    if (matches.length === 0) missing.push(pattern);
    for (const path of matches) paths.add(path);
  }
  if (missing.length > 0 || paths.size === 0) {
    throw new DataError(
      `data source ${missing.map((pattern) => `"${pattern}"`).join(', ') || '(none given)'}: nothing there, looked in ${baseDirectory}`,
      {
        hint: 'Wanted: glyphs, a folder with train/ and val/, or .tar / .tar.gz archives of one (globs allowed), or a store made by selffer data pack.',
      },
    );
  }
  const sources = inByteOrder([...paths]).map(open);
  const store = sources.find((source) => source.rawStore !== undefined);
  if (store !== undefined && sources.length > 1) {
    throw new DataError(`${store.path}: a packed store cannot be mixed with other sources`);
  }
  return sources;
}

function open(path: string): ImageSource {
  if (statSync(path).isDirectory()) return folderSource(path);
  return isStoreFile(path) ? storeSource(path) : tarSource(path);
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
