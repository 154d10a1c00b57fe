// A Caffe solver file (prototxt) as numbers.
import type { FileIssue } from '../../../base/errors.js';
import { Fields } from './fields.js';
import { Issues } from './issues.js';
import { parseTextFormat } from './text-format.js';
import type { Place } from './tokens.js';

/** What a solver file says, in iterations. lr(t) = learningRate * gamma^(number of steps <= t). */
export interface CaffeSolver {
  readonly learningRate: number;
  readonly gamma: number;
  /** Iterations at which the rate is multiplied by gamma, ascending, all before the last. */
  readonly steps: readonly number[];
  readonly iterations: number;
  readonly momentum: number;
  readonly weightDecay: number;
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
  'power',
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

/** Falls of the rate that a study can have. */
const MOST_STEPS = 1000;

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
    gamma: fields.number(['gamma'], 1),
    steps: stepsOf(fields, iterations, issues),
    iterations,
    momentum: fields.number(['momentum'], 0),
    weightDecay: fields.number(['weight_decay'], 0),
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

/** Notes what makes another solver of it. */
function checkKind(fields: Fields, issues: Issues): void {
  for (const [name, only] of [
    ['type', 'SGD'],
    ['solver_type', 'SGD'],
    ['regularization_type', 'L2'],
  ] as const) {
    const field = fields.one(name);
    const value = field?.value;
    if (field === undefined || value?.kind === 'message') continue;
    const found = value?.kind === 'number' ? value.number : value?.text;
    // 0 is the number of SGD among the types of old.
    if (found !== only && !(name === 'solver_type' && found === 0)) {
      issues.add(field, `${name}: found ${found}, wanted ${only}`);
    }
  }
  const size = fields.number(['iter_size'], 1);
  if (size !== 1) {
    issues.add(
      fields.placeOf(START, 'iter_size'),
      `iter_size: found ${size}, wanted 1: write solver.batch of the study ${size} times as large instead`,
    );
  }
  // Minus 1 is Caffe's "never".
  const clip = fields.number(['clip_gradients'], -1);
  if (clip >= 0) {
    const place = fields.placeOf(START, 'clip_gradients');
    issues.add(place, `clip_gradients: found ${clip}, which is not supported`);
  }
}

function stepsOf(fields: Fields, iterations: number, issues: Issues): readonly number[] {
  const policy = fields.text('lr_policy') ?? 'fixed';
  const place = fields.placeOf(START, 'lr_policy');
  fields.one('stepsize');
  const listed = listedSteps(fields, issues);
  if (policy === 'fixed') return [];
  if (policy !== 'step' && policy !== 'multistep') {
    issues.add(place, `lr_policy: found ${policy}, wanted fixed, step or multistep`);
    return [];
  }
  if (fields.all('gamma').length === 0) {
    issues.add(place, `lr_policy ${policy} wants a gamma: without one Caffe sets the rate to 0`);
  }
  // Caffe does not come to steps past the end.
  const steps =
    policy === 'multistep'
      ? listed.filter((step) => step < iterations)
      : evenSteps(fields, iterations, issues);
  if (steps.length > MOST_STEPS) {
    issues.add(place, `found ${steps.length} stepvalues, wanted at most ${MOST_STEPS}`);
  }
  return steps;
}

function evenSteps(fields: Fields, iterations: number, issues: Issues): readonly number[] {
  const size = fields.number(['stepsize'], null);
  const place = fields.placeOf(START, 'stepsize', 'lr_policy');
  if (size === null || !Number.isInteger(size) || size < 1) {
    const found = size === null ? '' : `found ${size}, `;
    issues.add(place, `stepsize: ${found}wanted an integer of at least 1 for lr_policy step`);
    return [];
  }
  const count = Math.max(0, Math.ceil(iterations / size) - 1);
  if (count <= MOST_STEPS) return Array.from({ length: count }, (_, index) => (index + 1) * size);
  issues.add(
    place,
    `stepsize: found ${size}, with which the rate falls ${count} times, wanted at most ${MOST_STEPS}`,
  );
  return [];
}

function listedSteps(fields: Fields, issues: Issues): readonly number[] {
  const steps = fields.numbers('stepvalue');
  const isWrong = steps.some(
    (step, index) => !Number.isInteger(step) || step <= (steps[index - 1] ?? 0),
  );
  if (isWrong) {
    issues.add(
      fields.placeOf(START, 'stepvalue'),
      `stepvalue: found ${steps.slice(0, 8).join(', ')}, wanted ascending integers of at least 1`,
    );
  }
  return steps;
}
