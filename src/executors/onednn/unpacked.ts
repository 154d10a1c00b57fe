// Where `selffer setup` unpacks oneDNN for users who may not install packages. Loads no native
// code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory } from '../../base/cache-directory.js';

/** Folders below /usr/lib that Debian and Ubuntu name after the machine. */
export const machineFolders = ['x86_64', 'aarch64'].map((machine) => `${machine}-linux-gnu`);

/** The folder that packages are unpacked into. A home may be shared by machines of several
 *  distributions, whose libraries do not fit each other: each has its own, "debian-12-x64". */
export function unpackedFolder(): string {
  return join(cacheDirectory(), 'libraries', `${distribution()}-${process.arch}`);
}

/** Where the libraries lie in it. */
export function unpackedLibraryFolders(): readonly string[] {
  return machineFolders.map((machine) => join(unpackedFolder(), 'usr/lib', machine));
}

// ID and VERSION_ID of os-release(5), "debian-12".
function distribution(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const valueOf = (key: string) => new RegExp(`^${key}="?([\\w.-]+)`, 'm').exec(text)?.[1];
  return `${valueOf('ID') ?? process.platform}-${valueOf('VERSION_ID') ?? 'rolling'}`;
}
