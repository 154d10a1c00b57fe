import { describe, expect, it } from 'vitest';
import { parseLogLine, stampOf, yearsFrom } from './log-line.js';

const head = 'I0403 07:15:12.972617 23304 solver.cpp:217] ';
const eventOf = (text: string) => parseLogLine(head + text, () => 2014)?.event ?? null;

describe('lines of Caffe logs', () => {
  it.each([
    ['Iteration 1000, lr = 1e-06', { kind: 'rate', iteration: 1000, learningRate: 1e-6 }],
    ['Iteration 1000, loss = 5.49366', { kind: 'train-loss', iteration: 1000, loss: 5.49366 }],
    [
      'Iteration 20 (2.5 iter/s, 8s/20 iters), loss = 5.4\r',
      { kind: 'train-loss', iteration: 20, loss: 5.4 },
    ],
    ['Iteration 40, loss = nan', { kind: 'train-loss', iteration: 40, loss: null }],
    ['Iteration 1000, Testing net', { kind: 'testing', iteration: 1000, net: 0 }],
    ['Iteration 1000, Testing net (#1)', { kind: 'testing', iteration: 1000, net: 1 }],
    ['Test score #0: 0.0389203', { kind: 'output', name: 'accuracy', value: 0.0389203 }],
    ['Test score #1: 5.3778', { kind: 'output', name: 'loss', value: 5.3778 }],
    ['    Test net output #0: accuracy = 0.57', { kind: 'output', name: 'accuracy', value: 0.57 }],
    [
      '    Test net output #2: loss = 1.8 (* 1 = 1.8 loss)',
      { kind: 'output', name: 'loss', value: 1.8 },
    ],
    [
      '    Test net output #1: loss3/top-5 = 0.8',
      { kind: 'output', name: 'loss3/top-5', value: 0.8 },
    ],
    ['Resuming from a.solverstate', { kind: 'resumed' }],
    ['Optimization Done.', { kind: 'end' }],
    ['Snapshotting to caffe_imagenet_train_iter_10000', null],
    ['Test score #2: 5.3778', null],
  ])('reads %j', (text, expected) => {
    expect(eventOf(text)).toEqual(expected);
  });

  // Patterns with two ways to read a gap took seconds for one line: beyond a test's limit.
  it('reads long gaps at once, and no line longer than any of Caffe', () => {
    const spaces = ' '.repeat(3000);
    expect(eventOf(`${spaces}Iteration 20, lr = 1${spaces.slice(0, 900)}`)).toMatchObject({
      iteration: 20,
    });
    for (let i = 0; i < 2000; i++) {
      expect(eventOf(`Iteration 20, lr = ${' '.repeat(3900)}x`)).toBeNull();
      expect(eventOf(`Iteration 20, lr = ${' '.repeat(35_000)}1`)).toBeNull();
    }
  });

  it('reads process and time, of the last header where a torn line runs into the next', () => {
    const torn = 'I0402 01:00:00.000000 7 solver.cpp:74] Iteration 10';
    const line = parseLogLine(`${torn}${head}Iteration 20, Testing net`, () => 2014);
    expect(line).toMatchObject({ process: '23304', event: { iteration: 20 } });
    expect(new Date(line?.time ?? 0).toISOString()).toBe('2014-04-03T07:15:12.972Z');
    expect(parseLogLine('Iteration 20, Testing net', () => 2014)).toBeNull();
  });

  it('takes a year from the job’s stamp, and the next one for dates before it', () => {
    const yearOf = yearsFrom(stampOf('141215_063910_half0A.o227963.gz'));
    expect([yearOf(12, 15), yearOf(12, 31), yearOf(1, 2), yearOf(12, 14)]).toEqual([
      2014, 2014, 2015, 2015,
    ]);
    expect(stampOf('catlog.oMANUAL')).toBeNull();
    expect(stampOf('caffe.bin.host.user.log.INFO.20150610-100000.4242')).toEqual([2015, 6, 10]);
    const turning = yearsFrom(null);
    expect([turning(9, 1), turning(3, 1), turning(12, 31), turning(1, 1)]).toEqual([
      2000, 2000, 2000, 2001,
    ]);
  });
});
