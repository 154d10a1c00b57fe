// Checks of what was read from a file: each says what a value must be, and those of an object are a
// table with a row for every property of its type, so that the compiler names a missing one.

/** Returns `value` as a T. @throws Mismatch if it is not one */
export type Check<T> = (value: unknown) => T;

/** A value that is not what was wanted. Only {@link problemOf} sees it. */
class Mismatch extends Error {
  readonly place: (string | number)[] = [];
  readonly found: unknown;
  readonly wanted: string;
  constructor(found: unknown, wanted: string) {
    super(wanted);
    this.found = found;
    this.wanted = wanted;
  }
}

/** What is wrong with `value`, in words; null if nothing is. */
export function problemOf<T>(value: unknown, check: Check<T>): string | null {
  try {
    check(value);
    return null;
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const place = error.place.length === 0 ? '' : `${error.place.join('.')}: `;
    return `${place}found ${shown(error.found)}, wanted ${error.wanted}`;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

function wanting<T>(wanted: string, fits: (value: unknown) => boolean): Check<T> {
  return (value) => {
    if (!fits(value)) throw new Mismatch(value, wanted);
    return value as T;
  };
}

/** A text. */
export const text = wanting<string>('a text', (value) => typeof value === 'string');
/** A text of a pattern. @param wanted the pattern in words */
export function matching(wanted: string, pattern: RegExp): Check<string> {
  return wanting<string>(wanted, (value) => typeof value === 'string' && pattern.test(value));
}

/** A finite number: JSON has no others. */
export const number = wanting<number>('a number', Number.isFinite);
/** 0, 1, 2, ... */
export const count = wanting<number>(
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
/** True or false. */
export const flag = wanting<boolean>('true or false', (value) => typeof value === 'boolean');

/** Anything at all, where others check or nothing depends on it. */
export function unchecked<T>(): Check<T> {
  return (value) => value as T;
}

/** Any object, whose content others check. */
export function someObject<T>(): Check<T> {
  return (value) => asObject(value) as T;
}

/** One of the given texts. */
export function oneOf<T extends string>(...values: readonly T[]): Check<T> {
  return wanting(values.join(' or '), (value) => values.includes(value as T));
}

/** What `check` takes, or null. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === null ? null : check(value));
}

/** What `check` takes, or nothing: the property may be left out. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value) => (value === undefined ? undefined : check(value));
}

/** A list whose members `check` takes. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw new Mismatch(value, 'a list');
    value.forEach((item: unknown, index) => at(index, check, item));
    return value as readonly T[];
  };
}

/** An object with any keys, whose values `check` takes. */
export function mapOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value) => {
    const object = asObject(value);
    for (const key of Object.keys(object)) at(key, check, object[key]);
    return object as Readonly<Record<string, T>>;
  };
}

/** An object of type T: a check for each property. Others may be there too: later versions may add
 *  some. */
export function objectOf<T>(table: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const keys = Object.keys(table) as (string & keyof T)[];
  return (value) => {
    const object = asObject(value);
    for (const key of keys) at(key, table[key], object[key]);
    return object as T;
  };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Mismatch(value, 'an object');
  }
  return value as Readonly<Record<string, unknown>>;
}

function at<T>(key: string | number, check: Check<T>, value: unknown): void {
  try {
    check(value);
  } catch (error) {
    if (error instanceof Mismatch) error.place.unshift(key);
    throw error;
  }
}
