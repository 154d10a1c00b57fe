// Who set each value of a study that a Caffe file can also say: what a dry run prints beside it.
import type { Located } from './located.js';
import type { NetworkFile } from './network-file.js';
import type { CaffeFiles } from './solver-file.js';
import type { SolverText } from './study-source.js';

// Values that the study file, a network file, a solver file or nobody can have set.
const settings = [
  'crop',
  'batch',
  'mirror',
  'mean',
  'scale',
  'lr',
  'momentum',
  'weightDecay',
  'length',
  'steps',
  'gamma',
  'testEvery',
  'type',
  'policy',
  'warmup',
  'labelSmoothing',
  'clipNorm',
  'noDecay',
  'copiedRate',
  'frozenStatistics',
  'augment',
  'selection',
] as const;

/** Name of such a value. */
export type Setting = (typeof settings)[number];

/** Who set a value. Of several that say it, the first of this order counts: --set, the study file
 *  (or what it extends), the solver file, the network file, the preset, the default. */
export type SettingSource =
  'command line' | 'study file' | 'solver file' | 'network file' | 'preset' | 'default';

/** Who set each value of a study. */
export type SettingSources = { readonly [K in Setting]: SettingSource };

/** Keys of a study that set a value. */
const keysOf: { readonly [K in Setting]: readonly string[] } = {
  crop: ['/data/crop'],
  batch: ['/solver/batch'],
  mirror: ['/data/mirror'],
  mean: ['/data/mean'],
  scale: ['/data/scale', '/data/std'],
  lr: ['/solver/lr'],
  momentum: ['/solver/momentum'],
  weightDecay: ['/solver/weightDecay'],
  length: ['/solver/epochs', '/solver/iterations'],
  steps: ['/solver/lrSteps', '/solver/stepSize'],
  gamma: ['/solver/gamma'],
  testEvery: ['/solver/testEvery'],
  type: ['/solver/type', '/solver/nesterov'],
  policy: ['/solver/lrPolicy'],
  warmup: ['/solver/warmup'],
  labelSmoothing: ['/solver/labelSmoothing'],
  clipNorm: ['/solver/clipNorm'],
  noDecay: ['/solver/noDecay'],
  copiedRate: ['/solver/copiedRate'],
  frozenStatistics: ['/frozenStatistics'],
  augment: ['/data/augment'],
  selection: ['/selection'],
};

/** Whether a Caffe file says a value; the values of a preset are those that any network has. */
const saidBy: {
  readonly [K in Setting]: (files: CaffeFiles) => 'solver file' | 'network file' | null;
} = {
  crop: inNetwork((network) => network.crop !== null),
  batch: inNetwork((network) => network.batch !== null),
  mirror: inNetwork((network) => network.mirror !== null),
  mean: inNetwork((network) => network.mean !== null),
  scale: inNetwork((network) => network.scale !== null),
  lr: inSolver(({ lr }) => lr),
  momentum: inSolver(({ momentum }) => momentum),
  weightDecay: inSolver(({ weightDecay }) => weightDecay),
  length: inSolver(({ iterations }) => iterations),
  steps: inSolver(({ lrSteps }) => lrSteps),
  gamma: inSolver(({ gamma }) => gamma),
  testEvery: inSolver(({ testEvery }) => testEvery),
  type: inSolver(({ nesterov }) => nesterov),
  policy: inSolver(({ lrPolicy }) => lrPolicy),
  warmup: () => null,
  labelSmoothing: () => null,
  clipNorm: inSolver(({ clipNorm }) => clipNorm),
  noDecay: () => null,
  copiedRate: () => null,
  frozenStatistics: () => null,
  augment: () => null,
  selection: () => null,
};

function inNetwork(says: (network: NetworkFile) => boolean) {
  return ({ network }: CaffeFiles) =>
    network !== null && says(network) ? ('network file' as const) : null;
}

function inSolver(value: (solver: SolverText) => unknown) {
  return ({ solver }: CaffeFiles) =>
    solver !== null && value(solver.text) !== undefined ? ('solver file' as const) : null;
}

/** Who set each value of a study as written, with the Caffe files that it names. */
export function settingSources(study: Located, files: CaffeFiles): SettingSources {
  const sourceOf = (setting: Setting): SettingSource => {
    const keys =
      // A network that does not say its crop takes the images whole.
      setting === 'crop' && files.network?.crop === null
        ? [...keysOf.crop, '/data/size', '/tasks']
        : keysOf[setting];
    const pointer = keys.find((key) => study.origins.has(key));
    if (pointer !== undefined) {
      const isSet = study.origins.get(pointer)?.file.startsWith('--set ') ?? false;
      return isSet ? 'command line' : 'study file';
    }
    const isOfPreset = files.network === null && (setting === 'crop' || setting === 'scale');
    return saidBy[setting](files) ?? (isOfPreset ? 'preset' : 'default');
  };
  return Object.fromEntries(
    settings.map((setting) => [setting, sourceOf(setting)]),
  ) as SettingSources;
}
