// A study from a program: the keys of a study file as an object, and a network as data.
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../base/canonical-json.js';
import { ParseError } from '../../base/errors.js';
import type { Network } from '../../net/network.js';
import { isPresetName, presets } from '../../net/presets/table.js';
import type { Study } from '../study.js';
import { anchored } from './merge.js';
import { checkMadeNetwork } from './network-json.js';
import { checkedStudy } from './read-study.js';
import type { StudyText } from './study-source.js';

/** The keys of a study file; `network` may be the network itself. */
export interface StudyKeys extends Omit<StudyText, 'network'> {
  /** Name of a preset, path of a network file, or a network. */
  readonly network: string | Network;
}

/** A complete study of what a study file would say; what is left out has its usual value. Relative
 *  paths start at the working directory.
 *  @throws ParseError with every problem found */
export function study(keys: StudyKeys): Study {
  if (typeof keys !== 'object' || keys === null) {
    const message = `found ${String(keys)}, wanted an object with the keys of a study file: a path is for readStudy and run`;
    throw new ParseError([{ file: 'study', message }]);
  }
  const { network } = keys;
  const made = typeof network === 'object' && network !== null ? checked(network) : undefined;
  const text = { ...keys, network: made?.name ?? network };
  const origins = new Map([['', { file: 'study' }]]);
  const located = anchored({ value: asJson(text), origins }, resolve('.'));
  return checkedStudy(located, made).study;
}

// A name stands for the same layers wherever it is read.
function checked(network: Network): Network {
  const { name } = network;
  if (!isPresetName(name)) {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) && !/\.(prototxt|onnx|json)$/.test(name)) {
      checkMadeNetwork(network);
      return network;
    }
    const message = `network: found the name ${JSON.stringify(name)}, wanted letters, digits, ".", "_" and "-", and not the name of a file`;
    throw new ParseError([{ file: 'study', message }]);
  }
  if (isDeepStrictEqual(network, presets[name])) return network;
  const message = `network: found a network of its own with the name of the preset ${name}, wanted another name`;
  throw new ParseError([{ file: 'study', message }]);
}

// What JSON does not know, such as undefined, is as if it were not there; of bigints and circles it
// has nothing.
function asJson(keys: object): Json {
  try {
    return JSON.parse(JSON.stringify(keys)) as Json;
  } catch (cause) {
    const message = `wanted what JSON can write: ${(cause as Error).message.split('\n')[0]}`;
    throw new ParseError([{ file: 'study', message }], { cause });
  }
}
