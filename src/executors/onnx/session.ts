// A lowered program in onnxruntime: made, run, and timed if asked.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { NativeError } from '../../base/errors.js';
import { KIND_END } from './compile/graph.js';
import type { FinishedGraph } from './compile/graph.js';
import type { Provider } from './compile/lowering.js';
import type { Runtime } from './runtime.js';
import type { PlainTensor } from './slot-store.js';

/** How sessions are made. */
export interface SessionSetting {
  readonly runtime: Runtime;
  readonly provider: Provider;
  readonly threads: number;
}

/** Milliseconds by kind of node. */
export type Times = ReadonlyMap<string, number>;

/** One graph, ready to run. */
export class Session {
  readonly #graph: FinishedGraph;
  readonly #setting: SessionSetting;
  #session: InferenceSession;

  private constructor(graph: FinishedGraph, setting: SessionSetting, session: InferenceSession) {
    this.#graph = graph;
    this.#setting = setting;
    this.#session = session;
  }

  /** @throws NativeError if onnxruntime refuses the graph */
  static async open(graph: FinishedGraph, setting: SessionSetting): Promise<Session> {
    return new Session(graph, setting, await create(graph, setting, {}));
  }

  /** Runs the graph once. @param targets where each of its outputs is to be written
   *  @throws NativeError */
  async run(
    inputs: ReadonlyMap<string, PlainTensor>,
    targets: ReadonlyMap<string, PlainTensor>,
  ): Promise<void> {
    await run(this.#session, this.#setting, inputs, targets);
  }

  /** Runs the graph in a session of its own, which writes down how long each node takes: that can
   *  be read only when it ends. Twice, because in the first run most of the time goes into memory
   *  that is touched for the first time. @throws NativeError */
  async time(
    inputs: ReadonlyMap<string, PlainTensor>,
    targets: ReadonlyMap<string, PlainTensor>,
  ): Promise<Times> {
    const folder = mkdtempSync(join(tmpdir(), 'selffer-onnx-'));
    try {
      const session = await create(this.#graph, this.#setting, {
        enableProfiling: true,
        profileFilePrefix: join(folder, 'profile'),
      });
      for (let time = 0; time < 2; time++) await run(session, this.#setting, inputs, targets);
      session.endProfiling();
      await session.release();
      const [file = ''] = readdirSync(folder);
      return timesIn(readFileSync(join(folder, file), 'utf8'));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Frees it. */
  release(): void {
    // It is freed before this returns; the promise settles later.
    void this.#session.release();
  }
}

async function create(
  graph: FinishedGraph,
  { runtime, provider, threads }: SessionSetting,
  more: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(graph.bytes, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 3,
      ...more,
    });
  } catch (cause) {
    throw nativeError('cannot prepare a program', cause);
  }
}

async function run(
  session: InferenceSession,
  { runtime }: SessionSetting,
  inputs: ReadonlyMap<string, PlainTensor>,
  targets: ReadonlyMap<string, PlainTensor>,
): Promise<void> {
  const asTheirs = (tensors: ReadonlyMap<string, PlainTensor>): Record<string, Tensor> =>
    Object.fromEntries([...tensors].map(([name, tensor]) => [name, theirs(runtime, tensor)]));
  try {
    await session.run(asTheirs(inputs), asTheirs(targets));
  } catch (cause) {
    throw nativeError('cannot run a program', cause);
  }
}

const typeNames = { f32: 'float32', i32: 'int32', u8: 'uint8' } as const;

function theirs({ Tensor: Type }: Runtime, { dtype, shape, data }: PlainTensor): Tensor {
  return new Type(typeNames[dtype], data as Float32Array, shape) as Tensor;
}

function nativeError(what: string, cause: unknown): NativeError {
  const said = cause instanceof Error ? cause.message : String(cause);
  return new NativeError(`onnx: onnxruntime ${what}: ${said}`, { cause });
}

interface TraceEvent {
  readonly cat?: string;
  readonly name?: string;
  /** Microseconds: when it began, and how long it took. */
  readonly ts?: number;
  readonly dur?: number;
}

const RUN = 'model_run';
const KERNEL = '_kernel_time';

/** Of the last run in a trace. */
function timesIn(trace: string): Times {
  const events = JSON.parse(trace) as readonly TraceEvent[];
  const start = Math.max(...events.flatMap(({ name, ts = 0 }) => (name === RUN ? ts : [])));
  const times = new Map<string, number>();
  for (const { cat, name = '', ts = 0, dur = 0 } of events) {
    if (cat !== 'Node' || !name.endsWith(KERNEL) || ts < start) continue;
    const kind = name.split(KIND_END)[0] as string;
    times.set(kind, (times.get(kind) ?? 0) + dur / 1000);
  }
  return times;
}
