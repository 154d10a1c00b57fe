// Problems and remarks of one file, each with its place, all of a file together.
import { type FileIssue, ParseError } from '../../../base/errors.js';
import type { Place } from './tokens.js';

/** More problems than this begin with a summary. */
const MANY = 12;

/** Kinds that a summary names. */
const NAMED_KINDS = 8;

/** Collects the problems of one file. */
export class Issues {
  readonly #file: string;
  readonly #issues: FileIssue[] = [];
  readonly #remarks: FileIssue[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** What is not wrong, but not as one may expect: to be said, not to be refused. */
  get remarks(): readonly FileIssue[] {
    return this.#remarks;
  }

  /** Notes a problem. */
  add({ line, column }: Place, message: string): void {
    this.#issues.push({ file: this.#file, line, column, message });
  }

  /** Notes what the reader must know. */
  remark({ line, column }: Place, message: string): void {
    this.#remarks.push({ file: this.#file, line, column, message });
  }

  /** @throws ParseError with all problems noted, if there are any; many of them begin with a
   *  summary by kind */
  throwIfAny(): void {
    if (this.#issues.length === 0) return;
    const summary =
      this.#issues.length > MANY ? [{ file: this.#file, message: summaryOf(this.#issues) }] : [];
    throw new ParseError([...summary, ...this.#issues]);
  }
}

// Problems of a kind differ in the layer that they are about.
function summaryOf(issues: readonly FileIssue[]): string {
  const counts = new Map<string, number>();
  for (const { message } of issues) {
    const kind = message.replace(/^layer "[^"]*":? /, '');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([, a], [, b]) => b - a);
  const named = kinds.slice(0, NAMED_KINDS).map(([kind, count]) => `${count} times: ${kind}`);
  const others = kinds.length - named.length;
  return [
    `${issues.length} problems of ${kinds.length} kinds`,
    ...named,
    ...(others > 0 ? [`and ${others} more kinds`] : []),
  ].join('; ');
}
