// The one door through which results.json comes back: a file may be damaged, of another version, or
// made by somebody who means harm.
import { Ajv } from 'ajv';
import { RunStoreError } from '../../base/errors.js';
import type { Json } from '../../base/canonical-json.js';
import type { Rise } from '../../stats/rise.js';
import { keyPath, shown, wanted } from '../file/schema-words.js';
import { taskLetters } from '../tasks.js';
import { treatmentKinds } from '../treatments.js';
import type { ResultsInput } from './build.js';
import { byImageSchema } from './by-image-schema.js';
import {
  families,
  type NetworkResult,
  networkStates,
  type ReadBase,
  type Results,
  type StudyFacts,
  type TrainingCost,
} from './types.js';

type Schema = Readonly<Record<string, unknown>>;
type Properties<T> = { readonly [K in keyof T]-?: Schema };

const text: Schema = { type: 'string', maxLength: 1000 };
const count: Schema = { type: 'integer', minimum: 0, maximum: 1e9 };
const countOrNull: Schema = { type: ['integer', 'null'], minimum: 1, maximum: 1e9 };
const fraction: Schema = { type: ['number', 'null'], minimum: 0, maximum: 1 };
const letter = `^${taskLetters}$`;
const task: Schema = { type: ['string', 'null'], pattern: letter };

const rate: Schema = { type: 'number', exclusiveMinimum: 0 };
const amount: Schema = { type: 'number', minimum: 0 };
const cost: Properties<TrainingCost> = {
  iterations: amount,
  flops: amount,
  iterationsInAll: amount,
  flopsInAll: amount,
};

const points: Schema = { type: 'number' };
const rise: Properties<Rise> = { risePt: points, lowPt: points, highPt: points };

const network: Properties<NetworkResult> = {
  name: text,
  family: { enum: families },
  split: text,
  repeat: count,
  treatment: { enum: treatmentKinds },
  source: task,
  target: task,
  n: count,
  state: { enum: networkStates },
  accuracy: fraction,
  finalAccuracy: fraction,
  originalName: { ...text, type: ['string', 'null'] },
  imagesPerClass: countOrNull,
  testImages: countOrNull,
  classes: countOrNull,
  notLearnt: { enum: [true] },
  rising: { type: 'object', required: Object.keys(rise), properties: rise },
  cost: { type: 'object', required: Object.keys(cost), properties: cost },
  tests: {
    type: 'object',
    propertyNames: text,
    additionalProperties: { ...fraction, type: 'number' },
  },
  lr: rate,
  selectionAccuracy: { ...fraction, type: 'number' },
  chosen: { type: 'boolean' },
  sizeOf: {
    type: 'object',
    required: ['family', 'split'],
    properties: { family: { enum: families }, split: text },
  },
};

const readBase: Properties<ReadBase> = {
  file: text,
  weights: text,
  classes: count,
  hasSeen: { type: 'array', maxItems: 10, items: text },
};

const study: Properties<StudyFacts> = {
  name: text,
  weightLayers: { type: 'integer', minimum: 1, maximum: 10_000 },
  segmentNames: { type: 'array', maxItems: 10_000, items: text },
  statistic: { enum: ['final', 'top10'] },
  frozenStatistics: { enum: ['target'] },
  rates: { type: 'array', minItems: 2, maxItems: 20, items: rate },
  selection: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  taskLabels: {
    type: 'object',
    propertyNames: { enum: families },
    additionalProperties: {
      type: 'object',
      propertyNames: { pattern: letter },
      additionalProperties: text,
    },
  },
  tests: { type: 'object', propertyNames: text, additionalProperties: text },
  readBases: {
    type: 'object',
    propertyNames: { pattern: letter },
    additionalProperties: {
      type: 'object',
      required: Object.keys(readBase),
      properties: readBase,
    },
  },
};

/** Keys that earlier versions did not write, with what they stood for. */
const unknown = { imagesPerClass: null, testImages: null, classes: null };
const optional: ReadonlySet<string> = new Set([
  ...Object.keys(unknown),
  'notLearnt',
  'rising',
  'sizeOf',
  'tests',
  'cost',
  'lr',
  'selectionAccuracy',
  'chosen',
]);

const patternWords = { [letter]: 'a capital letter other than R, or null' };

const networkList: Schema = {
  type: 'array',
  items: {
    type: 'object',
    required: Object.keys(network).filter((key) => !optional.has(key)),
    properties: network,
  },
};

/** What is read of the file. */
type Read = ResultsInput & Pick<Results, 'notChosen'>;

const isInput = new Ajv({ verbose: true, strict: false }).compile<Read>({
  type: 'object',
  required: ['study', 'networks'],
  properties: {
    study: { type: 'object', required: ['name', 'weightLayers', 'statistic'], properties: study },
    networks: networkList,
    notChosen: networkList,
    byImage: byImageSchema,
  },
});

/** What {@link buildResults} makes results of, from the text of a results.json. Its summaries are
 *  not read: they follow from the networks.
 *  @param path for messages
 *  @throws RunStoreError if it is not JSON, of another schema, or has a wrong value, named by its
 *  path */
export function parseResults(content: string, path = 'results.json'): ResultsInput {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new RunStoreError(`${path}: is not JSON`, { cause });
  }
  const schema = (value as { schema?: Json } | null)?.schema;
  if (schema !== 'selffer.results/1') {
    throw new RunStoreError(
      `${path}: found schema ${shown(schema ?? null)}, wanted selffer.results/1`,
    );
  }
  if (!isInput(value)) throw wrongValue(path);
  const { weightLayers } = value.study;
  const { networks, notChosen = [] } = value;
  for (const [key, list] of Object.entries({ networks, notChosen })) {
    const deep = list.findIndex(({ n }) => n > weightLayers);
    if (deep < 0) continue;
    throw new RunStoreError(
      `${path}: ${key}.${deep}.n: found ${list[deep]?.n}, wanted at most the ${weightLayers} weight layers of the study`,
    );
  }
  return {
    study: value.study,
    // Which of them are chosen follows from their accuracies, as all that is made of them does.
    networks: [...networks, ...notChosen].map((each) => ({ ...unknown, ...each })),
    ...(value.byImage === undefined ? {} : { byImage: value.byImage }),
  };
}

function wrongValue(path: string): RunStoreError {
  const [error] = isInput.errors ?? [];
  if (error === undefined) return new RunStoreError(`${path}: is not a table of results`);
  const place = keyPath(error.instancePath);
  if (error.keyword === 'required') {
    const missing = String(error.params['missingProperty']);
    return new RunStoreError(`${path}: ${place === '' ? '' : `${place}.`}${missing} is missing`);
  }
  return new RunStoreError(
    `${path}: ${place}: found ${shown(error.data as Json)}, wanted ${wanted(error, patternWords)}`,
  );
}
