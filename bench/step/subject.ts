// The child process whose training steps are timed: ours. Speaks the line protocol of
// bench/README.md: for every line "run NET[@BATCH] VARIANT ITERATIONS" on stdin, one JSON line with
// the time of each iteration on stdout.
import { createInterface } from 'node:readline';
import { fillUint32, streamKey } from '../../src/base/random-stream.js';
import type { Executable, Executor } from '../../src/executors/executor.js';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { createOnnxExecutor } from '../../src/executors/onnx/index.js';
import type { Network } from '../../src/net/network.js';
import {
  isPresetName,
  type PresetName,
  presets,
  storedSizes,
} from '../../src/net/presets/table.js';
import { elementCount, f32, type HostTensor, i32, u8 } from '../../src/tensor/tensor.js';
import { buildGangPrograms } from '../../src/train/gang-program.js';
import { initialValue } from '../../src/train/initial-values.js';
import { stateSlot } from '../../src/train/parameter.js';
import type { GangJob } from '../../src/train/job.js';

/** What a network is measured with (the same as the peer's). */
interface Setting {
  readonly batch: number;
  readonly classes: number;
  /** Height = width of the images after cropping, if it is not the preset's own. */
  readonly crop?: number;
}

const SETTINGS: Readonly<Record<PresetName, Setting>> = {
  glyph28: { batch: 64, classes: 26 },
  tiny32: { batch: 128, classes: 40 },
  alex64: { batch: 128, classes: 40 },
  caffenet: { batch: 32, classes: 1000 },
  resnet20: { batch: 128, classes: 40 },
  'vit-tiny32': { batch: 128, classes: 40 },
  resnet18: { batch: 32, classes: 1000 },
  resnet50: { batch: 32, classes: 1000 },
  'vgg11-bn': { batch: 32, classes: 1000 },
  'mobilenet-v2': { batch: 32, classes: 1000, crop: 96 },
  'efficientnet-b0': { batch: 32, classes: 1000 },
};

/** One compiled network with its minibatch. */
interface Subject {
  readonly executable: Executable;
  readonly feeds: Record<string, HostTensor>;
  readonly batch: number;
  iteration: number;
}

async function prepare(executor: Executor, net: string, variant: string): Promise<Subject> {
  const [name = '', otherBatch] = net.split('@');
  if (!isPresetName(name)) throw new Error(`no benchmark network ${name}`);
  const setting = SETTINGS[name];
  const network = cropped(presets[name], setting.crop);
  const size = Math.max(storedSizes[name], network.input.height);
  const { classes } = setting;
  const { channels, height, width } = network.input;
  const batch = Number(otherBatch ?? setting.batch);
  const job = baseJob(network, batch, classes);
  const programs = buildGangPrograms(job, { channels, height: size, width: size });
  const executable = await executor.compile(
    { train: programs.train },
    {
      precision: variant.startsWith('bf16') ? 'bf16' : 'fp32',
      exact: variant.endsWith('exact'),
      profile: process.env.SELFFER_PROFILE === '1',
    },
  );
  await executable.write('mean:B', f32([channels, size, size]));
  const [member] = job.networks;
  for (const parameter of programs.parameters[0] ?? []) {
    if (member) await executable.write(parameter.slot, initialValue(member, parameter, null));
    for (const state of parameter.solverState) {
      await executable.write(stateSlot(parameter, state), f32(parameter.blob.shape));
    }
  }
  const crops = u8([batch, channels, height, width]);
  const words = new Uint32Array(elementCount(crops.shape) / 4 + 1);
  fillUint32(words, streamKey(['bench']), 0);
  crops.data.set(new Uint8Array(words.buffer, 0, crops.data.length));
  const labels = i32(
    [batch],
    Int32Array.from({ length: batch }, (_, i) => i % classes),
  );
  return { executable, feeds: { crops, windows: i32([batch, 3]), labels }, batch, iteration: 0 };
}

function cropped(network: Network, crop: number | undefined): Network {
  if (crop === undefined) return network;
  return { ...network, input: { ...network.input, height: crop, width: crop } };
}

function baseJob(network: Network, batch: number, classes: number): GangJob {
  const task = {
    store: '',
    classes: Array.from({ length: classes }, (_, i) => `c${i}`),
    imagesPerClass: null,
  };
  return {
    name: 'bench',
    studyDirectory: '',
    network,
    input: {
      kind: 'images',
      target: task,
      means: { B: task },
      mirror: false,
      orderStream: [],
      augmentStream: [],
    },
    schedule: {
      batch,
      iterations: 1,
      learningRate: 1e-4,
      gamma: 0.1,
      steps: [],
      solver: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
      testEvery: 1,
    },
    networks: [
      {
        name: 'baseB',
        directory: '',
        identity: '',
        copied: [],
        frozen: [],
        source: null,
        sourceIdentity: null,
        mean: 'B',
        initStream: ['bench'],
        frozenInitStream: ['bench'],
        dropoutStream: ['bench'],
        keepWeights: false,
      },
    ],
    executor: 'onednn',
    precision: 'fp32',
    exact: false,
    threads: 2,
    checkpointEverySeconds: 1e9,
  };
}

async function step(subject: Subject): Promise<number> {
  const started = performance.now();
  const scalars = { learningRate: 1e-4, iteration: subject.iteration++ };
  await subject.executable.run('train', subject.feeds, scalars);
  return performance.now() - started;
}

// Opened when it is asked for: a variant that begins with "onnx" is for the portable executor.
const executors = new Map<string, Executor>();
function executorOf(variant: string): Executor {
  const [make, name] = variant.startsWith('onnx')
    ? ([createOnnxExecutor, 'onnx'] as const)
    : ([createOnednnExecutor, 'onednn'] as const);
  const executor = executors.get(name) ?? make();
  executors.set(name, executor);
  return executor;
}

const subjects = new Map<string, Subject>();
for await (const line of createInterface({ input: process.stdin })) {
  const [command, net = '', variant = 'fp32', iterations = '1'] = line.trim().split(/\s+/);
  if (command !== 'run') break;
  const key = `${net} ${variant}`;
  const executor = executorOf(variant);
  let subject = subjects.get(key);
  if (!subject) {
    subject = await prepare(executor, net, variant);
    subjects.set(key, subject);
    for (let i = 0; i < 3; i++) await step(subject);
    subject.executable.profile();
  }
  const one = subject;
  const timesMs: number[] = [];
  for (let i = 0; i < Number(iterations); i++) timesMs.push(await step(one));
  const { version, instructionSet, threads } = executor.info;
  const { footprint } = one.executable;
  const profile = one.executable.profile();
  const answer = { net, variant, timesMs, batch: one.batch, version, instructionSet, threads };
  process.stdout.write(`${JSON.stringify({ ...answer, footprint, profile })}\n`);
}
