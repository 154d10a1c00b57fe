// All logs of a folder of networks, one file after the other.
import { basename, join } from 'node:path';
import type { DamagedFile } from '../import-file.js';
import { findLogs, type FoundLogs, type NetworkLogs } from './find-logs.js';
import { type LogEvent, parseBareLine, parseLogLine, stampOf, yearsFrom } from './log-line.js';
import type { OriginalNetwork } from './names.js';
import type { NamedLogs } from './names-file.js';
import { readLines } from './read-lines.js';
import { type CollectedTests, TestCollector } from './test-collector.js';

/** What a network's logs say. */
export interface NetworkLog extends CollectedTests {
  readonly network: OriginalNetwork;
  readonly files: number;
  readonly damaged: readonly DamagedFile[];
}

/** What a folder of logs says. */
export interface CaffeLogs extends Omit<FoundLogs, 'networks'> {
  readonly networks: readonly NetworkLog[];
}

/** How logs are read. */
export interface ReadOptions {
  /** Is told of each network before its logs are read, for progress. */
  readonly onNetwork?: (name: string, index: number, count: number) => void;
  /** What networks logs are of whose names do not say it. */
  readonly names?: NamedLogs;
  /** Number of the test net that counts; default 0. */
  readonly testNet?: number;
  /** Name of the output that is the accuracy; default: chosen by its name. */
  readonly accuracy?: string;
}

/** Reads `folder`, laid out as `<network>/<log>`. Damaged files give what can be read of them.
 *  @throws DataError if the folder holds no network's logs */
export async function readCaffeLogs(folder: string, options: ReadOptions = {}): Promise<CaffeLogs> {
  const { networks: found, ...rest } = findLogs(folder, options.names);
  const networks: NetworkLog[] = [];
  for (const [index, logs] of found.entries()) {
    options.onNetwork?.(logs.network.originalName ?? '', index, found.length);
    networks.push(await readNetwork(folder, logs, options));
  }
  return { networks, ...rest };
}

async function readNetwork(
  folder: string,
  { network, files }: NetworkLogs,
  { testNet = 0, accuracy }: ReadOptions,
): Promise<NetworkLog> {
  const collector = new TestCollector({ testNet, accuracy: accuracy ?? null });
  const damaged: DamagedFile[] = [];
  const stamps = files.map((file) => stampOf(basename(file)));
  // A file without a stamp (joined by hand) belongs to the years of the network's other jobs.
  const earliest = stamps.find((stamp) => stamp !== null) ?? null;
  for (const [index, file] of files.entries()) {
    const yearOf = yearsFrom(stamps[index] ?? earliest);
    const bare: LogEvent[] = [];
    let hasHeaders = false;
    const problem = await readLines(join(folder, file), (text) => {
      const line = parseLogLine(text, yearOf);
      if (line !== null) {
        hasHeaders = true;
        collector.take(line);
      } else if (!hasHeaders) {
        const event = parseBareLine(text);
        if (event !== null) bare.push(event);
      }
    });
    // Lines without headers are torn ones, unless the whole log is printed without.
    if (!hasHeaders) bare.forEach((event) => collector.take({ process: '', time: 0, event }));
    collector.endFile();
    if (problem !== null) damaged.push({ file, problem });
  }
  return { network, files: files.length, damaged, ...collector.collected() };
}
