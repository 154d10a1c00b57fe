// How fast this machine trains a network: a few steps on made images.
import { fillUint32, streamKey } from '../base/random-stream.js';
import type { Executable, Executor } from '../executors/executor.js';
import { elementCount, f32, type HostTensor, i32, u8 } from '../tensor/tensor.js';
import { buildGangPrograms, meanSlot } from './gang-program.js';
import { initialValue } from './initial-values.js';
import type { GangJob } from './job.js';
import { stateSlot } from './parameter.js';

/** Steps that were timed, and how long they took together. */
export interface StepRate {
  readonly steps: number;
  readonly seconds: number;
}

const LEAST_SECONDS = 0.5;

/** Times training steps of a job whose networks copy nothing, on images of the network's own input
 *  size: one to warm up, then as many as `seconds` take. Nothing is read or written but the job.
 *  @throws what the executor's `compile` and `run` throw */
export async function stepRate(
  job: GangJob,
  executor: Executor,
  seconds = LEAST_SECONDS,
): Promise<StepRate> {
  const { channels, height, width } = job.network.input;
  const programs = buildGangPrograms(job, { channels, height, width });
  const { precision, exact } = job;
  const executable = await executor.compile({ train: programs.train }, { precision, exact });
  try {
    const [mean = ''] = job.networks.map((network) => network.mean);
    await executable.write(meanSlot(mean), f32([channels, height, width]));
    for (const [at, member] of job.networks.entries()) {
      for (const parameter of programs.parameters[at] ?? []) {
        await executable.write(parameter.slot, initialValue(member, parameter, null));
        for (const state of parameter.solverState) {
          await executable.write(stateSlot(parameter, state), f32(parameter.blob.shape));
        }
      }
    }
    return await timed(executable, madeMinibatch(job), seconds);
  } finally {
    executable.dispose();
  }
}

async function timed(
  executable: Executable,
  feeds: Readonly<Record<string, HostTensor>>,
  leastSeconds: number,
): Promise<StepRate> {
  const step = (iteration: number) =>
    executable.run('train', feeds, { learningRate: 1e-6, iteration });
  await step(0);
  const started = performance.now();
  for (let steps = 1; ; steps++) {
    await step(steps);
    const seconds = (performance.now() - started) / 1000;
    if (seconds >= leastSeconds) return { steps, seconds };
  }
}

function madeMinibatch({ network, schedule, input }: GangJob): Record<string, HostTensor> {
  const { channels, height, width } = network.input;
  const { batch } = schedule;
  const crops = u8([batch, channels, height, width]);
  const words = new Uint32Array(elementCount(crops.shape) / 4 + 1);
  fillUint32(words, streamKey(['step rate']), 0);
  crops.data.set(new Uint8Array(words.buffer, 0, crops.data.length));
  const classes = input.target.classes.length;
  const labels = Int32Array.from({ length: batch }, (_, at) => at % classes);
  return { crops, windows: i32([batch, 3]), labels: i32([batch], labels) };
}
