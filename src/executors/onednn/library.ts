// Finds oneDNN on this machine and keeps it loaded. Nothing here knows oneDNN's functions; a
// binding per major version does.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { ExecutorMissingError } from '../../base/errors.js';
import { dlopen } from './libc.js';
import { openMpLibrary, openMpThreads } from './openmp.js';
import { machineFolders, unpackedLibraryFolders } from './unpacked.js';

// Debian 13 names the library after its minor version (libdnnl.so.3.6), which the next release will
// not share.
const LINUX_FOLDERS = [
  '/usr/local/lib',
  ...machineFolders.map((machine) => `/usr/lib/${machine}`),
  ...['/usr/lib64', '/usr/lib'],
];

/** Names tried, in order; SELFFER_ONEDNN (a path) is tried alone. Each major version has a binding;
 *  the ones for Linux were run. */
export function candidates(): readonly string[] {
  const override = process.env['SELFFER_ONEDNN'];
  if (override) return [override];
  if (process.platform === 'darwin') {
    const homebrew = '/opt/homebrew/lib/libdnnl.dylib'; // the loader does not search there
    return ['libdnnl.3.dylib', 'libdnnl.2.dylib', 'libdnnl.dylib', homebrew];
  }
  const installed = librariesIn(LINUX_FOLDERS);
  const unpacked = librariesIn(unpackedLibraryFolders());
  return ['libdnnl.so.2', 'libdnnl.so.3', ...installed, 'libdnnl.so', ...unpacked];
}

/** What Debian's oneDNN is linked with beyond what Node itself needs. Its OpenCL is for graphics
 *  cards, which are not used; the library does not load without it. */
const COMPANIONS = [openMpLibrary, 'libOpenCL.so.1'];

const CPU_ENGINE = 1;
const RTLD_NOW = 2;
const RTLD_NODELETE = 0x1000;

/** A loaded oneDNN. */
export interface OneDnnLibrary {
  readonly handle: LibraryHandle;
  /** The name or path under which it was found. */
  readonly path: string;
  readonly version: { readonly major: number; readonly minor: number; readonly patch: number };
  /** OpenMP threads it will use: OMP_NUM_THREADS as it was when libgomp was loaded, else all
   *  cores. */
  readonly threads: number;
}

let loaded: OneDnnLibrary | undefined;

/** Loads oneDNN once per process.
 *  @throws ExecutorMissingError if there is none or its major version has no binding; `hint`
 *  installs it. */
export function loadOneDnn(): OneDnnLibrary {
  loaded ??= findLibrary();
  return loaded;
}

function findLibrary(): OneDnnLibrary {
  const tried: string[] = [];
  for (const path of candidates()) {
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
  if (process.env['SELFFER_ONEDNN']) return 'Correct SELFFER_ONEDNN, or unset it.';
  if (process.platform === 'darwin') return '`brew install onednn` installs it';
  return '`npx selffer setup` installs it, in a clone `npm run setup`; neither needs root';
}

/** Paths of the versions of oneDNN that lie in these folders, the newest first. */
export function librariesIn(folders: readonly string[]): string[] {
  const found = folders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /^libdnnl\.so\.[23](\.\d+)*$/.test(name))
      .map((name) => join(folder, name)),
  );
  return found.sort((a, b) => basename(b).localeCompare(basename(a), 'en', { numeric: true }));
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
  // When Node ends, koffi unloads its libraries under libgomp's sleeping threads and the process
  // dies with SIGSEGV. So pin both first; a second, never deleted reference keeps the code mapped.
  pinCompanions(path);
  pin(path);
  const handle = koffi.load(path);
  const versionPointer = handle.func('dnnl_version', 'void *', [])() as bigint;
  const version = koffi.decode(versionPointer, Version) as OneDnnLibrary['version'];
  if (version.major !== 2 && version.major !== 3) {
    throw new ExecutorMissingError(
      `version ${version.major}.${version.minor}.${version.patch}, wanted 2.x or 3.x`,
    );
  }
  const engines = handle.func('dnnl_engine_get_count', 'size_t', ['int'])(CPU_ENGINE) as number;
  if (Number(engines) === 0) {
    throw new ExecutorMissingError(
      `version ${version.major}.${version.minor}.${version.patch} has no CPU engine here (builds for SYCL have none without an OpenCL driver for the processor)`,
    );
  }
  return { handle, path, version, threads: openMpThreads() };
}

// What the system lacks and lies beside an unpacked library. A library that is loaded serves all
// that are linked with its name, so no LD_LIBRARY_PATH is needed.
function pinCompanions(path: string): void {
  for (const name of COMPANIONS) {
    if (!pin(name) && isAbsolute(path)) pin(join(dirname(path), name));
  }
}

// False if there is none: for oneDNN itself koffi.load then says why.
function pin(name: string): boolean {
  if (process.platform !== 'linux') return false;
  return dlopen(name, RTLD_NOW | RTLD_NODELETE) !== null;
}
