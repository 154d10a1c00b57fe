// The thread behind a Parquet file, seen from outside: one question at a time, an answer within a
// limit of time, or its end.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Answer, Content, Question, Request, ThreadNumber } from './parquet-messages.js';

// Threads run compiled files, also when the caller's are TypeScript (tests).
const SCRIPT = new URL('../../../dist/data/sources/parquet-thread.js', import.meta.url);

/** How many times longer than its own time a thread may take by the clock: others may have the
 *  processor, and not every system says what a thread's own time is. */
const CLOCK_FACTOR = 10;
const LOOK_EVERY_MS = 50;

/** The thread's heap. Images lie outside of it. */
const HEAP_MB = 256;

/** A thread that serves `parquet-thread.ts`'s requests. */
export class ReaderThread {
  readonly #worker: Worker;
  #number: string | null = null;
  #id = 0;
  #settle: (answer: Answer) => void = () => undefined;
  #end: string | null = null;

  constructor() {
    this.#worker = new Worker(SCRIPT, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    this.#worker.on('message', (message: Answer | ThreadNumber) => {
      if (message.kind === 'thread') this.#number = message.number;
      // Of a request that failed before, something may come later.
      else if (message.id === this.#id) this.#settle(message);
    });
    this.#worker.on('error', ({ message }) => this.#hasEnded(message));
    this.#worker.on('exit', () => this.#hasEnded('its thread ended'));
    // Listeners keep a process alive, so after them. While an answer is awaited, a timer does.
    this.#worker.unref();
  }

  /** True once it answers no more. */
  get hasEnded(): boolean {
    return this.#end !== null;
  }

  /** Its answer; `broken`, and the thread's end, if none comes within `limitMs` of its own time. */
  async ask(question: Question, limitMs: number): Promise<Content & { readonly bytes: number }> {
    const id = ++this.#id;
    let look: NodeJS.Timeout | undefined;
    const answer = await new Promise<Answer>((settle) => {
      this.#settle = settle;
      if (this.#end !== null) return settle(broken(id, this.#end));
      this.#worker.postMessage({ ...question, id } satisfies Request);
      const since = performance.now();
      let ownSince: number | null = null;
      look = setInterval(() => {
        const own = threadMs(this.#number);
        ownSince ??= own;
        const ownMs = own !== null && ownSince !== null ? own - ownSince : 0;
        if (ownMs <= limitMs && performance.now() - since <= CLOCK_FACTOR * limitMs) return;
        this.end();
        this.#hasEnded('it cannot be read to an end');
      }, LOOK_EVERY_MS);
    });
    clearInterval(look);
    return answer;
  }

  end(): void {
    void this.#worker.terminate();
  }

  #hasEnded(reason: string): void {
    this.#end ??= reason;
    this.#settle(broken(this.#id, this.#end));
  }
}

function broken(id: number, reason: string): Answer {
  return { id, kind: 'broken', reason, bytes: 0 };
}

/** Milliseconds that a thread of this process has run on a processor; null where the system does
 *  not say it (elsewhere than on Linux). */
function threadMs(number: string | null): number | null {
  if (number === null) return null;
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${number}/schedstat`, 'latin1').split(' ');
    return Number(nanoseconds) / 1e6;
  } catch {
    return null;
  }
}
