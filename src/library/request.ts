// What a program gives to `run`, and whether it is that: without types nothing else would tell it
// of a misspelt key.
import { inspect } from 'node:util';
import { UsageError } from '../base/errors.js';
import { executorNames } from '../executors/names.js';
import { nearest } from '../study/file/suggest.js';
import type { OnRunEvent } from './events.js';
import type { RunSettings } from './open-run.js';

/** Settings of `run`. */
export interface RunRequest extends RunSettings {
  /** Keys of the study file that are set otherwise, such as "solver.epochs=2". */
  readonly set?: readonly string[];
  /** Hears what happens, in order; the last event is `end`. Where it throws, the run saves, ends
   *  and rejects. */
  readonly onEvent?: OnRunEvent;
  /** Aborted: finishes the iteration, saves, and resolves as `stopped`; the same call resumes. */
  readonly signal?: AbortSignal;
}

/** What a value must be, in words, and whether it is. */
type Rule = readonly [wanted: string, holds: (value: unknown) => boolean];

const atLeast = (least: number): Rule => [
  `a whole number of at least ${least}`,
  (value) => Number.isSafeInteger(value) && (value as number) >= least,
];
const text: Rule = ['a text', (value) => typeof value === 'string' && value !== ''];
const texts: Rule = [
  'a list of texts',
  (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
];
const truth: Rule = ['true or false', (value) => typeof value === 'boolean'];
const executors = ['auto', ...executorNames];

const rules: { readonly [K in keyof Required<RunRequest>]: Rule } = {
  out: text,
  executor: [`one of ${executors.join(', ')}`, (value) => executors.includes(value as string)],
  threads: atLeast(1),
  workers: [
    'a whole number of at least 1, or measure',
    (value) => value === 'measure' || atLeast(1)[1](value),
  ],
  memory: ['a number of bytes', (value) => Number.isFinite(value) && (value as number) > 0],
  loaders: atLeast(0),
  only: texts,
  force: truth,
  exact: truth,
  tensorboard: text,
  profile: truth,
  set: texts,
  onEvent: ['a function', (value) => typeof value === 'function'],
  signal: ['an AbortSignal', (value) => value instanceof AbortSignal],
};

/** @throws UsageError that names what was found and wanted */
export function checkRequest(study: unknown, request: RunRequest): void {
  if (typeof study !== 'string' && (typeof study !== 'object' || study === null)) {
    throw new UsageError(
      `run: found ${shown(study)}, wanted a study (study({...})) or the path of a study file`,
    );
  }
  for (const [key, value] of Object.entries(request)) {
    if (!Object.hasOwn(rules, key)) throw new UsageError(unknownKey(key));
    const [wanted, holds] = rules[key as keyof RunRequest];
    if (value !== undefined && !holds(value)) {
      throw new UsageError(`run: ${key}: found ${shown(value)}, wanted ${wanted}`);
    }
  }
}

function unknownKey(key: string): string {
  const known = Object.keys(rules);
  const guess = nearest(key, known);
  const wanted = guess === null ? `wanted some of ${known.join(', ')}` : `did you mean "${guess}"?`;
  return `run: found unknown key "${key}", ${wanted}`;
}

function shown(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Infinity });
}
