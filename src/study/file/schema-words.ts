// Departures from a JSON Schema in words.
import type { ErrorObject } from 'ajv';
import type { Json } from '../../base/canonical-json.js';
import { nearest } from './suggest.js';

/** What the schema wants where it found something else: "one of a, b (did you mean a?)".
 *  @param patterns words for regular expressions of the schema */
export function wanted(
  { keyword, params, schema, parentSchema, data }: ErrorObject,
  patterns: Readonly<Record<string, string>>,
): string {
  switch (keyword) {
    case 'enum': {
      const values = (schema as readonly string[]).map(String);
      const guess = typeof data === 'string' ? nearest(data, values) : null;
      return `one of ${values.join(', ')}${guess === null ? '' : ` (did you mean ${guess}?)`}`;
    }
    case 'const':
      return String(schema);
    case 'type':
      return [schema].flat().map(typeWord).join(' or ');
    case 'minimum':
      return `at least ${params['limit']}`;
    case 'maximum':
      return `at most ${params['limit']}`;
    case 'exclusiveMinimum':
      return `more than ${params['limit']}`;
    case 'exclusiveMaximum':
      return `less than ${params['limit']}`;
    case 'maxLength':
      return `at most ${params['limit']} characters`;
    case 'maxItems':
      return `at most ${params['limit']} items`;
    case 'minItems':
      return `at least ${params['limit']} items`;
    case 'uniqueItems':
      return 'no item twice';
    case 'oneOf':
      return alternatives(parentSchema?.['oneOf'] as readonly Alternative[]);
    default:
      return patterns[String(schema)] ?? `what the schema says (${keyword} ${String(schema)})`;
  }
}

interface Alternative {
  readonly const?: string;
  readonly type?: string;
  readonly minimum?: number;
}

function alternatives(choices: readonly Alternative[]): string {
  return choices
    .map((choice) =>
      choice.const !== undefined
        ? choice.const
        : `${typeWord(choice.type ?? 'value')}${choice.minimum === undefined ? '' : ` of at least ${choice.minimum}`}`,
    )
    .join(' or ');
}

function typeWord(type: unknown): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a map of keys',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[String(type)] ?? String(type);
}

/** A value as messages show it, at most 60 characters. */
export function shown(value: Json): string {
  // JSON has no words for these.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** "/solver/lr" as "solver.lr". */
export function keyPath(pointer: string): string {
  return pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
}
