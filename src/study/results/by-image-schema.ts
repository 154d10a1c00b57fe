// How `byImage` of a results.json that is read back is checked: it rests on files that are not
// beside it, so its numbers are taken as they are.
import { families } from './types.js';
import { treatmentKinds } from '../treatments.js';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string', maxLength: 1000 };
const number: Schema = { type: 'number' };
const numberOrNull: Schema = { type: ['number', 'null'] };
const count: Schema = { type: 'integer', minimum: 0, maximum: 1e9 };

function record(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', required: Object.keys(properties), properties };
}

const point = record({
  ...{ n: count, meanPt: number, lowPt: numberOrNull, highPt: numberOrNull },
  ...{ beyondLowPt: numberOrNull, beyondHighPt: numberOrNull, classes: count, networks: count },
});

const pair = record({
  ...{ network: text, against: text, images: count, differencePt: number },
  ...{ standardErrorPt: number, lowPt: number, highPt: number, p: number },
});

const list = (items: Schema): Schema => ({ type: 'array', items });

/** JSON Schema of `byImage`. */
export const byImageSchema: Schema = {
  type: 'object',
  propertyNames: { enum: families },
  additionalProperties: list(
    record({
      target: { type: ['string', 'null'], maxLength: 10 },
      matched: {
        type: 'object',
        propertyNames: { enum: treatmentKinds },
        additionalProperties: list(point),
      },
      pairs: list(pair),
    }),
  ),
};
