// All logs of a folder of networks, one file after the other.
import { basename, join } from 'node:path';
import type { DamagedFile } from '../import-file.js';
import { findLogs, type NetworkLogs } from './find-logs.js';
import { parseLogLine, yearsFrom } from './log-line.js';
import type { OriginalNetwork } from './names.js';
import { readLines } from './read-lines.js';
import { type LoggedTest, TestCollector } from './test-collector.js';

/** What a network's logs say. */
export interface NetworkLog {
  readonly network: OriginalNetwork;
  readonly files: number;
  readonly damaged: readonly DamagedFile[];
  /** By ascending iteration, each iteration once. */
  readonly tests: readonly LoggedTest[];
  /** Time that its jobs logged. */
  readonly seconds: number;
}

/** What a folder of logs says. */
export interface CaffeLogs {
  readonly networks: readonly NetworkLog[];
  /** Names of directories that were not understood. */
  readonly unknown: readonly string[];
}

/** Reads `folder`, laid out as `<network>/<stamp>_<job>.o<id>[.gz]`. Damaged files give what can be
 *  read of them.
 *  @param onNetwork is told of each network before its logs are read, for progress
 *  @throws DataError if the folder holds no network's directory */
export async function readCaffeLogs(
  folder: string,
  onNetwork: (name: string, index: number, count: number) => void = () => undefined,
): Promise<CaffeLogs> {
  const { networks: found, unknown } = findLogs(folder);
  const networks: NetworkLog[] = [];
  for (const [index, logs] of found.entries()) {
    onNetwork(logs.network.originalName ?? '', index, found.length);
    networks.push(await readNetwork(logs));
  }
  return { networks, unknown };
}

async function readNetwork({ network, directory, files }: NetworkLogs): Promise<NetworkLog> {
  const collector = new TestCollector();
  const damaged: DamagedFile[] = [];
  // A file without a stamp (joined by hand) belongs to the years of the network's other jobs.
  const earliest = files.find((file) => /^\d{6}_\d+/.test(file)) ?? null;
  for (const file of files) {
    const yearOf = yearsFrom(/^\d{6}_\d+/.test(file) ? file : earliest);
    const problem = await readLines(join(directory, file), (text) => {
      const line = parseLogLine(text, yearOf);
      if (line !== null) collector.take(line);
    });
    collector.endFile();
    if (problem !== null) damaged.push({ file: join(basename(directory), file), problem });
  }
  const tests = collector.tests();
  return { network, files: files.length, damaged, tests, seconds: collector.seconds() };
}
