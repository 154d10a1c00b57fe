// study.yaml as run: every default written out, paths absolute, so that the folder alone can be
// continued.
import { stringify } from 'yaml';
import type { ClassChoice } from '../../data/classes/select-classes.js';
import { classifierOutputs } from '../../net/classifier.js';
import { isPresetName } from '../../net/presets/table.js';
import type {
  DataChoice,
  Length,
  PretrainedBases,
  SolverChoice,
  Study,
  TaskChoice,
} from '../study.js';
import { NETWORK_JSON } from './network-json.js';
import { augmentText } from './resolve-augment.js';
import { policyText } from './resolve-policy.js';
import type { SolverText } from './study-source.js';

/** The YAML text that {@link readStudy} reads back as the same study. */
export function printStudy(study: Study): string {
  const { tasks } = study;
  const outputs = classifierOutputs(study.network) ?? 'classes';
  const document = {
    name: study.name,
    data: {
      ...sharedData(study),
      crop: study.network.input.height,
      mirror: study.mirror,
      mean: study.network.input.mean === 'image' ? study.mean : study.network.input.mean,
      ...writtenScale(study),
      ...(study.augment === undefined ? {} : { augment: augmentText(study.augment) }),
      shuffle: study.shuffle ?? 'full',
    },
    tasks: tasks.length === 1 ? tasksText(tasks[0] as TaskChoice) : tasks.map(tasksText),
    ...(study.tests === undefined ? {} : { tests: testsText(study.tests) }),
    ...(study.selection === undefined ? {} : { selection: study.selection.share }),
    network: networkText(study),
    ...(study.bases === undefined ? {} : { bases: basesText(study.bases) }),
    ...(study.basesPerTarget === undefined ? {} : { bases: study.basesPerTarget }),
    outputs,
    solver: solverText(study.solver),
    ...(study.frozenStatistics === undefined ? {} : { frozenStatistics: study.frozenStatistics }),
    treatments: study.treatments,
    layers: study.layers,
    ...(tasks.every(({ kind }) => kind === 'whole') ? {} : { targets: study.targets }),
    imagesPerClass: imagesText(study),
    repeats: study.repeats,
    seed: study.seed,
    precision: study.precision,
    statistic: study.statistic,
    keep: study.keep,
  };
  return `# The study as run: every choice written out.\n${stringify(document, { flowCollectionPadding: false, lineWidth: 0, collectionStyle: 'any' })}`;
}

// A network that a program made lies beside study.yaml: see `writeOwnNetwork`.
function networkText({ networkFile, network }: Study): string {
  if (networkFile !== undefined) return networkFile;
  return isPresetName(network.name) ? network.name : NETWORK_JSON;
}

function imagesText({ imagesPerClass, targetImagesPerClass }: Study): unknown {
  const words = (list: Study['imagesPerClass']) => list.map((each) => each ?? 'all');
  const kept = words(imagesPerClass);
  if (targetImagesPerClass === undefined) return kept.length === 1 ? kept[0] : kept;
  return { source: kept[0], target: words(targetImagesPerClass) };
}

// As it was said. An .onnx file says none.
function writtenScale({ std, network, networkFile }: Study): {
  readonly std?: readonly number[];
  readonly scale?: readonly number[];
} {
  if (std !== undefined) return { std };
  return networkFile?.endsWith('.onnx') === true ? { scale: network.input.scale } : {};
}

function solverText(solver: SolverChoice): SolverText {
  const { adamw, nesterov, warmup, labelSmoothing, clipNorm, noDecay, copiedRate } = solver;
  return {
    lr: solver.rates ?? solver.lr,
    ...(adamw === undefined
      ? { momentum: solver.momentum, ...(nesterov ? { nesterov } : {}) }
      : { type: 'adamw', ...adamw }),
    weightDecay: solver.weightDecay,
    batch: solver.batch,
    ...solver.length,
    ...policyText(solver),
    ...(warmup === undefined ? {} : { warmup: lengthText(warmup) }),
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
    ...(clipNorm === undefined ? {} : { clipNorm }),
    ...(noDecay === undefined ? {} : { noDecay }),
    ...(copiedRate === undefined ? {} : { copiedRate }),
    testEvery: lengthText(solver.testEvery),
  };
}

function lengthText(length: Length): string | number {
  return 'epochs' in length ? `${length.epochs}epoch` : length.iterations;
}

function basesText(bases: PretrainedBases): object {
  const entries = Object.entries(bases).map(([task, { file, prototxt, hasSeen }]) => [
    task,
    prototxt === undefined
      ? { network: file, hasSeen }
      : { network: prototxt, weights: file, hasSeen },
  ]);
  return Object.fromEntries(entries) as object;
}

function testsText(tests: NonNullable<Study['tests']>): object {
  const entries = Object.entries(tests).map(([name, data]) => [name, { data: dataText(data) }]);
  return Object.fromEntries(entries) as object;
}

// All tasks but two sets of their own read the one set of `data:`.
function sharedData({ tasks }: Study): object {
  const shared = tasks.find((each) => each.kind !== 'two-sets');
  return shared === undefined ? {} : dataText(shared.data);
}

function dataText({ source, size, ...others }: DataChoice): object {
  return { source: source.length === 1 ? source[0] : source, size, ...others };
}

function tasksText(tasks: TaskChoice): object {
  switch (tasks.kind) {
    case 'random-halves':
      return { split: 'random-halves', seeds: tasks.seeds };
    case 'classes':
      return { classes: { A: classesText(tasks.classes.A), B: classesText(tasks.classes.B) } };
    case 'two-sets':
      return Object.fromEntries(
        (['A', 'B'] as const).map((name) => {
          const { data, classes } = tasks.sets[name];
          return [
            name,
            {
              data: dataText(data),
              ...(classes === null ? {} : { classes: classesText(classes) }),
            },
          ];
        }),
      );
    default:
      return { split: tasks.kind };
  }
}

function classesText(choice: ClassChoice): unknown {
  if (choice === 'rest') return choice;
  return choice.map((item) =>
    typeof item === 'string' || item.not.length > 0 ? item : { under: item.under },
  );
}
