// The files of a .tar or .tar.gz archive, one after another, each as a stream.
import { pipeline } from 'node:stream';
import { extract } from 'tar-stream';
import { DataError } from '../../base/errors.js';
import { byteStream, CUT_OFF_HINT } from './byte-stream.js';

/** A file inside an archive. Its bytes can be read until the next one is asked for; what is not read is left out. */
export interface TarFile {
  /** Its path in the archive. */
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Reads an archive as a stream: never unpacked on disk, never whole in memory.
 *  @param onBytes told of the archive's own bytes as they are read   @throws DataError if it is damaged or cut off */
export async function* tarFiles(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<TarFile> {
  const unpack = extract();
  const flow = new Promise<void>((resolve, reject) => {
    pipeline(byteStream(path, onBytes), unpack, (error) => (error ? reject(error) : resolve()));
  });
  // What goes wrong in the flow also ends the loop below, where it is reported.
  flow.catch(() => undefined);
  try {
    for await (const entry of unpack) {
      const { name, type } = entry.header;
      if (type === 'file' || type === 'contiguous-file')
        yield { name, chunks: entry as AsyncIterable<Uint8Array> };
      entry.resume();
    }
    await flow;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(`${path}: not a whole .tar or .tar.gz archive (${reason})`, {
      hint: CUT_OFF_HINT,
      cause,
    });
  }
}
