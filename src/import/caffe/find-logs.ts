// The folder of logs as the authors left it: one directory a network, its logs beside prototxts,
// means and links.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { parseOriginalName, type OriginalNetwork } from './names.js';

/** A network's directory. */
export interface NetworkLogs {
  readonly network: OriginalNetwork;
  readonly directory: string;
  /** Names of its log files, in byte order. */
  readonly files: readonly string[];
}

/** What the folder holds. */
export interface FoundLogs {
  readonly networks: readonly NetworkLogs[];
  /** Directories whose names say nothing, or the same as another's, and logs outside of any
   *  directory, in byte order. */
  readonly unknown: readonly string[];
}

/** Logs of cluster jobs, `<stamp>_<job>.o<id>`, and plain `.log` files; gzipped or not. */
const logName = /\.(o\w+|log)(\.gz)?$/;

/** Lists the directories of `folder`. Names that begin with a dot are left out.
 *  @throws DataError if there is no network's directory in it */
export function findLogs(folder: string): FoundLogs {
  const networks: NetworkLogs[] = [];
  const unknown: string[] = [];
  const names = new Set<string>();
  for (const name of listed(folder)) {
    const directory = join(folder, name);
    if (name.startsWith('.')) continue;
    if (!isKind(directory, 'directory')) {
      if (logName.test(name)) unknown.push(name);
      continue;
    }
    const network = parseOriginalName(name);
    if (network === null || names.has(network.name)) unknown.push(name);
    else {
      names.add(network.name);
      const files = listed(directory).filter(
        (file) => logName.test(file) && isKind(join(directory, file), 'file'),
      );
      networks.push({ network, directory, files });
    }
  }
  if (networks.length === 0) {
    const found = unknown.length === 0 ? 'no directory' : `only ${unknown.slice(0, 8).join(', ')}`;
    throw new DataError(
      `${folder}: found ${found}, wanted directories named as the original study's networks`,
      {
        hint: 'For example half0A, transfer0A0B_1_3, transfer-ft0A0B_1_3, halfnatmanA, nolearn_1_2, reduced-0100, netbase; in the authors’ repository they are in results/.',
      },
    );
  }
  return { networks, unknown };
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
