// A log file line by line, plain or gzipped, without holding it in memory. A damaged file gives the
// lines before the damage.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Longer lines are not log lines. */
const LONGEST_LINE = 1 << 20;

/** Hands every line of `path` to `onLine`, without its line break. Gzip is known by its first
 *  bytes, not by the file's name.
 *  @returns what is wrong with the file, or null. Of a damaged file the unfinished last line is
 *  left out. */
export async function readLines(
  path: string,
  onLine: (line: string) => void,
): Promise<string | null> {
  const splitter = new LineSplitter(onLine);
  let sink: ByteSink | null = null;
  let problem: string | null = null;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      sink ??= sinkFor(chunk, splitter);
      problem = await sink.write(chunk);
      if (problem !== null) break;
    }
    problem ??= (await sink?.end()) ?? null;
  } catch (error) {
    problem = messageOf(error);
  }
  splitter.end(problem === null);
  return problem;
}

interface ByteSink {
  /** Both give what is wrong, or null. */
  write(chunk: Buffer): Promise<string | null>;
  end(): Promise<string | null>;
}

function sinkFor([first, second]: Buffer, splitter: LineSplitter): ByteSink {
  if (first === 0x1f && second === 0x8b) return gunzipSink(splitter);
  // What PowerShell writes when it redirects.
  if (first === 0xff && second === 0xfe) return utf16Sink(splitter, 'utf-16le');
  if (first === 0xfe && second === 0xff) return utf16Sink(splitter, 'utf-16be');
  return plainSink(splitter);
}

function utf16Sink(splitter: LineSplitter, encoding: 'utf-16le' | 'utf-16be'): ByteSink {
  const decoder = new TextDecoder(encoding);
  return {
    write: (chunk) => {
      splitter.takeText(decoder.decode(chunk, { stream: true }));
      return Promise.resolve(null);
    },
    end: () => Promise.resolve(null),
  };
}

function plainSink(splitter: LineSplitter): ByteSink {
  return {
    write: (chunk) => {
      // No text has such a byte: a damaged archive, or a file of another kind.
      const at = chunk.indexOf(0);
      splitter.take(at < 0 ? chunk : chunk.subarray(0, at));
      return Promise.resolve(at < 0 ? null : 'binary data, wanted text or gzip');
    },
    end: () => Promise.resolve(null),
  };
}

// Not a pipeline: that throws away what is decoded when an error comes, and the last bytes of a
// torn file count.
function gunzipSink(splitter: LineSplitter): ByteSink {
  const gunzip = createGunzip();
  let problem: string | null = null;
  gunzip.on('data', (chunk: Buffer) => splitter.take(chunk));
  gunzip.on('error', (error) => {
    problem = messageOf(error);
  });
  const closed = new Promise<void>((resolve) => gunzip.once('close', resolve));
  return {
    write: async (chunk) => {
      // On damaged data the callback never comes; the stream closes instead.
      const written = new Promise<void>((resolve) => {
        gunzip.write(chunk, () => setImmediate(resolve));
      });
      await Promise.race([written, closed]);
      return problem;
    },
    end: async () => {
      gunzip.end();
      await closed;
      return problem;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class LineSplitter {
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    this.takeText(chunk.toString('latin1'));
  }

  takeText(text: string): void {
    const lines = (this.#rest + text).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest = rest.length > LONGEST_LINE ? '' : rest;
    for (const line of lines) this.#onLine(line);
  }

  /** @param isWhole whether the last line counts though no line break ends it */
  end(isWhole: boolean): void {
    if (isWhole && this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }
}
