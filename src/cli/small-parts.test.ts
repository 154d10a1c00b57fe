import { expect, test } from 'vitest';
import { UsageError } from '../base/errors.js';
import { onlyMatching } from '../library/only.js';
import { parseSize } from './quantities.js';
import { shareCores } from '../library/machine-share.js';
import { calibrationText } from './calibration-text.js';
import { viewText } from './progress.js';

test.each([
  ['8G', 8 * 2 ** 30],
  ['512M', 512 * 2 ** 20],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['100', 100],
])('size %s', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

test.each([
  [2, {}, [1, 2]],
  [12, {}, [1, 12]],
  [32, {}, [4, 8]],
  [8, { workers: 3 }, [3, 2]],
  [2, { workers: 4 }, [4, 1]],
  [16, { threads: 3 }, [2, 3]],
])('%i cores, asked for %j: %j workers and threads', (cores, asked, [workers, threads]) => {
  expect(shareCores(cores, asked)).toEqual({ workers, threads });
});

test.each(['', '0', '-1G', '8X', 'all'])('%j is not a size', (text) => {
  expect(() => parseSize(text)).toThrow(UsageError);
});

const names = ['split0/baseA', 'split0/A3B', 'split0/A3B+', 'split1/A3B+', 'split1-r1/A3B+'];

test.each([
  [[], names],
  [['A3B+'], ['split0/A3B+', 'split1/A3B+', 'split1-r1/A3B+']],
  [['split0/*'], ['split0/baseA', 'split0/A3B', 'split0/A3B+']],
  [['*/A?B'], ['split0/A3B']],
  [
    ['base*', 'split1/*'],
    ['split0/baseA', 'split1/A3B+'],
  ],
])('--only %j', (patterns, expected) => {
  expect(names.filter(onlyMatching(patterns, names))).toEqual(expected);
});

test('a pattern that matches nothing is refused', () => {
  expect(() => onlyMatching(['A3C'], names)).toThrow(/no network is called so/);
});

test('the progress line says networks, gang, accuracy, rate and time left', () => {
  const view = {
    fraction: 0.5,
    networksDone: 12,
    networks: 108,
    gang: 'split0/A/transfer',
    gangNetworks: 26,
    accuracy: 0.712,
    imagesPerSecond: 5120.4,
    secondsLeft: 200,
  };
  expect(viewText(view)).toBe(
    '12/108 networks | split0/A/transfer (26): 71.2 % | 5,120 images/s | 3 min 20 s left',
  );
  expect(
    viewText({ ...view, gang: '', accuracy: null, imagesPerSecond: null, secondsLeft: null }),
  ).toBe('12/108 networks');
});

const tried = (workers: number, seconds: number) => {
  return { workers, threads: 64 / workers, flopsPerSecond: 1e12 / seconds, seconds };
};

test('what was tried is said in one line', () => {
  const found = {
    ...({ schema: 'selffer.calibration/1', host: 'box', cores: 64 } as const),
    ...{ executor: 'onednn', version: 'oneDNN 3.7' },
    ...{ tried: [tried(1, 4000), tried(2, 2050)], chosen: { workers: 2, threads: 32 } },
  };
  expect(calibrationText(found)).toBe(
    'workers x threads, as measured: 1 x 64: 0.250 GFLOP/s, 1 h 7 min; 2 x 32: 0.488 GFLOP/s, 34 min 10 s; chosen: 2 x 32',
  );
});
