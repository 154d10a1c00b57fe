// The outside of a thread. What a thread reads may come from anywhere: one that dies, or does not
// answer in time, is ended and started anew by the next question; the server goes on.
import { Worker } from 'node:worker_threads';
import { SelfferError } from '../base/errors.js';
import type { FromThread, Questions, ToThread } from './thread-messages.js';

/** A study's folder on a slow disk may take a while. */
const GIVE_UP_MS = 30_000;
/** Far more than a study of thousands of networks needs. */
const MOST_MEGABYTES = 1024;

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: SelfferError) => void;
  readonly timer: NodeJS.Timeout;
}

/** How a thread is started. */
export interface ThreadOptions {
  /** Compiled: threads run no TypeScript. */
  readonly script: URL;
  readonly data: unknown;
  readonly onNews?: (news: unknown) => void;
  /** The thread has ended, with what it was told; a new one comes with the next question. */
  readonly onEnd?: (reason: string) => void;
  /** For tests. */
  readonly giveUpMs?: number;
}

/** A thread that answers questions. */
export class ThreadClient<Q extends Questions> {
  readonly #options: ThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #thread: Worker | null = null;
  #next = 0;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Asks. @throws SelfferError with the thread's reason, or if it does not answer */
  ask<Name extends string & keyof Q>(
    question: Name,
    about: Parameters<Q[Name]>[0],
  ): Promise<Awaited<ReturnType<Q[Name]>>> {
    const thread = (this.#thread ??= this.#start());
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        void this.#end(thread, 'the folder could not be read in time');
      }, this.#options.giveUpMs ?? GIVE_UP_MS).unref();
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, timer });
      const message: ToThread = { id, question, about };
      thread.postMessage(message);
    });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    if (this.#thread !== null) await this.#end(this.#thread, 'the server ends');
  }

  #start(): Worker {
    const { script, data } = this.#options;
    const thread = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    thread.on('message', (message: FromThread) => this.#hear(message));
    thread.on('error', (error) => void this.#end(thread, error.message));
    thread.on('exit', () => void this.#end(thread, 'its thread has ended'));
    thread.unref();
    return thread;
  }

  #hear(message: FromThread): void {
    if ('news' in message) {
      this.#options.onNews?.(message.news);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if ('answer' in message) waiting.resolve(message.answer);
    else waiting.reject(refusal(message.error, message.hint));
  }

  async #end(thread: Worker, reason: string): Promise<void> {
    if (thread !== this.#thread) return;
    this.#thread = null;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of all) {
      clearTimeout(timer);
      reject(refusal(reason, null));
    }
    this.#options.onEnd?.(reason);
    await thread.terminate();
  }
}

function refusal(message: string, hint: string | null): SelfferError {
  return new SelfferError('run-store', message, hint === null ? {} : { hint });
}
