// What a run says, event by event, as lines for people. The last ones are kept.
import { LineSplitter } from '../launch/lines.js';

const MOST_LINES = 2000;
const KEPT_STDERR = 2000;

/** Anything that `run --json` prints; every field may lack. */
interface Said {
  readonly event?: unknown;
  readonly network?: unknown;
  readonly networks?: unknown;
  readonly gang?: unknown;
  readonly message?: unknown;
  readonly hint?: unknown;
  readonly iteration?: unknown;
  readonly accuracy?: unknown;
  readonly state?: unknown;
  readonly unfinished?: unknown;
}

interface Line {
  /** Networks that it is about. */
  readonly of: readonly string[];
  readonly text: string;
}

/** Hears a run's standard output and standard error. */
export class RunLog {
  /** Why the run failed, as it said itself. */
  problem: string | null = null;
  readonly #lines: Line[] = [];
  readonly #output = new LineSplitter((line) => this.#hear(line));
  #errors = '';

  output(text: string): void {
    this.#output.push(text);
  }

  errors(text: string): void {
    this.#errors = (this.#errors + text).slice(-KEPT_STDERR);
  }

  /** The last words on standard error. */
  get lastWords(): string {
    return this.#errors.trim();
  }

  of(network: string): readonly string[] {
    return this.#lines.filter(({ of }) => of.includes(network)).map(({ text }) => text);
  }

  #hear(line: string): void {
    let said: Said;
    try {
      said = JSON.parse(line) as Said;
    } catch {
      return;
    }
    const message = [said.message, said.hint].filter((each) => typeof each === 'string').join('. ');
    if (said.event === 'error' || (said.event === 'end' && message !== '')) this.problem = message;
    const unfinished = textsOf(said.unfinished).length;
    if (said.event === 'end' && unfinished > 0) {
      this.problem = `the run has ended, and ${unfinished} networks are not done; their reasons stand with them`;
    }
    const text = wordsOf(said, message);
    if (text === null) return;
    this.#lines.push({ of: [...textsOf([said.network]), ...textsOf(said.networks)], text });
    if (this.#lines.length > MOST_LINES) this.#lines.splice(0, MOST_LINES / 2);
  }
}

function wordsOf(said: Said, message: string): string | null {
  const { event, iteration, accuracy, state, gang } = said;
  if (event === 'gang') return `training begins, in gang ${String(gang)}`;
  if (event === 'test' && typeof accuracy === 'number') {
    return `iteration ${String(iteration)}: ${(100 * accuracy).toFixed(2)} % right`;
  }
  if (event === 'ended') return `ended: ${String(state)}${message === '' ? '' : `, ${message}`}`;
  if (event === 'skipped' || event === 'gang-failed') return `not trained: ${message}`;
  return null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
