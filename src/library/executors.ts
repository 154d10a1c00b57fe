// Which executor this machine has for a run. A child process is asked: loading a native library may
// crash, and must not take this process along.
import { spawnSync } from 'node:child_process';
import { ExecutorMissingError, UnsupportedOpError } from '../base/errors.js';
import type { ExecutorInfo, Precision } from '../executors/executor.js';
import {
  type ExecutorFacts,
  type ExecutorName,
  executorsFor,
  executorTable,
} from '../executors/names.js';
import type { ProbeAnswer } from './probe-answer.js';
import { workerScript } from './worker-script.js';

const PROBE_TIMEOUT_MS = 60_000;

/** An executor that this machine has. */
export interface ChosenExecutor {
  readonly name: ExecutorName;
  readonly info: ExecutorInfo;
}

/** What an executor is on this machine, or why it is not there. */
export function probeExecutor(name: ExecutorName, threads: number): ProbeAnswer {
  const { stdout, stderr, signal, status } = spawnSync(
    process.execPath,
    [workerScript(), '--probe', name],
    {
      encoding: 'utf8',
      timeout: PROBE_TIMEOUT_MS,
      env: { ...process.env, ...executorTable[name].environment(threads) },
    },
  );
  const line = stdout.split('\n').find((text) => text.startsWith('{'));
  if (line !== undefined) return JSON.parse(line) as ProbeAnswer;
  const how = signal === null ? `status ${status}` : signal;
  return { code: 'native', message: `its probe ended with ${how}: ${stderr.trim()}` };
}

/** @throws UnsupportedOpError before anything is trained if the machine cannot compute so. */
export function requirePrecision({ name, info }: ChosenExecutor, precision: Precision): void {
  if (info.precisions.includes(precision)) return;
  throw new UnsupportedOpError(
    `precision ${precision}: ${name} (${info.version}, ${info.instructionSet}) has ${info.precisions.join(', ')} on this machine` +
      (precision === 'bf16' ? '; bf16 needs a processor with AVX512_BF16 or AMX' : ''),
    {
      hint: `Set precision: ${info.precisions[0]} in the study, or add --set precision=${info.precisions[0]}.`,
    },
  );
}

/** The executor for a run; `auto` is the fastest that this machine has. `warn` hears what was taken
 *  in place of what, and why.
 *  @throws ExecutorMissingError with the command that installs it */
export function chooseExecutor(
  asked: 'auto' | ExecutorName,
  threads: number,
  warn: (message: string) => void,
): ChosenExecutor {
  const messages: string[] = [];
  const hints: string[] = [];
  for (const name of asked === 'auto' ? executorsFor('work') : [asked]) {
    const answer = probeExecutor(name, threads);
    if ('info' in answer) {
      if (messages.length > 0) warn(whatWasTaken(name, messages));
      return { name, info: answer.info };
    }
    messages.push(answer.message);
    if (answer.hint !== undefined) hints.push(answer.hint);
  }
  throw new ExecutorMissingError(messages.join('\n'), {
    hint: [...hints, ...withoutAnything()].join('\n'),
  });
}

function whatWasTaken(name: ExecutorName, missing: readonly string[]): string {
  const { slowness = 'slower' }: ExecutorFacts = executorTable[name];
  const why = missing.map((message) => message.split('\n')[0]).join('; ');
  return `taking --executor ${name}: ${slowness} (${why})`;
}

/** What to do where no executor for work is to be had: hints, a line each. */
export function withoutAnything(): readonly string[] {
  return executorsFor('yardstick').map(
    (name) => `Or take --executor ${name}, which needs nothing and is some hundred times slower.`,
  );
}
