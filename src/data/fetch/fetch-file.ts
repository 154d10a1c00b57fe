// One file of the catalogue: kept if it is there and right, else fetched from the first address
// that has it.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { FetchError } from '../../base/errors.js';
import type { CatalogueFile } from './catalogue.js';
import { type FetchPolicy, TransferFailure } from './failure.js';
import { diskFailure, fileSum, PartFile } from './part-file.js';
import { transfer } from './transfer.js';

/** What happens meanwhile. */
export type FetchEvent =
  | {
      readonly kind: 'progress';
      readonly file: string;
      /** Bytes there, and of the whole file. */
      readonly at: number;
      readonly bytes: number;
    }
  | { readonly kind: 'remark'; readonly text: string };

/** A file that is there and has the right sum. */
export interface FetchedFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** The address it came from; null if it was there. */
  readonly from: string | null;
}

/** How files are fetched. */
export interface FetchWays {
  readonly directory: string;
  readonly addresses: readonly string[];
  readonly dispatcher: Dispatcher;
  readonly policy: FetchPolicy;
  readonly on: (event: FetchEvent) => void;
}

/** Makes sure of one file. A wrong one is set aside as NAME.wrong-<begin of its sum>.
 *  @throws FetchError naming every address and what was wrong with it, or what was wrong with the
 *  disk */
export async function fetchFile(file: CatalogueFile, ways: FetchWays): Promise<FetchedFile> {
  const path = join(ways.directory, file.name);
  const found = { name: file.name, path, bytes: file.bytes, sha256: file.sha256 };
  if (existsSync(path)) {
    const sum = await fileSum(path);
    if (sum === file.sha256) return { ...found, from: null };
    const aside = asidePath(path, sum);
    setAside(path, aside);
    ways.on({ kind: 'remark', text: wrongText(file, path, sum, aside) });
  }
  const failures: string[] = [];
  for (const address of ways.addresses) {
    const url = address + file.name;
    try {
      await fetchFrom(url, path, file, ways);
      return { ...found, from: url };
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      failures.push(error.message);
      if (address !== ways.addresses.at(-1)) {
        ways.on({ kind: 'remark', text: `${error.message}; trying the next address` });
      }
    }
  }
  throw new FetchError(`${file.name} could not be fetched:\n  ${failures.join('\n  ')}`, {
    hint: 'The same command resumes where this one stopped; --from takes the address of a mirror. A file from elsewhere with the right name in the folder is checked and kept.',
  });
}

/** Tries one address until the file is whole and right, or there is no hope. Attempts that bring at
 *  least a hundredth of the file more than any before do not count as failed.
 *  @throws TransferFailure, FetchError */
async function fetchFrom(
  url: string,
  path: string,
  file: CatalogueFile,
  ways: FetchWays,
): Promise<void> {
  const { policy, on } = ways;
  const part = await PartFile.open(path);
  let furthest = part.size;
  let hasReceived = false;
  const onPiece = (): void => {
    hasReceived = true;
    on({ kind: 'progress', file: file.name, at: part.size, bytes: file.bytes });
  };
  try {
    for (let failed = 0; ;) {
      try {
        await attempt(part, url, path, file, { ...ways, onPiece });
        return;
      } catch (error) {
        if (!(error instanceof TransferFailure) || !error.isPassing) throw error;
        if (error.isUnreachable && !hasReceived) throw error;
        failed = part.size > furthest + file.bytes / 100 ? 1 : failed + 1;
        furthest = Math.max(furthest, part.size);
        if (failed > policy.retries) throw error;
        const wait = error.waitMs ?? policy.firstWaitMs * 2 ** (failed - 1);
        on({ kind: 'remark', text: retryText(error, wait, failed, policy) });
        await setTimeout(wait);
      }
    }
  } finally {
    part.close();
  }
}

/** One request, unless everything is there, and the judgement of the sum. */
async function attempt(
  part: PartFile,
  url: string,
  path: string,
  file: CatalogueFile,
  ways: FetchWays & { readonly onPiece: () => void },
): Promise<void> {
  const isWhole = part.size === file.bytes;
  const start = isWhole ? part.size : await transfer(part, { ...ways, url, bytes: file.bytes });
  const sum = part.sum();
  if (sum === file.sha256) return part.finishAs(path);
  // Bytes of two requests: perhaps of two versions. All from one: the server has another file.
  if (start > 0) {
    part.restart(null);
    throw new TransferFailure(`${file.name}: what was begun earlier does not fit; starting again`, {
      passing: true,
      waitMs: 0,
    });
  }
  const aside = asidePath(path, sum);
  part.finishAs(aside);
  throw new TransferFailure(wrongText(file, url, sum, aside));
}

function asidePath(path: string, sum: string): string {
  return `${path}.wrong-${sum.slice(0, 8)}`;
}

function setAside(found: string, aside: string): void {
  try {
    renameSync(found, aside);
  } catch (cause) {
    throw diskFailure(aside, cause);
  }
}

function wrongText(file: CatalogueFile, where: string, sum: string, aside: string): string {
  return `${where}: found a file with SHA-256 ${sum}, wanted ${file.sha256}; set aside as ${aside}`;
}

function retryText(
  { message }: TransferFailure,
  waitMs: number,
  failed: number,
  { retries }: FetchPolicy,
): string {
  return waitMs === 0
    ? message
    : `${message}; trying again in ${waitMs / 1000} s (${failed} of ${retries})`;
}
