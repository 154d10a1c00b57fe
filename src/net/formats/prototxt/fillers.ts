// Caffe's fillers as ours.
import type { FanNorm, Filler } from '../../layers/blob.js';
import type { Fields } from './fields.js';
import type { Issues } from './issues.js';
import type { Place } from './tokens.js';

const norms: Readonly<Record<string, FanNorm>> = {
  FAN_IN: 'fan-in',
  FAN_OUT: 'fan-out',
  AVERAGE: 'average',
};

/** A filler that a layer has; test and deploy files have none.
 *  @param otherwise what Caffe fills with where none is written */
export function readFiller(
  fields: Fields | undefined,
  { name, place }: { readonly name: string; readonly place: Place },
  issues: Issues,
  otherwise = 0,
): Filler {
  if (fields === undefined) return { type: 'constant', value: otherwise };
  const layer = `layer "${name}"`;
  const type = fields.text('type') ?? 'constant';
  const read = readers[type];
  const normName = fields.text('variance_norm') ?? 'FAN_IN';
  const norm = norms[normName];
  if (norm === undefined) {
    issues.add(place, `${layer}: variance_norm ${normName} is not one of FAN_IN, FAN_OUT, AVERAGE`);
  }
  if (fields.number(['mean'], 0) !== 0) issues.add(place, `${layer}: filler mean is not supported`);
  // Minus 1 is Caffe's "not sparse".
  if (fields.number(['sparse'], -1) >= 0) {
    issues.add(place, `${layer}: sparse fillers are not supported`);
  }
  const filler = read?.(fields, norm ?? 'fan-in') ?? { type: 'constant', value: 0 };
  if (read === undefined) {
    issues.add(
      place,
      `${layer}: filler ${type} is not supported, wanted one of ${Object.keys(readers).join(', ')}`,
    );
  }
  // Caffe passes over what another type of filler would read.
  fields.all('value', 'std', 'min', 'max');
  fields.rejectOthers(layer);
  return filler;
}

// A norm is left out where it is the usual one, so that it changes no identity.
const readers: Readonly<Record<string, (fields: Fields, norm: FanNorm) => Filler>> = {
  constant: (fields) => ({ type: 'constant', value: fields.number(['value'], 0) }),
  gaussian: (fields) => ({ type: 'gaussian', std: fields.number(['std'], 1) }),
  uniform: (fields) => ({
    type: 'uniform',
    min: fields.number(['min'], 0),
    max: fields.number(['max'], 1),
  }),
  xavier: (_, norm) => ({ type: 'xavier', ...(norm === 'fan-in' ? {} : { norm }) }),
  msra: (_, norm) => ({ type: 'he', ...(norm === 'fan-in' ? {} : { norm }) }),
};
