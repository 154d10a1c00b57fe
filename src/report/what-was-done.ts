// What a study did, in a few lines for the head of its report: network, data, classes, images,
// training, machine, date. From the files of its folder; what they do not say is left out.
import { statSync } from 'node:fs';
import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../base/canonical-json.js';
import { countOf } from '../figures/format.js';
import { networkFiles } from '../runs/files.js';
import type { MetricsLine } from '../runs/metrics.js';
import type { StudyFacts } from '../study/results/types.js';
import { type PlanFile, planPart } from '../study/store/plan-file.js';
import type { RunState } from '../study/store/run-state.js';
import { readBaseWords } from './read-bases.js';

/** A line: what, and its words. */
export type Deed = readonly [what: string, words: string];

/** A study's folder as its report knows it. */
export interface StudyRecords {
  readonly directory: string;
  readonly plan: PlanFile;
  readonly states: ReadonlyMap<string, RunState>;
  /** The last test of a network; undefined if there is none. */
  readonly lastTest: (name: string) => MetricsLine | undefined;
  readonly studyYaml: string;
  /** The folder of logs of an imported study. */
  readonly importedFrom?: string;
}

/** The lines of a study's folder. */
export function whatWasDone(records: StudyRecords): readonly Deed[] {
  const { plan, importedFrom } = records;
  const training = uniqueWords(records, trainingWords);
  const lines: readonly (readonly [string, string | null])[] = [
    ['network', networkWords(records)],
    [
      'data',
      importedFrom === undefined ? dataWords(records) : `logs imported from ${importedFrom}`,
    ],
    ['classes', classWords(plan)],
    ['images', imageWords(records)],
    [
      'kept aside',
      plan.study.selection === undefined
        ? null
        : `${plan.study.selection} of each class's training images, which no network learns from`,
    ],
    ['training', training.length === 0 ? null : training.join('; ')],
    ['networks', planWords(plan)],
    ['bases', readBaseWords(plan.study)],
    [
      'frozen norms',
      plan.study.frozenStatistics === undefined
        ? null
        : 'means and variances re-estimated on the target; the freeze audit leaves them out',
    ],
    ['machine', machineWords(records)],
    ['date', dateWords(records)],
  ];
  return lines.flatMap(([what, words]) => (words === null ? [] : [[what, words] as const]));
}

/** The little that results.json says by itself. */
export function knownOfResults(study: StudyFacts): readonly Deed[] {
  return [
    ['network', depthWords(study)],
    ['not known', 'data, training, machine and date: results.json does not say them'],
  ];
}

function networkWords({ plan }: StudyRecords): string | null {
  const [first] = plan.networks;
  const part = planPart(first?.content['network'], plan.parts);
  const layers = depthWords(plan.study);
  if (part === null) return layers;
  const { name, channels, crop } = part;
  const [height, width] = Array.isArray(crop) ? crop : [crop, crop];
  const form = channels === 1 ? 'grey' : channels === 3 ? 'colour' : `${textOf(channels)} channels`;
  return `${textOf(name)}: ${layers}, images of ${textOf(height)} × ${textOf(width)} px, ${form}`;
}

/** How many places n counts: "8 weight layers", "10 segments". */
export function depthWords({ weightLayers, segmentNames }: StudyFacts): string {
  return `${weightLayers} ${segmentNames === undefined ? 'weight layers' : 'segments'}`;
}

function dataWords({ studyYaml }: StudyRecords): string | null {
  const found = new Set<string>();
  try {
    const study: unknown = parse(studyYaml, { maxAliasCount: 0 });
    if (typeof study === 'object' && study !== null) {
      const { data, tasks } = study as { readonly data?: unknown; readonly tasks?: unknown };
      collectSources([data, tasks], found);
    }
  } catch {
    return null;
  }
  return found.size === 0 ? null : [...found].join(', ');
}

// Every `source`, wherever the tasks have it.
function collectSources(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key !== 'source') collectSources(member, found);
    else for (const each of [member].flat()) found.add(String(each));
  }
}

function classWords({ networks, parts }: PlanFile): string | null {
  const counts = new Map<string, Set<number>>();
  for (const { target, content } of networks) {
    const classes = planPart(content['target'], parts)?.['classes'];
    if (!Array.isArray(classes)) continue;
    const known = counts.get(target) ?? new Set<number>();
    counts.set(target, known.add(classes.length));
  }
  if (counts.size === 0) return null;
  return [...counts]
    .map(([target, known]) => `${range([...known])}${target === 'whole' ? '' : ` in ${target}`}`)
    .join(', ');
}

function imageWords(records: StudyRecords): string | null {
  const { plan, states } = records;
  const train = plan.networks.flatMap(({ name, content }) => {
    const images = trainImages(records, name, content);
    return images === null ? [] : [images];
  });
  const tests = [...states.values()].flatMap(({ record }) => record?.valImages ?? []);
  if (tests.length === 0) return null;
  const training = train.length === 0 ? '' : `${range(train)} for training, `;
  return `${training}${range(tests)} for tests, of each task`;
}

// A test says its epoch: iterations times images of a batch over training images.
function trainImages(
  { plan, lastTest }: StudyRecords,
  name: string,
  content: JsonObject,
): number | null {
  const batch = planPart(content['solver'], plan.parts)?.['batch'];
  const test = lastTest(name);
  if (typeof batch !== 'number' || test === undefined || !(test.epoch > 0)) return null;
  return Math.round((test.iteration * batch) / test.epoch);
}

