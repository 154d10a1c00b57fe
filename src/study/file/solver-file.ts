// `solver.prototxt:` of a study: what a Caffe solver file says, as solver keys.
import type { FileIssue } from '../../base/errors.js';
import { type CaffeSolver, readCaffeSolver } from '../../net/formats/prototxt/read-solver.js';
import type { Report } from './located.js';
import type { NetworkFile } from './network-file.js';
import { gammaProblem } from './resolve-policy.js';
import { readPrototxt } from './read-prototxt.js';
import type { SolverText } from './study-source.js';
import { schemaIssues } from './validate.js';

/** A solver file that was read. */
export interface SolverFile {
  /** The keys that it says. */
  readonly text: SolverText;
  readonly remarks: readonly FileIssue[];
}

/** What a solver file says; null if there is none or it cannot be read. Its numbers must be such as
 *  the study itself could have. */
export function readSolverFile(
  written: SolverText | undefined,
  report: Report,
  issues: FileIssue[],
): SolverFile | null {
  const path = written?.prototxt;
  if (path === undefined) return null;
  const solver = readPrototxt(path, readCaffeSolver, '/solver/prototxt', report, issues);
  if (solver === null) return null;
  const { iterations, steps, learningRate, momentum, weightDecay, testEvery } = solver;
  const { policy, nesterov, clipNorm } = solver;
  const { kind, ...settings } = policy ?? { kind: 'step', gamma: solver.gamma };
  const numbers = {
    lr: learningRate,
    ...settings,
    momentum,
    weightDecay,
    ...(clipNorm === null ? {} : { clipNorm }),
    ...(testEvery === null ? {} : { testEvery }),
    iterations,
  };
  const wrong = [
    ...numberIssues(numbers, path, solver.places),
    ...gammaIssues(kind, 'gamma' in settings ? settings.gamma : undefined, path, solver.places),
  ];
  if (wrong.length > 0) {
    issues.push(...wrong);
    return null;
  }
  // As fractions, so that a shortened study keeps the schedule's shape.
  const lrSteps = steps.map((step) => step / iterations);
  const text: SolverText = {
    ...numbers,
    ...(policy === null ? { lrSteps } : { lrPolicy: policy.kind }),
    ...(nesterov ? { nesterov } : {}),
  };
  return { text, remarks: solver.remarks };
}

/** Names that a solver file has for keys of a study. */
const fieldNames = {
  lr: 'base_lr',
  gamma: 'gamma',
  power: 'power',
  stepSize: 'stepsize',
  clipNorm: 'clip_gradients',
  momentum: 'momentum',
  weightDecay: 'weight_decay',
  testEvery: 'test_interval',
  iterations: 'max_iter',
} as const satisfies Partial<Record<keyof SolverText, string>>;

type NumberKey = keyof typeof fieldNames;

/** What the schema of studies finds wrong with the numbers, in the file's own words and places. */
function numberIssues(
  numbers: Readonly<Partial<Record<NumberKey, number>>>,
  file: string,
  places: CaffeSolver['places'],
): readonly FileIssue[] {
  const keys = Object.keys(numbers) as NumberKey[];
  const origins = new Map(
    keys.map((key) => {
      const { line = 1, column = 1 } = places.get(fieldNames[key]) ?? {};
      return [`/solver/${key}`, { file, line, column }];
    }),
  );
  const value = { name: 'file', network: 'file', solver: { ...numbers } };
  return schemaIssues({ value, origins }).map((issue) => ({
    ...issue,
    message: keys.reduce(
      (text, key) => text.replace(`solver.${key}:`, `${fieldNames[key]}:`),
      issue.message,
    ),
  }));
}

function gammaIssues(
  lrPolicy: NonNullable<SolverText['lrPolicy']>,
  gamma: number | undefined,
  file: string,
  places: CaffeSolver['places'],
): readonly FileIssue[] {
  const problem = gammaProblem(lrPolicy, gamma);
  if (problem === null) return [];
  const { line = 1, column = 1 } = places.get('gamma') ?? {};
  return [{ file, line, column, message: `gamma: ${problem}` }];
}

/** The Caffe files of a study; null where it names none. */
export interface CaffeFiles {
  readonly network: NetworkFile | null;
  readonly solver: SolverFile | null;
}

/** The solver as written, with what the solver file and then the network file say where it says
 *  nothing. */
export function solverOf(
  written: SolverText | undefined,
  { solver, network }: CaffeFiles,
): SolverText {
  const own = withoutFile(written ?? {});
  const batch = network?.batch ?? null;
  return { ...(batch === null ? {} : { batch }), ...notSaid(solver?.text ?? {}, own), ...own };
}

/** What a file says that the study does not say in another way. */
function notSaid(file: SolverText, own: SolverText): SolverText {
  const left = { ...file };
  const leave = (...keys: readonly (keyof SolverText)[]): void => {
    for (const key of keys) Reflect.deleteProperty(left, key);
  };
  if (own.epochs !== undefined) leave('iterations');
  const hasSteps = own.lrSteps !== undefined || own.stepSize !== undefined;
  if (hasSteps) leave('lrSteps', 'stepSize');
  if (own.lrPolicy !== undefined) leave('lrSteps', 'stepSize', 'gamma', 'power', 'lrPolicy');
  // A gamma of another policy is none of steps.
  else if (hasSteps && file.lrPolicy !== undefined) leave('gamma', 'power', 'lrPolicy');
  if (own.type === 'adamw') leave('momentum', 'nesterov');
  return left;
}

function withoutFile(written: SolverText): SolverText {
  const keys = { ...written };
  Reflect.deleteProperty(keys, 'prototxt');
  return keys;
}

/** What of the files is read differently or not at all. */
export function remarksOf({ network, solver }: CaffeFiles): readonly FileIssue[] {
  return [...(network?.remarks ?? []), ...(solver?.remarks ?? [])];
}
