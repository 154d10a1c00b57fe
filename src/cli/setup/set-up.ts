// Sees to it that this machine has something to compute with: the fastest executor that can be had
// without asking anybody, else the next one.
import { availableParallelism } from 'node:os';
import { ExecutorMissingError } from '../../base/errors.js';
import {
  type ExecutorFacts,
  type ExecutorName,
  executorsFor,
  executorTable,
} from '../../executors/names.js';
import { probeExecutor, withoutAnything } from '../../library/executors.js';
import { installOneDnn } from './debian.js';
import { installOnnxRuntime } from './npm.js';
import type { Say } from './say.js';

/** How an executor that is missing is had; without a row there is nothing to install. */
const installers: Readonly<Partial<Record<ExecutorName, (say: Say) => void>>> = {
  onednn: installOneDnn,
  onnx: installOnnxRuntime,
};

/** True if there is an executor that `auto` can take. */
export function hasExecutor(): boolean {
  return executorsFor('work').some((name) => 'info' in probe(name));
}

/** The executor that `auto` will take, installed if need be. Says what it does; nothing if there is
 *  nothing to do.
 *  @throws ExecutorMissingError if this machine gets none, with what to do */
export function setUp(say: Say): ExecutorName {
  const problems: string[] = [];
  for (const name of executorsFor('work')) {
    const problem = problemAfterInstalling(name, say);
    if (problem === undefined) {
      if (problems.length > 0) say(`${problems.join('; ')}; ${insteadText(name)}`);
      return name;
    }
    problems.push(`${name}: ${problem}`);
  }
  throw new ExecutorMissingError(problems.join('\n'), {
    hint: [
      'Name a oneDNN that you have with SELFFER_ONEDNN=/path/to/libdnnl.so.3 (or .2), or mend what is said above and run `selffer setup` again.',
      ...withoutAnything(),
    ].join('\n'),
  });
}

function insteadText(name: ExecutorName): string {
  const { slowness }: ExecutorFacts = executorTable[name];
  return `${name} is used instead${slowness === undefined ? '' : ` (${slowness})`}`;
}

function problemAfterInstalling(name: ExecutorName, say: Say): string | undefined {
  if ('info' in probe(name)) return undefined;
  try {
    installers[name]?.(say);
  } catch (error) {
    if (!(error instanceof ExecutorMissingError)) throw error;
    return error.message;
  }
  const answer = probe(name);
  return 'info' in answer ? undefined : answer.message;
}

const probe = (name: ExecutorName) => probeExecutor(name, availableParallelism());
