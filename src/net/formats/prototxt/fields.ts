// Typed access to the fields of a message; what does not fit is noted with its place, all of a file
// together.
import { type FileIssue, ParseError } from '../../../base/errors.js';
import type { Field, Value } from './text-format.js';
import type { Place } from './tokens.js';

/** Collects the problems of one file. */
export class Issues {
  readonly #file: string;
  readonly #issues: FileIssue[] = [];
  /** What is not wrong, but not as one may expect: to be said, not to be refused. */
  readonly remarks: FileIssue[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Notes a problem. */
  add({ line, column }: Place, message: string): void {
    this.#issues.push({ file: this.#file, line, column, message });
  }

  /** Notes what the reader must know. */
  remark({ line, column }: Place, message: string): void {
    this.remarks.push({ file: this.#file, line, column, message });
  }

  /** @throws ParseError with all problems noted, if there are any */
  throwIfAny(): void {
    if (this.#issues.length > 0) throw new ParseError(this.#issues);
  }
}

/** Fields of a message, or of several taken together, and the names that were asked for. */
export class Fields {
  readonly #fields: readonly Field[];
  readonly #issues: Issues;
  readonly #asked = new Set<string>();

  constructor(fields: readonly Field[], issues: Issues) {
    this.#fields = fields;
    this.#issues = issues;
  }

  /** Fields called by one of `names`: Caffe renamed some. */
  all(...names: readonly string[]): readonly Field[] {
    for (const name of names) this.#asked.add(name);
    return this.#fields.filter((field) => names.includes(field.name));
  }

  /** The last number of that name, as protobuf decides; `otherwise` if there is none. */
  number<T>(names: readonly string[], otherwise: T): number | T {
    const values = this.numbers(...names);
    return values.at(-1) ?? otherwise;
  }

  /** All numbers of that name. */
  numbers(...names: readonly string[]): readonly number[] {
    return this.all(...names).flatMap((field) => {
      if (field.value.kind === 'number') return [field.value.number];
      this.#issues.add(field, `${field.name}: found ${shown(field.value)}, wanted a number`);
      return [];
    });
  }

  /** The last name or string of that name; null if there is none. */
  text(...names: readonly string[]): string | null {
    const texts = this.all(...names).flatMap((field) => {
      const { value } = field;
      if (value.kind === 'name' || value.kind === 'string') return [value.text];
      this.#issues.add(field, `${field.name}: found ${shown(value)}, wanted a name`);
      return [];
    });
    return texts.at(-1) ?? null;
  }

  /** Whether a field is true (or 1); `otherwise` if there is none. */
  flag<T>(name: string, otherwise: T): boolean | T {
    const value = this.all(name).at(-1)?.value;
    if (value?.kind === 'number') return value.number !== 0;
    return value === undefined
      ? otherwise
      : value.kind === 'name' && /^(true|t)$/i.test(value.text);
  }

  /** Messages of that name, each as fields. */
  messages(...names: readonly string[]): readonly Fields[] {
    return this.all(...names).flatMap((field) => {
      if (field.value.kind === 'message') return [new Fields(field.value.fields, this.#issues)];
      this.#issues.add(field, `${field.name}: found ${shown(field.value)}, wanted "{"`);
      return [];
    });
  }

  /** Notes every field that was not asked for by name: what is not understood must not be passed
   *  over. */
  rejectOthers(of: string): void {
    for (const field of this.#fields) {
      if (this.#asked.has(field.name)) continue;
      this.#issues.add(field, `${of}: "${field.name}" is not supported`);
    }
  }
}

function shown(value: Value): string {
  if (value.kind === 'message') return '"{"';
  return JSON.stringify(value.kind === 'number' ? value.number : value.text);
}
