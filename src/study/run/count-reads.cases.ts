// Counts what is read of a folder, for tests.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** What was asked of the system. */
export interface Reads {
  /** Paths of files that were opened to read, relative to the folder. */
  readonly reads: readonly string[];
  /** How often it was asked about any file. */
  readonly stats: number;
}

/** What `act` reads of files in `directory`, until it is done. */
export async function countReads(
  directory: string,
  act: () => void | Promise<void>,
): Promise<Reads> {
  const { readFileSync, openSync, statSync } = fs;
  const reads: string[] = [];
  let stats = 0;
  const note = (path: unknown): void => {
    if (String(path).startsWith(`${directory}/`))
      reads.push(String(path).slice(directory.length + 1));
  };
  Object.assign(fs, {
    readFileSync: (...args: Parameters<typeof readFileSync>) => {
      note(args[0]);
      return readFileSync(...args);
    },
    openSync: (...args: Parameters<typeof openSync>) => {
      // Folders are opened to bring them to disk.
      if (args[1] === 'r' && statSync(args[0]).isFile()) note(args[0]);
      return openSync(...args);
    },
    statSync: (...args: Parameters<typeof statSync>) => {
      stats += 1;
      return statSync(...args);
    },
  });
  syncBuiltinESMExports();
  try {
    await act();
  } finally {
    Object.assign(fs, { readFileSync, openSync, statSync });
    syncBuiltinESMExports();
  }
  return { reads, stats };
}
