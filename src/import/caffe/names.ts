// Names of networks: ours, and those of the original study's directories
// (github.com/yosinski/convnet_transfer, results/). The letters of the original's natural /
// man-made split are its repository's: A = natural, B = man-made (the paper swaps them).
import { networkName, parseNetworkName } from '../../study/network-name.js';
import { letterOf, taskOf } from '../../study/tasks.js';
import type { NetworkResult } from '../../study/results/types.js';

/** What a name says about its network. */
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

/** Parses a name of ours: split0/A3B+, split1-r2/baseA, natural-man-made/B5B, whole/R3,
 *  reduced-0100/base; without a folder baseA is of split0, base of the whole set. Null for a name
 *  that is none of these. */
export function parseOwnName(text: string, originalName = text): OriginalNetwork | null {
  const [folder, shortName, ...more] = text.includes('/') ? text.split('/') : [null, text];
  const role = more.length > 0 ? null : parseNetworkName(shortName ?? '', Infinity);
  if (role === null) return null;
  const target = letterOf(role.target);
  const place = placeOf(folder ?? (target === null ? 'whole' : 'split0'));
  // The whole set is one task, others have letters.
  if (place === null || isOneTask(place.family) !== (target === null)) return null;
  const { treatment, source, n } = role;
  const { repeat, imagesPerClass, ...split } = place;
  const network = { ...split, treatment, source, target, n, originalName };
  const name = `${folder ?? place.split}/${networkName(role)}`;
  return { ...network, name, repeat, imagesPerClass };
}

/** True for what can be the folder of networks with names of ours. */
export function isSplitFolder(name: string): boolean {
  return placeOf(name) !== null;
}

type Place = Pick<OriginalNetwork, 'family' | 'split' | 'repeat' | 'imagesPerClass'>;

function placeOf(folder: string): Place | null {
  const [, split = '', digits = '0'] = /^(.*?)(?:-r([1-9]\d*))?$/.exec(folder) ?? [];
  const place = { split, repeat: Number(digits), imagesPerClass: null };
  if (/^split\d+$/.test(split)) return { ...place, family: 'random-halves' };
  const images = /^reduced-(\d+)$/.exec(split)?.[1];
  if (images !== undefined) {
    return { ...place, family: 'reduced', imagesPerClass: Number(images) };
  }
  const named = (['natural-man-made', 'classes', 'two-sets', 'whole'] as const).find(
    (family) => family === split,
  );
  return named === undefined ? null : { ...place, family: named };
}

function isOneTask(family: OriginalNetwork['family']): boolean {
  return family === 'whole' || family === 'reduced';
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
