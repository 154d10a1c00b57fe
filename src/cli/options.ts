// Options that several commands share.
import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../base/errors.js';
import type { Channels } from '../data/image-form.js';
import { executorNames } from '../executors/names.js';
import { parseSize } from './quantities.js';

/** `--executor`. */
export function executorOption(): Option {
  return new Option('--executor <name>', 'what computes: auto takes the fastest there is')
    .choices(['auto', ...executorNames])
    .default('auto');
}

/** `--threads`. */
export function threadsOption(): Option {
  return new Option(
    '--threads <n>',
    'threads of each worker (default: all cores, shared out)',
  ).argParser(parseCount);
}

/** `--workers`; undefined for auto. */
export function workersOption(): Option {
  return workers('n|auto').argParser((text: string) =>
    text === 'auto' ? undefined : parseCount(text),
  );
}

/** `--workers` of a command that can measure how cores are shared out best. */
export function measuredWorkersOption(): Option {
  return workers('n|auto|measure').argParser((text: string) =>
    text === 'measure' ? text : text === 'auto' ? undefined : parseCount(text),
  );
}

function workers(values: string): Option {
  const measured = values.includes('measure') ? ', or measured where that pays' : '';
  return new Option(
    `--workers <${values}>`,
    `gangs of networks trained at once, each in a process of its own (default: auto, one for every 8 cores${measured})`,
  );
}

/** `--loaders`. */
export function loadersOption(): Option {
  return new Option(
    '--loaders <n>',
    'threads that cut minibatches ahead; 0: the engine cuts each when it needs it (default: 0)',
  ).argParser((text: string) => (text === '0' ? 0 : parseCount(text)));
}

/** `--memory`. */
export function sizeOption(): Option {
  return new Option(
    '--memory <size>',
    'memory that gangs of networks may take together, e.g. 8G (default: 60 % of what is free)',
  ).argParser((text: string) => {
    try {
      return parseSize(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof UsageError ? error.message : String(error));
    }
  });
}

const LARGEST_PORT = 65535;

/** `--port`. */
export function portOption(): Option {
  return new Option(
    '--port <n>',
    'port to listen at, 0 for any that is free (default: 7733, or the next one that is free)',
  ).argParser(parsePort);
}

/** `--serve` of a run; true without a port. */
export function serveOption(): Option {
  return new Option(
    '--serve [port]',
    'show the run on a live page in the browser until it ends; not with --on: selffer serve',
  )
    .argParser(parsePort)
    .conflicts('on');
}

/** @throws InvalidArgumentError unless it is a whole number from 0 to 65535 */
function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= LARGEST_PORT) return value;
  throw new InvalidArgumentError(`wanted a whole number from 0 to ${LARGEST_PORT}`);
}

/** Gathers the values of a repeatable option. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A whole number of at least 1. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('wanted a whole number of at least 1');
  }
  return value;
}

/** @throws InvalidArgumentError unless it is a number between 0 and 1 */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('wanted a number between 0 and 1, such as 0.2');
}

/** @throws InvalidArgumentError unless it is 1 or 3 */
export function parseChannels(text: string): Channels {
  if (text === '1') return 1;
  if (text === '3') return 3;
  throw new InvalidArgumentError('wanted 1 (grey) or 3 (colour)');
}

/** @throws InvalidArgumentError unless it is a whole number from 0 to 4294967295 */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new InvalidArgumentError('wanted a whole number of at least 0');
}