function trainingWords(records: StudyRecords, name: string, content: JsonObject): string | null {
  const solver = planPart(content['solver'], records.plan.parts);
  if (solver === null) return null;
  const { batch, iterations, learningRate } = solver;
  const { rates } = records.plan.study;
  const rate = rates === undefined ? textOf(learningRate) : `each of ${rates.join(', ')}`;
  const images = trainImages(records, name, content);
  const length =
    images === null
      ? `${textOf(iterations)} iterations`
      : `${Number(((Number(iterations) * Number(batch)) / images).toPrecision(3))} epochs (${textOf(iterations)} iterations)`;
  return [
    `${length}, batch ${textOf(batch)}`,
    `${solverWords(solver)}, rate ${rate}${rateWords(solver)}`,
    decayWords(solver),
    ...furtherWords(solver, content),
    `${content['mirror'] === true ? 'mirrored at random' : 'not mirrored'}, ${textOf(content['precision'])}`,
  ].join(', ');
}

function solverWords({ solver, nesterov }: JsonObject): string {
  if (solver === 'adamw') return 'AdamW';
  return nesterov === true ? "SGD with Nesterov's momentum" : 'SGD';
}

function rateWords({ policy, steps, gamma, iterations, warmup }: JsonObject): string {
  const falls =
    Array.isArray(steps) && steps.length > 0
      ? `, times ${textOf(gamma)} after ${steps.map((step) => percent(step, iterations)).join(' and ')}`
      : '';
  const goes = isJsonObject(policy) ? ` (${policyWords(policy)})` : falls;
  return warmup === undefined ? goes : `${goes}, warm-up of ${textOf(warmup)} iterations`;
}

function policyWords({ kind, ...settings }: JsonObject): string {
  const numbers = Object.entries(settings).map(([name, value]) => `${name} ${textOf(value)}`);
  return [textOf(kind), ...numbers].join(', ');
}

function decayWords({ solver, momentum, beta1, beta2, weightDecay, noDecay }: JsonObject): string {
  const moments =
    solver === 'adamw'
      ? `betas ${textOf(beta1)} and ${textOf(beta2)}`
      : `momentum ${textOf(momentum)}`;
  const without = noDecay === undefined ? '' : ` (not of ${textOf(noDecay)})`;
  return `${moments}, weight decay ${textOf(weightDecay)}${without}`;
}

function furtherWords(solver: JsonObject, content: JsonObject): readonly string[] {
  const { labelSmoothing, clipNorm } = solver;
  return [
    ...(labelSmoothing === undefined ? [] : [`labels smoothed by ${textOf(labelSmoothing)}`]),
    ...(clipNorm === undefined ? [] : [`gradient norm at most ${textOf(clipNorm)}`]),
    ...(content['augment'] === undefined ? [] : [`augmented: ${textOf(content['augment'])}`]),
  ];
}

function percent(step: Json, of: Json | undefined): string {
  return `${Math.round((100 * Number(step)) / Number(of))} %`;
}

function planWords({ networks }: PlanFile): string {
  const splits = new Set(networks.map(({ split }) => split));
  const repeats = new Set(networks.map(({ repeat }) => repeat));
  const of = [
    ...(splits.size > 1 ? [`${splits.size} splits`] : []),
    ...(repeats.size > 1 ? [`${repeats.size} repeats`] : []),
  ];
  return `${countOf(networks.length)}${of.length === 0 ? '' : ` of ${of.join(', ')}`}`;
}

function machineWords({ states }: StudyRecords): string | null {
  const machines = [...states.values()].flatMap(({ record }) => {
    if (record === null || record.executor === null) return [];
    const { host, version, instructionSet, threads } = record.executor;
    const count = threads === 1 ? '1 thread' : `${threads} threads`;
    return [`${host}: ${version}, ${instructionSet}, ${count}`];
  });
  return machines.length === 0 ? null : [...new Set(machines)].join('; ');
}

// Of runs of earlier versions, which do not say it, when their record was written.
function dateWords({ directory, states }: StudyRecords): string | null {
  const days = [...states].flatMap(([name, { record }]) => {
    if (record === null || record.executor === null) return [];
    const time = record.ended ?? writtenAt(networkFiles(directory, name).record);
    return time === null ? [] : [time.slice(0, 10)];
  });
  const [first, last] = [days.sort()[0], days.at(-1)];
  if (first === undefined) return null;
  return first === last ? first : `${first} to ${last}`;
}

function writtenAt(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false })?.mtime.toISOString() ?? null;
}

// The words of all networks that have any, each once.
function uniqueWords(
  records: StudyRecords,
  words: (records: StudyRecords, name: string, content: JsonObject) => string | null,
): readonly string[] {
  const all = records.plan.networks.map(({ name, content }) => words(records, name, content));
  // A network that has not begun does not know its epochs: the others do.
  const known = [...new Set(all.filter((each) => each !== null))];
  const full = known.filter((each) => each.includes('epochs'));
  return (full.length === 0 ? known : full).slice(0, 4);
}

function range(values: readonly number[]): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)];
  const text = (value: number): string => value.toLocaleString('en-US');
  return least === most ? text(least) : `${text(least)} to ${text(most)}`;
}

// What a plan.json holds may be anything.
function textOf(value: Json | undefined): string {
  return isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value ?? '?');
}
