// The loops are run for real where the processor has their instructions. Their rate is compared
// with a matrix product's in src/train/profile/peak.test.ts.
import { describe, expect, test } from 'vitest';
import { openMpTeam, type Team } from '../openmp.js';
import { loops } from './loops.js';
import { LoopRun, measureLoops } from './measure.js';
import { flagsIn, processorFlags } from './processor.js';

const THREADS = 2;
const flags = processorFlags();
const team = openMpTeam();
const nobody: Team = () => {};

describe.each(loops)('$name', (loop) => {
  const isMissing = team === null || !loop.needs.every((flag) => flags.has(flag));
  test.skipIf(isMissing)('adds up in every element of every sum, on every thread', () => {
    const run = new LoopRun(loop, THREADS, team as Team);
    try {
      run.verify();
      run.time(5);
      const each = loop.precision === 'bf16' ? 2 : 1;
      expect([...run.sums]).toEqual(Array(loop.sums * (loop.bits / 32)).fill(5 * each));
      run.time(1000);
      expect([...run.sums]).toEqual(Array(loop.sums * (loop.bits / 32)).fill(1000 * each));
      // Every product is 1: the sums count the multiply-adds, and so what the rate is made of.
      const products = run.sums.reduce((sum, value) => sum + value, 0);
      expect(2 * products).toBe(1000 * loop.sums * loop.flopsPerInstruction);
    } finally {
      run.release();
    }
  });

  test('is caught when it does not add up', () => {
    if (process.platform !== 'linux') return;
    const run = new LoopRun(loop, 1, nobody);
    expect(() => run.verify()).toThrow(/gave -1, wanted/);
    run.release();
  });
});

describe('where there is no loop', () => {
  const setting = { threads: 1, team, flags, hasTiles: false };
  const isHere = process.platform === 'linux' && process.arch === 'x64';

  test.skipIf(!isHere)('says which flags are missing', () => {
    expect(measureLoops('fp32', { ...setting, team: nobody, flags: new Set(['sse2']) })).toEqual({
      unavailable: 'the processor has none of the flags avx2 and fma, avx512f',
    });
    expect(measureLoops('bf16', { ...setting, team: nobody, flags: new Set(['avx512f']) })).toEqual(
      {
        unavailable: 'the processor has none of the flags avx512f and avx512_bf16',
      },
    );
  });

  test.skipIf(!isHere)('says that threads or tiles are the reason', () => {
    expect(measureLoops('fp32', { ...setting, team: null })).toMatchObject({
      unavailable: expect.stringMatching(/libgomp/),
    });
    expect(measureLoops('bf16', { ...setting, hasTiles: true, team: nobody })).toMatchObject({
      unavailable: expect.stringMatching(/AMX/),
    });
  });
});

test('flags are those of the first core', () => {
  const text = 'processor\t: 0\nflags\t\t: fpu avx2 fma\nbugs\t\t:\n\nflags\t\t: other\n';
  expect([...flagsIn(text)]).toEqual(['fpu', 'avx2', 'fma']);
  expect([...flagsIn('Features : asimd')]).toEqual([]);
});
