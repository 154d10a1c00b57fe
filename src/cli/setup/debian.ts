// oneDNN from Debian's or Ubuntu's packages: installed where that is allowed, else unpacked into
// the cache, for which nobody needs root.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExecutorMissingError } from '../../base/errors.js';
import { unpackedFolder } from '../../executors/onednn/unpacked.js';
import { hasProgram, run } from './command.js';
import type { Say } from './say.js';

/** Installs oneDNN, or unpacks it where this user may not.
 *  @throws ExecutorMissingError with the reason why it cannot be had */
export function installOneDnn(say: Say): void {
  const own = process.env['SELFFER_ONEDNN'];
  if (own) {
    throw new ExecutorMissingError(
      `SELFFER_ONEDNN names ${own}, which does not open; unset it to have oneDNN installed`,
    );
  }
  if (!hasProgram('apt-get') || !hasProgram('dpkg')) {
    throw new ExecutorMissingError('this system has no packages of Debian or Ubuntu');
  }
  if (process.getuid?.() === 0) installPackage(say);
  else unpackPackages(say);
}

function installPackage(say: Say): void {
  say('installing oneDNN ...');
  required(['apt-get', 'update', '-qq']);
  const name = onlyOneDnn([]);
  required([
    ...['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '-y', '-qq'],
    ...['--no-install-recommends', name],
  ]);
}

function unpackPackages(say: Say): void {
  const folder = unpackedFolder();
  say(`unpacking oneDNN into ${folder}, which needs no root ...`);
  const work = mkdtempSync(join(tmpdir(), 'selffer-setup-'));
  try {
    mkdirSync(dirname(folder), { recursive: true });
    const partial = mkdtempSync(`${folder}.partial-`);
    try {
      for (const file of download(work)) required(['dpkg', '-x', file, partial]);
      rmSync(folder, { recursive: true, force: true });
      renameSync(partial, folder);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

// The system's lists of packages may be empty (as in images of containers) or older than what is
// still to be had: then with lists of our own.
function download(work: string): readonly string[] {
  try {
    return downloadWith([], work);
  } catch (error) {
    if (!(error instanceof ExecutorMissingError)) throw error;
  }
  const own = ownLists(work);
  required(['apt-get', 'update', '-qq', ...own]);
  return downloadWith(own, work);
}

function downloadWith(options: readonly string[], work: string): readonly string[] {
  const folder = join(work, 'packages');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const name = onlyOneDnn(options);
  const depends = required(['apt-cache', 'depends', ...options, name]);
  required(['apt-get', 'download', '-qq', ...options, name, ...companions(depends)], folder);
  return readdirSync(folder).map((file) => join(folder, file));
}

/** Options of apt that keep its lists below a folder of ours. */
function ownLists(work: string): readonly string[] {
  for (const folder of ['state/lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const settings = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': '/var/lib/dpkg/status',
    'Dir::Cache': join(work, 'cache'),
    'Acquire::Languages': 'none',
    'Acquire::http::Timeout': '20',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

// libdnnl2 in Debian 12 and Ubuntu 22.04, libdnnl3 in Ubuntu 24.04, libdnnl3.6 in Debian 13: the
// first that the distribution has.
function onlyOneDnn(options: readonly string[]): string {
  const names = required(['apt-cache', 'pkgnames', ...options, 'libdnnl']).split('\n');
  const [first] = names.filter((name) => /^libdnnl[23][0-9.]*$/.test(name)).sort();
  if (first === undefined) throw new ExecutorMissingError('its packages have no oneDNN (libdnnl)');
  return first;
}

// What `apt-cache depends` names that a system with Node may lack. Names in angle brackets are
// no packages.
function companions(depends: string): readonly string[] {
  const names = [...depends.matchAll(/^ [ |]Depends: ([\w.+-]+)$/gm)].map(([, name]) => name);
  const isThere = (name: string) => /^(libc6|libgcc-s1|libstdc\+\+6)$/.test(name);
  return [...new Set(names as string[])].filter((name) => !isThere(name));
}

function required(command: readonly string[], cwd?: string): string {
  const outcome = run(command, cwd === undefined ? {} : { cwd });
  if ('output' in outcome) return outcome.output;
  throw new ExecutorMissingError(outcome.failure);
}
