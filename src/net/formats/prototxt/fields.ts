// Typed access to the fields of a message; what does not fit is noted with its place.
import type { Issues } from './issues.js';
import type { Field, Value } from './text-format.js';
import type { Place } from './tokens.js';

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

  /** The one field called by one of `names`; of several, which protobuf refuses too, the second is
   *  noted as a problem and the first counts. */
  one(...names: readonly string[]): Field | undefined {
    const [first, second] = this.all(...names);
    if (second !== undefined) {
      this.#issues.add(second, `${second.name} stands more than once, wanted it once`);
    }
    return first;
  }

  /** The number of that name; `otherwise` if there is none. */
  number<T>(names: readonly string[], otherwise: T): number | T {
    const field = this.one(...names);
    return field === undefined ? otherwise : (this.#numberOf(field) ?? otherwise);
  }

  /** All numbers of that name. */
  numbers(...names: readonly string[]): readonly number[] {
    return this.all(...names).flatMap((field) => this.#numberOf(field) ?? []);
  }

  /** The name or string of that name; null if there is none. */
  text(...names: readonly string[]): string | null {
    const field = this.one(...names);
    if (field === undefined) return null;
    const { value } = field;
    if (value.kind === 'name' || value.kind === 'string') return value.text;
    this.#issues.add(field, `${field.name}: found ${shown(value)}, wanted a name`);
    return null;
  }

  /** Whether a field is true (or 1); `otherwise` if there is none. */
  flag<T>(name: string, otherwise: T): boolean | T {
    const field = this.one(name);
    if (field === undefined) return otherwise;
    const { value } = field;
    const text = value.kind === 'number' ? String(value.number) : 'text' in value ? value.text : '';
    if (/^(true|t|1)$/i.test(text)) return true;
    if (!/^(false|f|0)$/i.test(text)) {
      this.#issues.add(field, `${name}: found ${shown(value)}, wanted true or false`);
    }
    return false;
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

  /** Where the first field of these names stands; `otherwise` if there is none. */
  placeOf(otherwise: Place, ...names: readonly string[]): Place {
    return this.all(...names)[0] ?? otherwise;
  }

  #numberOf(field: Field): number | null {
    const { value } = field;
    if (value.kind === 'number' && Number.isFinite(value.number)) return value.number;
    this.#issues.add(field, `${field.name}: found ${shown(value)}, wanted a number`);
    return null;
  }
}

function shown(value: Value): string {
  if (value.kind === 'message') return '"{"';
  if (value.kind !== 'number') return JSON.stringify(value.text);
  if (Number.isNaN(value.number)) return 'nan';
  return String(value.number).replace('Infinity', 'inf');
}
