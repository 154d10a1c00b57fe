// How tightly a gang's activations can be packed, known before anything is compiled.
import { firstExecutor } from '../../executors/names.js';
import { buildGangPrograms } from '../../train/gang-program.js';
import { planMemory } from '../../program/memory-plan.js';
import type { TensorType } from '../../tensor/tensor.js';
import { dtypeBytes, elementCount } from '../../tensor/tensor.js';
import { type Gang, gangJob } from '../plan/gangs.js';
import type { Plan } from '../plan/plan.js';

/** Bytes of a gang's activations and gradients in the plain layout; executors pad and fuse, so
 *  theirs differ a little. */
export interface ArenaEstimate {
  /** Size of the planned arena. */
  readonly arenaBytes: number;
  /** Largest sum of the bytes of values alive at once: no arena could be smaller. */
  readonly peakLiveBytes: number;
}

/** Plans the memory of the gang's training program. */
export function arenaOf(plan: Plan, gang: Gang): ArenaEstimate {
  const { network, precision } = plan.study;
  // A job must name an executor; the program is the same for all.
  const engine = {
    executor: firstExecutor,
    precision,
    exact: false,
    threads: 1,
    checkpointEverySeconds: 60,
  } as const;
  const images = network.input;
  const { train } = buildGangPrograms(gangJob(plan, gang, '', engine), images);
  const { arenaBytes, peakLiveBytes } = planMemory(train, {
    bytesOf: (value) => {
      const { dtype, shape } = train.values[value] as TensorType;
      return dtypeBytes(dtype) * elementCount(shape);
    },
  });
  return { arenaBytes, peakLiveBytes };
}
