// A Caffe solver file (prototxt) as numbers.
import { Fields } from './fields.js';
import { Issues } from './issues.js';
import { parseTextFormat } from './text-format.js';

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
}

// About files, devices and messages, not about numbers.
const ignored = [
  'test_net',
  'test_iter',
  'test_initialization',
  'test_compute_loss',
  'display',
  'average_loss',
  'snapshot',
  'snapshot_prefix',
  'snapshot_after_train',
  'solver_mode',
  'device_id',
  'debug_info',
];

/** Reads a solver file. `file` is named in errors.
 *  @throws ParseError with line and column of all that is wrong or not supported */
export function readCaffeSolver(text: string, file: string): CaffeSolver {
  const issues = new Issues(file);
  const fields = new Fields(parseTextFormat(text, file), issues);
  const place = { line: 1, column: 1 };
  const wanted = (name: string): number => {
    const value = fields.number([name], null);
    if (value === null) issues.add(place, `the solver has no ${name}`);
    return value ?? 0;
  };
  const iterations = wanted('max_iter');
  const solver: CaffeSolver = {
    learningRate: wanted('base_lr'),
    gamma: fields.number(['gamma'], 1),
    steps: stepsOf(fields, iterations, issues),
    iterations,
    momentum: fields.number(['momentum'], 0),
    weightDecay: fields.number(['weight_decay'], 0),
    testEvery: fields.number(['test_interval'], null),
    trainNet: fields.text('train_net', 'net'),
  };
  for (const [name, only] of [
    ['type', 'SGD'],
    ['solver_type', 'SGD'],
    ['regularization_type', 'L2'],
  ] as const) {
    const found = fields.text(name) ?? only;
    if (found !== only) {
      const [field = place] = fields.all(name);
      issues.add(field, `${name}: found ${found}, wanted ${only}`);
    }
  }
  if (fields.number(['iter_size'], 1) !== 1) {
    issues.add(fields.all('iter_size')[0] ?? place, 'iter_size other than 1 is not supported');
  }
  fields.all(...ignored);
  fields.rejectOthers('the solver');
  issues.throwIfAny();
  return solver;
}

function stepsOf(fields: Fields, iterations: number, issues: Issues): readonly number[] {
  const policy = fields.text('lr_policy') ?? 'fixed';
  const size = fields.number(['stepsize'], 0);
  const listed = fields.numbers('stepvalue');
  const place = fields.all('lr_policy')[0] ?? { line: 1, column: 1 };
  if (policy === 'fixed') return [];
  if (policy === 'multistep') return listed;
  if (policy !== 'step') {
    issues.add(place, `lr_policy: found ${policy}, wanted fixed, step or multistep`);
  } else if (!(Number.isInteger(size) && size > 0)) {
    issues.add(place, 'lr_policy step wants a stepsize of at least 1');
  } else {
    const count = Math.max(0, Math.ceil(iterations / size) - 1);
    return Array.from({ length: count }, (_, index) => (index + 1) * size);
  }
  return [];
}
