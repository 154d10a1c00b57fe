// Where `selffer setup` puts onnxruntime-node if it is not among the installed packages. Loads no
// native code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../base/cache-directory.js';
import { packageFile } from '../../base/package-files.js';

const name = 'onnxruntime-node';

/** The package, and the folder that its copy in the cache is below. */
export interface FetchedRuntime {
  readonly name: string;
  /** The version that package.json asks for. */
  readonly version: string;
  /** Each version and platform has its own. Its node_modules has the package. */
  readonly folder: string;
}

/** Where the copy is, or would be. */
export function fetchedRuntime(): FetchedRuntime {
  const { optionalDependencies } = JSON.parse(
    readFileSync(packageFile('package.json'), 'utf8'),
  ) as {
    readonly optionalDependencies: { readonly [name]: string };
  };
  const version = optionalDependencies[name];
  const folder = `${name}-${version}-${process.platform}-${process.arch}`;
  return { name, version, folder: join(cacheDirectory(), 'libraries', folder) };
}
