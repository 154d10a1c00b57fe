// The directory names of the original study (github.com/yosinski/convnet_transfer, results/) as
// networks of a study. The letters of the natural / man-made split are the repository's: A =
// natural, B = man-made (the paper swaps them).
import { networkName } from '../../study/network-name.js';
import { taskOf } from '../../study/tasks.js';
import type { NetworkResult } from '../../study/results/types.js';

/** What a directory's name says about its network. */
export type OriginalNetwork = Pick<
  NetworkResult,
  | 'name'
  | 'family'
  | 'split'
  | 'repeat'
  | 'treatment'
  | 'source'
  | 'target'
  | 'n'
  | 'originalName'
  | 'imagesPerClass'
>;

/** Half of a split: digit and letter of a random half, or "natman" and letter. */
const half = '(\\d+|natman)([AB])';
const basePattern = new RegExp(`^half${half}$`);
const transferPattern = new RegExp(`^transfer(-ft)?${half}\\2([AB])_1_([1-9]\\d*)$`);
const natmanPattern = /^transfer(-ft)?(natman)([AB])([AB])_1_([1-9]\d*)$/;

/** Parses a directory name: half0A, transfer0A0B_1_3, transfer-ft0A0A_1_3, halfnatmanA,
 *  transfernatmanAB_1_3, nolearn_1_3, reduced-0100, netbase. Null for a name that is none of
 *  these. */
export function parseOriginalName(originalName: string): OriginalNetwork | null {
  return parseBase(originalName) ?? parseTransfer(originalName) ?? parseWhole(originalName);
}

function parseBase(originalName: string): OriginalNetwork | null {
  const match = basePattern.exec(originalName);
  if (!match) return null;
  const [, digits = '', target = ''] = match;
  const split = splitOf(digits);
  const network = { treatment: 'base', source: null, target, n: 0 } as const;
  return complete({ ...network, ...split, originalName });
}

function parseTransfer(originalName: string): OriginalNetwork | null {
  const match = transferPattern.exec(originalName) ?? natmanPattern.exec(originalName);
  if (!match) return null;
  const [, tuned, digits = '', source = '', target = '', layers] = match;
  const kind = source === target ? 'BnB' : 'AnB';
  const treatment = tuned === undefined ? kind : (`${kind}+` as const);
  const n = Number(layers);
  const network = { treatment, source, target, n, ...splitOf(digits), originalName } as const;
  return complete(network);
}

function parseWhole(originalName: string): OriginalNetwork | null {
  const whole = { family: 'whole', split: 'whole', source: null, target: null } as const;
  if (originalName === 'netbase') {
    return complete({ ...whole, treatment: 'base', n: 0, originalName });
  }
  const random = /^nolearn_1_([1-9]\d*)$/.exec(originalName);
  if (random) {
    const n = Number(random[1]);
    return complete({ ...whole, treatment: 'random', n, originalName });
  }
  const digits = /^reduced-(\d+)$/.exec(originalName)?.[1];
  if (digits === undefined) return null;
  const reduced = { ...whole, family: 'reduced', split: originalName } as const;
  const network = { ...reduced, treatment: 'base', n: 0, originalName } as const;
  return { ...complete(network), imagesPerClass: Number(digits) };
}

function splitOf(digits: string): Pick<OriginalNetwork, 'family' | 'split'> {
  return digits === 'natman'
    ? { family: 'natural-man-made', split: 'natural-man-made' }
    : { family: 'random-halves', split: `split${Number(digits)}` };
}

function complete(
  network: Omit<OriginalNetwork, 'name' | 'repeat' | 'imagesPerClass'>,
): OriginalNetwork {
  const shortName = networkName({ ...network, target: taskOf(network.target) });
  return { ...network, name: `${network.split}/${shortName}`, repeat: 0, imagesPerClass: null };
}
