// How a study's networks are trained, for a dry run: each setting with who set it. Settings that
// are left out and change nothing are not named.
import type { SettingSources } from '../study/file/setting-sources.js';
import type { Plan } from '../study/plan/plan.js';
import type { Length, Study } from '../study/study.js';

type SettingLine = readonly [keyof SettingSources, string, string];

/** The settings of a plan as lines, each with who set it. */
export function settingLines({ study, networks }: Plan, setBy: SettingSources): string[] {
  const { solver, mirror, mean, network } = study;
  const schedule = networks[0]?.schedule;
  const length =
    'epochs' in solver.length
      ? `${solver.length.epochs} epochs (${schedule?.iterations ?? 0} iterations)`
      : `${solver.length.iterations} iterations`;
  const steps =
    'every' in solver.steps
      ? `every ${solver.steps.every} iterations`
      : `at ${solver.steps.fractions.join(', ')} of the length`;
  const { mean: own, scale } = network.input;
  const whole = study.augment === undefined ? 'mean image' : 'mean of each channel';
  const means = own === 'image' ? `the ${whole} of the ${mean}` : own.join(', ');
  const tests = `every ${lengthWords(solver.testEvery)}`;
  const { adamw, policy } = solver;
  const lines: readonly SettingLine[] = [
    ['crop', 'crop', `${network.input.height} x ${network.input.width}`],
    ['mirror', 'mirror', mirror ? 'yes' : 'no'],
    ['mean', 'mean subtracted', means],
    ['scale', 'scale', [...new Set(scale)].join(', ')],
    ['batch', 'batch', String(solver.batch)],
    ['lr', 'learning rate', ratesWords(solver)],
    ...(policy === undefined
      ? ([
          ['gamma', 'multiplied by', String(solver.gamma)],
          ['steps', 'at', steps.replace(/^at /, '')],
        ] as const)
      : [['policy', 'rate policy', policyWords(policy)] as const]),
    ...(adamw === undefined ? [['momentum', 'momentum', String(solver.momentum)] as const] : []),
    ['weightDecay', 'weight decay', String(solver.weightDecay)],
    ['length', 'length', length],
    ['testEvery', 'tests', tests],
    ...furtherLines(study),
  ];
  return lines.map(([key, label, value]) => `${label.padEnd(16)} ${value}  (${setBy[key]})`);
}

/** Settings that a study may have beside those that all have. */
function furtherLines({
  solver,
  augment,
  frozenStatistics,
  selection,
}: Study): readonly SettingLine[] {
  const { adamw, nesterov, warmup, labelSmoothing, clipNorm, noDecay, copiedRate } = solver;
  const known: readonly (SettingLine | false)[] = [
    adamw !== undefined && ['type', 'solver', `AdamW, ${settingWords(adamw)}`],
    nesterov === true && ['type', 'solver', "SGD with Nesterov's momentum"],
    warmup !== undefined && ['warmup', 'warm-up', lengthWords(warmup)],
    labelSmoothing !== undefined && ['labelSmoothing', 'label smoothing', String(labelSmoothing)],
    clipNorm !== undefined && ['clipNorm', 'gradient norm', `at most ${clipNorm}`],
    noDecay !== undefined && [
      'noDecay',
      'no decay',
      'all but weights of convolutions and inner products',
    ],
    copiedRate !== undefined && ['copiedRate', 'copied layers', `times ${copiedRate} of the rate`],
    frozenStatistics !== undefined && [
      'frozenStatistics',
      'frozen norms',
      'means and variances of the target',
    ],
    selection !== undefined && [
      'selection',
      'kept aside',
      `${selection.share} of each class's training images, to choose the rate by`,
    ],
  ];
  const cut = augment === undefined ? [] : [['augment', 'windows', augmentWords(augment)] as const];
  return [...cut, ...known.filter((line) => line !== false)];
}

function ratesWords({ lr, rates }: Study['solver']): string {
  return rates === undefined ? String(lr) : `${rates.join(', ')}, every network at each`;
}

function augmentWords(augment: NonNullable<Study['augment']>): string {
  if (augment.kind === 'pad') return `with ${augment.pixels} black pixels around the image`;
  const [area, aspect] = [augment.area, augment.aspect].map((range) =>
    range.map((value) => Number(value.toPrecision(3))).join(' to '),
  );
  return `resampled parts, area ${area}, width by height ${aspect}`;
}

function lengthWords(length: Length): string {
  return 'epochs' in length ? `${length.epochs} epochs` : `${length.iterations} iterations`;
}

function policyWords({ kind, ...settings }: NonNullable<Study['solver']['policy']>): string {
  return `${kind}, ${settingWords(settings)}`;
}

function settingWords(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
