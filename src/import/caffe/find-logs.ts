// The folder of logs as its authors left it: one directory a network, its logs beside prototxts,
// means and links; or logs and directories of any names, with a file that says what they are of.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { kindOfFile } from './is-log.js';
import { isSplitFolder, type OriginalNetwork, parseOriginalName, parseOwnName } from './names.js';
import type { NamedLogs } from './names-file.js';

/** A network's logs. */
export interface NetworkLogs {
  readonly network: OriginalNetwork;
  /** Paths of its log files from the folder, in byte order. */
  readonly files: readonly string[];
}

/** What the folder holds. */
export interface FoundLogs {
  readonly networks: readonly NetworkLogs[];
  /** Directories whose names say nothing, or the same as another's, and logs outside of any
   *  directory, in byte order. */
  readonly unknown: readonly string[];
  /** Files in networks' directories that are no logs, though their names might be of some. */
  readonly skipped: readonly string[];
  /** Logs that the file of names has and the folder has not. */
  readonly absent: readonly string[];
}

/** Lists the logs of `folder`. Names that begin with a dot are left out.
 *  @param named says what networks logs are of, before their names do
 *  @throws DataError if there is no network's log in it */
export function findLogs(folder: string, named: NamedLogs = new Map()): FoundLogs {
  const search = new Search(folder, named);
  for (const name of listed(folder)) search.look(name);
  const found = search.found();
  if (found.networks.length === 0) throw nothingFound(folder, found);
  return found;
}

/** Goes through a folder and the folders of splits in it. */
class Search {
  readonly #folder: string;
  readonly #named: NamedLogs;
  readonly #networks = new Map<string, NetworkLogs>();
  readonly #unknown: string[] = [];
  readonly #skipped: string[] = [];
  readonly #seen = new Set<string>();

  constructor(folder: string, named: NamedLogs) {
    this.#folder = folder;
    this.#named = named;
  }

  found(): FoundLogs {
    const absent = [...this.#named.keys()].filter((log) => !this.#seen.has(log));
    const networks = [...this.#networks.values()];
    return { networks, unknown: this.#unknown, skipped: this.#skipped, absent };
  }

  /** Looks at an entry, by its path from the folder. */
  look(path: string): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.startsWith('.')) return;
    const named = this.#named.get(path);
    if (named !== undefined) this.#seen.add(path);
    const full = join(this.#folder, path);
    if (!isKind(full, 'directory')) {
      if (named !== undefined) this.#add(path, named, [path]);
      // Logs without a directory are named; other files do not matter here.
      else if (isKind(full, 'file') && kindOfFile(full, name) === 'log') this.#unknown.push(path);
      return;
    }
    const network = named ?? parseOriginalName(path) ?? parseOwnName(path);
    if (network !== null) this.#add(path, network, this.#logsIn(path));
    else if (this.#isFolderOfLogs(path)) {
      for (const inner of listed(full)) this.look(`${path}/${inner}`);
    } else this.#unknown.push(path);
  }

  // A split's folder with names of ours, or whatever the file of names goes into.
  #isFolderOfLogs(path: string): boolean {
    const isNamed = [...this.#named.keys()].some((log) => log.startsWith(`${path}/`));
    return isNamed || (!path.includes('/') && isSplitFolder(path));
  }

  // Several logs may be named as one network's; directories that only look alike are not.
  #add(path: string, network: OriginalNetwork, files: readonly string[]): void {
    const before = this.#networks.get(network.name);
    const isNamed = before !== undefined && this.#named.has(path);
    if (before === undefined) this.#networks.set(network.name, { network, files });
    else if (isNamed)
      this.#networks.set(network.name, { ...before, files: [...before.files, ...files] });
    else this.#unknown.push(path);
  }

  #logsIn(path: string): readonly string[] {
    const files: string[] = [];
    // glog leaves a link to its newest log: one file counts once.
    const real = new Set<string>();
    for (const name of listed(join(this.#folder, path))) {
      const file = join(this.#folder, path, name);
      if (!isKind(file, 'file') || real.has(realpathSync(file))) continue;
      const kind = kindOfFile(file, name);
      if (kind === 'skipped') this.#skipped.push(`${path}/${name}`);
      if (kind !== 'log') continue;
      real.add(realpathSync(file));
      files.push(`${path}/${name}`);
    }
    return files;
  }
}

function nothingFound(folder: string, { unknown, absent }: FoundLogs): DataError {
  const only = [...unknown, ...absent.map((log) => `${log} (named, but absent)`)];
  const found = only.length === 0 ? 'no directory' : `only ${only.slice(0, 8).join(', ')}`;
  return new DataError(
    `${folder}: found ${found}, wanted directories named as the original study's networks, or as ours`,
    {
      hint: 'For example half0A, transfer0A0B_1_3, transfer-ft0A0B_1_3, halfnatmanA, nolearn_1_2, reduced-0100, netbase (in the authors’ repository they are in results/), or baseA, A3B+, split1/B3B. For other names give --names FILE with a line for each log, such as: run7 split0/A3B+',
    },
  );
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort((a, b) => (a < b ? -1 : 1));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const known = { ENOENT: 'does not exist', ENOTDIR: 'is a file' } as Record<string, string>;
    throw new DataError(`${folder}: ${known[code ?? ''] ?? code}, wanted a folder of logs`, {
      cause,
    });
  }
}

// Follows links; the authors left some that lead nowhere.
function isKind(path: string, kind: 'file' | 'directory'): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return (kind === 'file' ? stats?.isFile() : stats?.isDirectory()) ?? false;
}
