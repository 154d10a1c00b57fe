// From a study as written to a complete one: defaults, and the checks that a schema cannot make.
import { GLYPHS } from '../../data/glyphs/glyphs.js';
import { USUAL_BLOCKS } from '../../data/minibatch/block-order.js';
import { type FileIssue, ParseError } from '../../base/errors.js';
import type { Network } from '../../net/network.js';
import { type ClusterSettings, clusterSettings } from '../cluster/settings.js';
import { dataChoices, type Study } from '../study.js';
import { wholeSet } from '../tasks.js';
import { defaultTreatments, fitsTask, treatmentKinds, type TreatmentKind } from '../treatments.js';
import { type Located, originOf, type Report } from './located.js';
import type { NetworkFile } from './network-file.js';
import { resolveBaseCount, resolveBases } from './resolve-bases.js';
import { resolveImagesPerClass } from './resolve-images-per-class.js';
import { resolveLayers } from './resolve-layers.js';
import { isNetworkFile, resolveNetwork } from './resolve-network.js';
import { resolveAugment } from './resolve-augment.js';
import { resolveSelection } from './resolve-selection.js';
import { resolveSolver } from './resolve-solver.js';
import { type SettingSources, settingSources } from './setting-sources.js';
import { readSolverFile, remarksOf, solverOf } from './solver-file.js';
import { resolveTasks } from './resolve-tasks.js';
import { resolveTests } from './resolve-tests.js';
import type { StudyText } from './study-source.js';

/** A study, and who set what in it. */
export interface ResolvedStudy {
  readonly study: Study;
  readonly setBy: SettingSources;
  /** What of its Caffe files is read differently or not at all: to be said before training. */
  readonly remarks: readonly FileIssue[];
  /** What its tasks ask of a cluster. */
  readonly cluster: ClusterSettings;
}

/** Completes a study that has passed the schema.
 *  @param made its network, where a program made it
 *  @throws ParseError with every problem found */
export function resolveStudy(located: Located, made?: Network): ResolvedStudy {
  const text = located.value as object as StudyText;
  const issues: FileIssue[] = [];
  const report: Report = (pointer, message) => {
    issues.push({ ...originOf(located, pointer), message });
  };
  const { network, file } = resolveNetwork(text, report, issues, made);
  const tasks = resolveTasks(text, network, report);
  const isWhole = tasks.length > 0 && tasks.every(({ kind }) => kind === 'whole');
  const kinds = resolveTreatments(text, isWhole, report);
  const layers = resolveLayers(text, network, report);
  const files = { network: file, solver: readSolverFile(text.solver, report, issues) };
  const solver = resolveSolver(solverOf(text.solver, files), report);
  if (isWhole && text.targets !== undefined) {
    report('/targets', 'targets: the whole data set is one task, wanted no targets');
  }
  const images = resolveImagesPerClass(text, tasks, report);
  const bases = resolveBases(text, network, tasks, report, issues);
  const basesPerTarget = resolveBaseCount(text, report);
  const tests = resolveTests(text, network, report);
  const selection = resolveSelection(text, solver, report);
  const statistics = frozenStatistics(text, network, report);
  const cut = resolveImages(text.data ?? {}, tasks, file, report);
  if (issues.length > 0 || network === null) throw new ParseError(issues);
  const study: Study = {
    name: text.name,
    tasks,
    ...(tests === undefined ? {} : { tests }),
    ...selection,
    ...cut,
    network,
    ...(made === undefined && isNetworkFile(text.network) ? { networkFile: text.network } : {}),
    ...(bases === undefined ? {} : { bases }),
    ...(basesPerTarget === undefined ? {} : { basesPerTarget }),
    solver,
    ...statistics,
    treatments: kinds,
    layers,
    targets: targetsOf(text),
    ...images,
    ...withDefaults(text),
  };
  const cluster = clusterSettings(text.cluster);
  return { study, setBy: settingSources(located, files), remarks: remarksOf(files), cluster };
}

// Without a batch norm there is nothing to estimate, and whoever asks for it expects some.
function frozenStatistics(
  { frozenStatistics: asked }: StudyText,
  network: Network | null,
  report: Report,
): Pick<Study, 'frozenStatistics'> {
  if (asked !== 'target') return {};
  if (network !== null && !network.layers.some(({ kind }) => kind === 'batch-norm')) {
    report(
      '/frozenStatistics',
      `frozenStatistics: found target, but ${network.name} has no batch norm, whose means and variances it is about; leave it out`,
    );
  }
  return { frozenStatistics: asked };
}

// A task whose base is read from a file is no target: nothing there could be compared with it.
function targetsOf({ targets, bases }: StudyText): Study['targets'] {
  const read = typeof bases === 'object' ? bases : {};
  const trained = (['A', 'B'] as const).filter((task) => read[task] === undefined);
  return [...(targets ?? trained)].sort();
}

function withDefaults(
  text: StudyText,
): Pick<Study, 'repeats' | 'seed' | 'precision' | 'statistic' | 'keep'> {
  return {
    repeats: text.repeats ?? 1,
    seed: text.seed ?? 0,
    precision: text.precision ?? 'fp32',
    statistic: text.statistic ?? 'final',
    keep: text.keep ?? 'bases',
  };
}

function resolveImages(
  { mirror, mean = 'source', shuffle = 'full', std, augment: cut }: NonNullable<StudyText['data']>,
  tasks: Study['tasks'],
  file: NetworkFile | null,
  report: Report,
): Pick<Study, 'mirror' | 'mean' | 'shuffle' | 'augment' | 'std'> {
  const augment = resolveAugment(cut, report);
  const choices = {
    ...(augment === undefined ? {} : { augment }),
    ...(std === undefined ? {} : { std }),
    mirror: mirror ?? file?.mirror ?? !usesGlyphs(tasks),
    // Of means that are numbers, which are the network's, there is nothing to choose.
    mean: typeof mean === 'string' ? mean : ('source' as const),
  };
  if (shuffle === 'full') return choices;
  const asked = shuffle === 'blocks' ? {} : shuffle;
  return { ...choices, shuffle: { ...USUAL_BLOCKS, ...asked } };
}

// A letter that is mirrored is another letter.
function usesGlyphs(tasks: Study['tasks']): boolean {
  return dataChoices({ tasks }).some(({ source }) => source.includes(GLYPHS));
}

function resolveTreatments(
  text: StudyText,
  isWhole: boolean,
  report: Report,
): readonly TreatmentKind[] {
  const asked = text.treatments as readonly TreatmentKind[] | undefined;
  const fits = (kind: TreatmentKind): boolean => !isWhole || fitsTask(kind, wholeSet);
  asked?.forEach((kind, index) => {
    if (!fits(kind)) {
      report(
        `/treatments/${index}`,
        `treatments: found ${kind}, the whole data set has no second task; wanted ${treatmentKinds.filter(fits).join(' or ')}`,
      );
    }
  });
  const wanted = asked ?? defaultTreatments.filter(fits);
  return treatmentKinds.filter((kind) => wanted.includes(kind));
}
