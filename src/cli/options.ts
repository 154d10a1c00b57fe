// Options that several commands share.
import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../base/errors.js';
import { executorNames } from './probe.js';
import { parseSize } from './quantities.js';

/** `--executor`. */
export function executorOption(): Option {
  return new Option('--executor <name>', 'what computes: auto takes the fastest there is')
    .choices(['auto', ...executorNames])
    .default('auto');
}

/** `--memory`. */
export function sizeOption(): Option {
  return new Option(
    '--memory <size>',
    'memory that a gang of networks may take, e.g. 8G (default: 60 % of what is free)',
  ).argParser((text: string) => {
    try {
      return parseSize(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof UsageError ? error.message : String(error));
    }
  });
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
