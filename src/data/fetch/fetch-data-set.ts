// All files of one data set, one after another.
import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { FetchError, UsageError } from '../../base/errors.js';
import { lockStore } from '../pack/lock.js';
import type { CatalogueEntry } from './catalogue.js';
import { type FetchPolicy, usualPolicy } from './failure.js';
import { type FetchedFile, type FetchEvent, fetchFile } from './fetch-file.js';
import { diskFailure } from './part-file.js';

/** A data set that is there, every file with the right sum. */
export interface FetchedSet {
  readonly name: string;
  readonly directory: string;
  readonly files: readonly FetchedFile[];
  readonly licence: string;
  readonly page: string;
  /** What a study's `data.source` says to read it. */
  readonly source: string;
}

/** Fetches what is missing of a data set into `directory`; proxies are those of http_proxy,
 *  https_proxy and no_proxy.
 *  @param from base address of a mirror, instead of the publishers'
 *  @throws FetchError if a file cannot be fetched or kept, UsageError for a mirror that is no
 *  address, DataError if another process is fetching into the same folder */
export async function fetchDataSet(
  entry: CatalogueEntry,
  directory: string,
  from: string | null,
  on: (event: FetchEvent) => void,
  policy: FetchPolicy = usualPolicy,
): Promise<FetchedSet> {
  const addresses = from === null ? entry.addresses : [mirrorAddress(from)];
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw diskFailure(directory, cause);
  }
  const unlock = lockStore(join(directory, entry.name), 'fetching');
  const dispatcher = openDispatcher(policy);
  try {
    refuseFullDisk(entry, directory);
    const files: FetchedFile[] = [];
    for (const file of entry.files) {
      files.push(await fetchFile(file, { directory, addresses, dispatcher, policy, on }));
    }
    const { name, licence, page } = entry;
    return { name, directory, files, licence, page, source: join(directory, entry.source) };
  } finally {
    await dispatcher.destroy();
    unlock();
  }
}

/** The base address of a mirror, ending in "/". @throws UsageError */
export function mirrorAddress(text: string): string {
  if (!URL.canParse(text) || !['http:', 'https:'].includes(new URL(text).protocol)) {
    throw new UsageError(
      `--from: found ${JSON.stringify(text)}, wanted the address below which the files lie, such as https://example.org/data/`,
      { hint: 'Files that are on this machine need only be copied into the folder of --out.' },
    );
  }
  return text.endsWith('/') ? text : `${text}/`;
}

function openDispatcher(policy: FetchPolicy): Dispatcher {
  const options = { connect: { timeout: policy.connectMs } };
  const hasProxy = ['http_proxy', 'https_proxy'].some(
    (name) => process.env[name] || process.env[name.toUpperCase()],
  );
  return hasProxy ? new EnvHttpProxyAgent(options) : new Agent(options);
}

// Better to hear it at once than after half an hour; other writers may still fill the disk
// meanwhile.
function refuseFullDisk({ name, files }: CatalogueEntry, directory: string): void {
  const there = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const missing = files
    .filter((file) => there(join(directory, file.name)) === 0)
    .reduce((sum, file) => sum + file.bytes - there(join(directory, `${file.name}.part`)), 0);
  const { bavail, bsize } = statfsSync(directory);
  if (missing <= bavail * bsize) return;
  const mib = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new FetchError(
    `${directory}: the disk is full: ${mib(bavail * bsize)} are free, ${name} takes ${mib(missing)} more`,
    { hint: 'Make room, or choose another disk with --out.' },
  );
}
