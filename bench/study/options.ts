// Options of `npm run bench:study`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Reads the command line. */
export function readOptions() {
  const { values } = parseArgs({
    options: {
      python: { type: 'string', default: 'python3' },
      data: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      iterations: { type: 'string', default: '5' },
      'warm-up': { type: 'string', default: '2' },
      ours: { type: 'string', default: 'fp32,bf16' },
      peers: {
        type: 'string',
        default: 'fp32-nchw,fp32-channels_last,bf16-nchw,bf16-channels_last',
      },
      threads: { type: 'string', default: '2' },
      full: { type: 'boolean', default: false },
      accuracy: { type: 'boolean', default: false },
      epochs: { type: 'string' },
      networks: { type: 'string', default: '*' },
      out: { type: 'string' },
    },
  });
  const list = (text: string): string[] => text.split(',').filter((part) => part !== '');
  const epochs = values.epochs ?? (values.accuracy ? '12' : '2');
  const settings = [`solver.epochs=${epochs}`];
  if (values.data !== undefined) settings.push(`data.source=${values.data}`);
  return {
    python: values.python,
    rounds: count('rounds', values.rounds),
    effort: {
      iterations: count('iterations', values.iterations),
      warmUp: count('warm-up', values['warm-up']),
    },
    ours: list(values.ours),
    peers: list(values.peers),
    threads: count('threads', values.threads),
    mode: values.full ? 'full' : values.accuracy ? 'accuracy' : ('parts' as const),
    networks: list(values.networks),
    settings,
    out: values.out === undefined ? null : resolve(values.out),
  };
}

/** As {@link readOptions} gives them. */
export type Options = ReturnType<typeof readOptions>;

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`--${name} ${text}: wanted an integer from 1`);
  }
  return value;
}
