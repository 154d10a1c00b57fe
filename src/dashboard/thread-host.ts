// The inside of a thread: questions come in, answers go out in their order.
import { parentPort } from 'node:worker_threads';
import { SelfferError } from '../base/errors.js';
import type { FromThread, Questions, ToThread } from './thread-messages.js';

/** Answers questions until the thread is ended. */
export function answerQuestions<Q extends Questions>(answers: Q): void {
  parentPort?.on('message', ({ id, question, about }: ToThread) => {
    void answer(answers, question, about).then((found) => post({ id, ...found }));
  });
}

/** Tells the server something that it has not asked for. */
export function tell(news: unknown): void {
  post({ news });
}

function post(message: FromThread): void {
  parentPort?.postMessage(message);
}

async function answer(
  answers: Questions,
  question: string,
  about: unknown,
): Promise<
  { readonly answer: unknown } | { readonly error: string; readonly hint: string | null }
> {
  try {
    return { answer: await answers[question]?.(about) };
  } catch (error) {
    const hint = error instanceof SelfferError ? (error.hint ?? null) : null;
    return { error: error instanceof Error ? error.message : String(error), hint };
  }
}
