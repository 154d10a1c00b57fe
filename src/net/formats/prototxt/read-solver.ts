// A Caffe solver file (prototxt) as numbers.
import type { FileIssue } from '../../../base/errors.js';
import { Fields } from './fields.js';
import { Issues } from './issues.js';
import { type CaffeRate, readRate } from './solver-policy.js';
import { parseTextFormat } from './text-format.js';
import type { Place } from './tokens.js';

/** What a solver file says, in iterations. */
export interface CaffeSolver extends CaffeRate {
  readonly learningRate: number;
  readonly iterations: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** Whether the momentum is Nesterov's. */
  readonly nesterov: boolean;
  /** Most that the common norm of all gradients may be; null: it is as it is. */
  readonly clipNorm: number | null;
  /** Iterations between tests; null if it does not test. */
  readonly testEvery: number | null;
  /** Path of the network that is trained, as written; null if not said. */
  readonly trainNet: string | null;
  /** Where its fields stand. */
  readonly places: ReadonlyMap<string, Place>;
  /** What of the file is not taken. */
  readonly remarks: readonly FileIssue[];
}

/** About files, devices and messages, or read by other solvers and policies alone. */
const harmless = [
  'test_net',
  'test_iter',
  'test_initialization',
  'test_compute_loss',
  'display',
  'average_loss',
  'snapshot',
  'snapshot_prefix',
  'snapshot_diff',
  'snapshot_format',
  'snapshot_after_train',
  'solver_mode',
  'device_id',
  'debug_info',
  'layer_wise_reduce',
  'momentum2',
  'rms_decay',
  'delta',
];

/** Said, but not taken: why. */
const notTaken: Readonly<Record<string, string>> = {
  random_seed: 'seeds are those of the study (seed)',
  weights: 'bases start from their fillers',
  net_param: 'the network is that of the study (network)',
  train_net_param: 'the network is that of the study (network)',
  test_net_param: 'the network is that of the study (network)',
  train_state: 'the network is read at level 0 without stages',
  test_state: 'networks are tested as they are trained',
};

const START: Place = { line: 1, column: 1 };

/** Reads a solver file. `file` is named in errors.
 *  @throws ParseError with line and column of all that is wrong or not supported */
export function readCaffeSolver(text: string, file: string): CaffeSolver {
  const issues = new Issues(file);
  const written = parseTextFormat(text, file);
  const fields = new Fields(written, issues);
  const wanted = (name: string): number => {
    if (fields.all(name).length === 0) issues.add(START, `the solver has no ${name}`);
    return fields.number([name], 0);
  };
  const iterations = wanted('max_iter');
  const learningRate = wanted('base_lr');
  const solver: CaffeSolver = {
    learningRate,
    ...readRate(fields, iterations, issues),
    iterations,
    momentum: fields.number(['momentum'], 0),
    weightDecay: fields.number(['weight_decay'], 0),
    nesterov: isNesterov(fields),
    clipNorm: clipNormOf(fields, issues),
    // 0 is Caffe's "never".
    testEvery: fields.number(['test_interval'], 0) || null,
    trainNet: fields.text('train_net', 'net'),
    places: new Map(written.map((field) => [field.name, field])),
    remarks: issues.remarks,
  };
  checkKind(fields, issues);
  fields.all(...harmless);
  for (const [name, why] of Object.entries(notTaken)) {
    for (const field of fields.all(name)) issues.remark(field, `${name} is not taken: ${why}`);
  }
  fields.rejectOthers('the solver');
  issues.throwIfAny();
  return solver;
}

// Caffe's number of NESTEROV among the types of old; 0 is SGD.
const oldNesterov = 1;

function typeOf(fields: Fields, name: string): string | number | null {
  const value = fields.one(name)?.value;
  if (value === undefined || value.kind === 'message') return null;
  return value.kind === 'number' ? value.number : value.text;
}

function isNesterov(fields: Fields): boolean {
  const old = typeOf(fields, 'solver_type');
  return typeOf(fields, 'type') === 'Nesterov' || old === 'NESTEROV' || old === oldNesterov;
}

function clipNormOf(fields: Fields, issues: Issues): number | null {
  // Minus 1 is Caffe's "never".
  const clip = fields.number(['clip_gradients'], -1);
  if (clip === 0) {
    const place = fields.placeOf(START, 'clip_gradients');
    issues.add(place, 'clip_gradients: found 0, wanted more than 0, or -1 for none');
  }
  return clip > 0 ? clip : null;
}

/** Notes what makes another solver of it. */
function checkKind(fields: Fields, issues: Issues): void {
  for (const [name, known] of [
    ['type', ['SGD', 'Nesterov']],
    ['solver_type', ['SGD', 'NESTEROV', 0, oldNesterov]],
    ['regularization_type', ['L2']],
  ] as const) {
    const field = fields.one(name);
    const found = typeOf(fields, name);
    if (field === undefined || found === null) continue;
    if ((known as readonly unknown[]).includes(found)) continue;
    const wanted = known.filter((each) => typeof each === 'string').join(' or ');
    issues.add(field, `${name}: found ${found}, wanted ${wanted}`);
  }
  const size = fields.number(['iter_size'], 1);
  if (size !== 1) {
    issues.add(
      fields.placeOf(START, 'iter_size'),
      `iter_size: found ${size}, wanted 1: write solver.batch of the study ${size} times as large instead`,
    );
  }
}
