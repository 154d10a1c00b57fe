// Compressed archives as streams. gzip is Node's own; bzip2, xz and zstd are unpacked by the
// system's programs of these names, as tar does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { DataError } from '../../base/errors.js';
import { beginsWith, isGzip } from './byte-stream.js';

/** How a file is compressed. */
export type Compression = 'none' | 'gzip' | Program;

type Program = 'bzip2' | 'xz' | 'zstd';

/** First bytes in hexadecimal, and what to install where the program is missing. */
const programs: Readonly<Record<Program, { readonly start: string; readonly from: string }>> = {
  bzip2: { start: '425a68', from: 'bzip2' },
  xz: { start: 'fd377a585a00', from: 'xz-utils' },
  zstd: { start: '28b52ffd', from: 'zstd' },
};

/** The compression of a file, by its first bytes.
 *  @throws DataError if it cannot be read, or Git LFS has left a pointer in its place */
export function compressionOf(path: string): Compression {
  if (isGzip(path)) return 'gzip';
  const names = Object.keys(programs) as Program[];
  return names.find((name) => beginsWith(path, programs[name].start)) ?? 'none';
}

/** Whether a program of the system unpacks it. */
export function isProgram(compression: Compression): compression is Program {
  return compression !== 'none' && compression !== 'gzip';
}

/** `source` unpacked by a program.
 *  @param where names the file in errors
 *  @throws DataError if there is no such program, or it finds the file damaged */
export async function* unpackedBy(
  program: Program,
  source: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<Buffer> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(0, 300)));
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  // Who reads too little ends the program; what that does to its input says nothing.
  const fed = pipeline(source, child.stdin).then(
    () => null,
    (cause: unknown) => cause,
  );
  try {
    for await (const piece of child.stdout) yield piece as Buffer;
    const [status] = (await ended) as [number | null];
    if (status === 0) return;
    const cause = await fed;
    const reason = said.trim().split('\n')[0] || String(cause ?? `${program} ended with ${status}`);
    throw new DataError(`${where}: cannot be unpacked to its end (${reason})`, {
      hint: 'The file may be cut off: compare its size or checksum with the original, and copy it again.',
    });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new DataError(
      `${where}: compressed with ${program}, and there is no program ${program}`,
      {
        hint: `Install it (apt-get install ${programs[program].from}), or unpack the file elsewhere and name the .tar, or compress it with gzip.`,
        cause,
      },
    );
  } finally {
    child.kill();
  }
}
