// Finds oneDNN on this machine and keeps it loaded. Nothing here knows oneDNN's functions; a binding per major version does.
import koffi, { type LibraryHandle } from 'koffi';
import { ExecutorMissingError } from '../../base/errors.js';
import { dlopen } from './libc.js';
import { openMpLibrary, openMpThreads } from './openmp.js';

/** Names tried, in order; SELFFER_ONEDNN (a path) is tried alone. Each major version has a binding; the ones for Linux were run. */
const CANDIDATES: Readonly<Record<string, readonly string[]>> = {
  linux: ['libdnnl.so.2', 'libdnnl.so.3', 'libdnnl.so'],
  darwin: [
    ...['libdnnl.3.dylib', 'libdnnl.2.dylib', 'libdnnl.dylib'],
    '/opt/homebrew/lib/libdnnl.dylib', // Homebrew's, which the loader does not search
  ],
};

const RTLD_NOW = 2;
const RTLD_NODELETE = 0x1000;

/** A loaded oneDNN. */
export interface OneDnnLibrary {
  readonly handle: LibraryHandle;
  /** The name or path under which it was found. */
  readonly path: string;
  readonly version: { readonly major: number; readonly minor: number; readonly patch: number };
  /** OpenMP threads it will use: OMP_NUM_THREADS as it was when libgomp was loaded, else all cores. */
  readonly threads: number;
}

let loaded: OneDnnLibrary | undefined;

/** Loads oneDNN once per process.
 *  @throws ExecutorMissingError if there is none or its major version has no binding; `hint` installs it. */
export function loadOneDnn(): OneDnnLibrary {
  loaded ??= findLibrary();
  return loaded;
}

function findLibrary(): OneDnnLibrary {
  const override = process.env['SELFFER_ONEDNN'];
  const names = override ? [override] : (CANDIDATES[process.platform] ?? []);
  const tried: string[] = [];
  for (const path of names) {
    try {
      return open(path);
    } catch (cause) {
      tried.push(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }
  throw new ExecutorMissingError(
    `onednn: no usable oneDNN library; looked for\n  ${tried.join('\n  ')}`,
    { hint: installHint(), data: { tried } },
  );
}

function installHint(): string {
  if (process.platform === 'darwin') return 'brew install onednn';
  return 'apt-get install libdnnl2   (Debian 13, Ubuntu 24.04: libdnnl3)';
}

const Version = koffi.struct({
  major: 'int',
  minor: 'int',
  patch: 'int',
  hash: 'const char *',
  cpuRuntime: 'unsigned int',
  gpuRuntime: 'unsigned int',
});

function open(path: string): OneDnnLibrary {
  // When Node ends, koffi unloads its libraries under libgomp's sleeping threads and the process dies with SIGSEGV.
  // So pin both first; a second, never deleted reference keeps the code mapped.
  pin(openMpLibrary);
  pin(path);
  const handle = koffi.load(path);
  const versionPointer = handle.func('dnnl_version', 'void *', [])() as bigint;
  const version = koffi.decode(versionPointer, Version) as OneDnnLibrary['version'];
  if (version.major !== 2 && version.major !== 3) {
    throw new ExecutorMissingError(
      `onednn: ${path} is version ${version.major}.${version.minor}.${version.patch}, wanted 2.x or 3.x`,
    );
  }
  return { handle, path, version, threads: openMpThreads() };
}

function pin(name: string): void {
  if (process.platform !== 'linux') return;
  dlopen(name, RTLD_NOW | RTLD_NODELETE); // null if absent: koffi.load then says why
}
