// A Parquet file read by a thread of its own, with a limit on its time and its memory: what a
// damaged file makes the library do is ended, and the file is refused.
import { statSync } from 'node:fs';
import { DataError } from '../../base/errors.js';
import { CUT_OFF_HINT, refuseLfsPointer } from './byte-stream.js';
import type { Content, Opened, Question, Row } from './parquet-messages.js';
import { ReaderThread } from './parquet-reader-thread.js';

/** Time for one answer: what a small file takes many times over, and a rate that is a hundredth of
 *  the library's own. */
const LEAST_MS = 400;
const BYTES_PER_MS = 1000;

// A thread that has read a file to its end reads the next one: starting one takes 0.1 s.
let idle: ReaderThread | null = null;

/** One file, open until `close`. One call at a time. */
export class ParquetFile {
  readonly opened: Opened;
  readonly #path: string;
  readonly #thread: ReaderThread;
  readonly #onBytes: (bytes: number) => void;

  private constructor(
    path: string,
    thread: ReaderThread,
    opened: Opened,
    onBytes: (bytes: number) => void,
  ) {
    this.#path = path;
    this.#thread = thread;
    this.opened = opened;
    this.#onBytes = onBytes;
  }

  /** Opens a file. @param onBytes told how many bytes were read
   *  @throws DataError if it is not whole or has no images and labels */
  static async open(path: string, onBytes: (bytes: number) => void): Promise<ParquetFile> {
    refuseLfsPointer(path);
    const thread = idle ?? new ReaderThread();
    idle = null;
    try {
      const answer = await ask(path, thread, { kind: 'open', path }, statSync(path).size);
      onBytes(answer.bytes);
      return new ParquetFile(path, thread, answer.opened, onBytes);
    } catch (error) {
      giveBack(thread);
      throw error;
    }
  }

  /** Its rows, a few at a time in this thread, a row group at a time in the other. */
  async *rows(): AsyncGenerator<Row> {
    let rowStart = 0;
    for (const { rows, bytes } of this.opened.groups) {
      const rowEnd = rowStart + rows;
      let some = await this.#next({ kind: 'group', rowStart, rowEnd }, bytes);
      while (some.length > 0) {
        yield* some;
        some = await this.#next({ kind: 'more' }, bytes);
      }
      rowStart = rowEnd;
    }
  }

  close(): void {
    giveBack(this.#thread);
  }

  async #next(
    question: Extract<Question, { kind: 'group' | 'more' }>,
    bytes: number,
  ): Promise<readonly Row[]> {
    const answer = await ask(this.#path, this.#thread, question, bytes);
    this.#onBytes(answer.bytes);
    return answer.rows;
  }
}

function giveBack(thread: ReaderThread): void {
  if (idle === null && !thread.hasEnded) idle = thread;
  else thread.end();
}

/** The kind of answer to each kind of request. */
interface Wanted {
  readonly open: 'opened';
  readonly group: 'rows';
  readonly more: 'rows';
}

type AnswerTo<Q extends Question> = Extract<Content, { kind: Wanted[Q['kind']] }> & {
  readonly bytes: number;
};

async function ask<Q extends Question>(
  path: string,
  thread: ReaderThread,
  question: Q,
  bytes: number,
): Promise<AnswerTo<Q>> {
  const answer = await thread.ask(question, LEAST_MS + bytes / BYTES_PER_MS);
  if (answer.kind === 'refused') {
    const { message, hint } = answer;
    throw new DataError(message, hint === undefined ? {} : { hint });
  }
  if (answer.kind === 'broken') {
    throw new DataError(`${path}: not a whole Parquet file (${answer.reason})`, {
      hint: CUT_OFF_HINT,
    });
  }
  return answer as AnswerTo<Q>;
}
