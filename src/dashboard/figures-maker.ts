// Figures of all studies of the server: made by a thread, each once.
import type { Room, ThemeName } from '../figures/spec.js';
import type { FiguresQuestions, FiguresRequest } from './figures-answer.js';
import { Refusal } from './refusal.js';
import type { StudySession } from './study-session.js';
import { ThreadClient } from './thread-client.js';

// Threads run compiled files, also when the caller's are TypeScript (tests).
const SCRIPT = new URL('../../dist/dashboard/figures-thread.js', import.meta.url);

/** Answers that are kept: studies, what they are set against, themes. */
const KEPT = 16;

/** How figures are wanted. */
export interface FiguresWish {
  readonly against: StudySession | null;
  readonly theme: ThemeName;
  readonly room: Room;
}

/** See above. */
export class FiguresMaker {
  readonly #thread = new ThreadClient<FiguresQuestions>({ script: SCRIPT, data: null });
  readonly #made = new Map<string, { readonly of: string; readonly answer: Promise<string> }>();

  /** Figures of a study as JSON of a FiguresAnswer. @throws Refusal if there is nothing to draw */
  async figures(study: StudySession, { against, theme, room }: FiguresWish): Promise<string> {
    const own = await study.results();
    const other = against === null ? null : await against.results();
    if (own.input === null || other?.input === null) {
      throw new Refusal(409, 'the folder has nothing to draw yet; its problems say why');
    }
    const key = JSON.stringify([study.id, against?.id, theme, room]);
    const of = JSON.stringify([own.revision, other?.revision]);
    const known = this.#made.get(key);
    if (known?.of === of) return known.answer;
    const { revision, input, measurements, hasRuns } = own;
    return this.#make(key, of, {
      ...{ revision, own: input, measurements, theme, room },
      directory: hasRuns ? study.directory : null,
      against: other?.input ?? null,
    });
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #make(key: string, of: string, request: FiguresRequest): Promise<string> {
    const answer = this.#thread.ask('figures', request);
    this.#made.delete(key);
    this.#made.set(key, { of, answer });
    // What failed may succeed the next time.
    answer.catch(() => this.#made.delete(key));
    const [oldest] = this.#made.keys();
    if (this.#made.size > KEPT && oldest !== undefined) this.#made.delete(oldest);
    return answer;
  }
}
