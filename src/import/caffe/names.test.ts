import { describe, expect, it } from 'vitest';
import { parseOriginalName } from './names.js';

const parsed = (name: string) => {
  const network = parseOriginalName(name);
  if (!network) return null;
  const { name: ours, family, treatment, source, target, n } = network;
  return [ours, family, treatment, source, target, n];
};

describe('names of the original study', () => {
  it.each([
    ['half0A', ['split0/baseA', 'random-halves', 'base', null, 'A', 0]],
    ['transfer0A0A_1_3', ['split0/A3A', 'random-halves', 'BnB', 'A', 'A', 3]],
    ['transfer2B2A_1_7', ['split2/B7A', 'random-halves', 'AnB', 'B', 'A', 7]],
    ['transfer-ft1A1B_1_2', ['split1/A2B+', 'random-halves', 'AnB+', 'A', 'B', 2]],
    ['transfer-ft1A1A_1_6', ['split1/A6A+', 'random-halves', 'BnB+', 'A', 'A', 6]],
    ['halfnatmanB', ['natural-man-made/baseB', 'natural-man-made', 'base', null, 'B', 0]],
    ['transfernatmanAB_1_5', ['natural-man-made/A5B', 'natural-man-made', 'AnB', 'A', 'B', 5]],
    ['nolearn_1_4', ['whole/R4', 'whole', 'random', null, null, 4]],
    ['netbase', ['whole/base', 'whole', 'base', null, null, 0]],
    ['reduced-0100', ['reduced-0100/base', 'reduced', 'base', null, null, 0]],
  ])('reads %s', (name, expected) => {
    expect(parsed(name)).toEqual(expected);
  });

  it.each([
    '',
    'half',
    'half0C',
    'transfer0A1B_1_3',
    'transfer0A0B_2_3',
    'transfer0A0B_1_0',
    'nolearn_1_0',
    'reduced-x',
    'xhalf0A',
  ])('does not read "%s"', (name) => {
    expect(parsed(name)).toBeNull();
  });
});
