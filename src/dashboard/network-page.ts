// Everything about one network for its page.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { boxesOf } from '../figures/figure1-rows.js';
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import { networkFiles } from '../runs/files.js';
import type { RunRecord } from '../runs/record.js';
import { readWrittenNetwork } from '../study/plan/read-canonical.js';
import { type PlanEntry, type PlanFile, planPart } from '../study/store/plan-file.js';
import { letterOf } from '../study/tasks.js';
import type { NetworkAnswer, NetworkState } from './api.js';
import type { MetricsColumns } from './metrics-columns.js';
import type { PlanView, PlannedView } from './plan-view.js';

/** Tests that are shown, and those that are told line by line. */
const TESTS = 50;
const LINES = 20;

type Layers = NetworkAnswer['layers'];
type Fact = NetworkAnswer['facts'][number];

/** The page of a planned network.
 *  @param filters whether there is a picture of its filters */
export function networkPage(
  directory: string,
  planned: PlanView,
  network: PlannedView,
  shown: { readonly state: NetworkState; readonly filters: boolean },
): NetworkAnswer {
  const { entry, known } = network;
  const { record } = known;
  const curve = planned.curve(entry.name);
  const isFailed = shown.state.state === 'failed' || shown.state.state === 'missing';
  return {
    state: shown.state,
    copiedFrom: entry.requires,
    copiedBy: planned.copiesOf(entry.name),
    layers: layersOf(entry, planned.plan),
    freezeAudit: record === null ? null : auditOf(record),
    facts: factsOfNetwork(entry, record),
    tests: curve === null ? [] : lastTests(curve),
    failure: isFailed ? known.message : null,
    log: curve === null ? [] : logOf(curve),
    reproduce: commandsFor(directory, entry, record),
    filters: shown.filters,
  };
}

/** The page of a network whose results alone are kept. */
export function keptPage(state: NetworkState): NetworkAnswer {
  return {
    ...{ state, copiedFrom: null, copiedBy: [], layers: [], freezeAudit: null, tests: [] },
    facts: [{ name: 'kept', value: 'results.json alone: its runs are not in this folder' }],
    ...{ failure: null, log: [], reproduce: [], filters: false },
  };
}

function auditOf({ frozenAudit }: RunRecord): NonNullable<NetworkAnswer['freezeAudit']> {
  return {
    tensors: frozenAudit.length,
    changed: frozenAudit.filter(({ equal }) => !equal).length,
  };
}

function layersOf(entry: PlanEntry, plan: PlanFile): Layers {
  const segments = segmentRows(entry, plan);
  return boxesOf(entry, plan.study.weightLayers).map(({ layer, content, source, isFrozen }, at) => {
    const { name = `layer ${layer}`, parameters = null } = segments[at] ?? {};
    const isCopied = content === 'base' && entry.treatment !== 'base';
    const fresh = content === 'base' ? 'new' : content;
    const origin = isCopied && source !== null ? (letterOf(source) ?? source) : fresh;
    return { n: layer, name, origin, frozen: isFrozen, parameters };
  });
}

// Imported studies do not say what their layers are, and those of other versions may not be read.
function segmentRows(
  { content }: PlanEntry,
  { parts }: PlanFile,
): readonly { readonly name: string; readonly parameters: number }[] {
  const written = planPart(content['network'], parts);
  const classes = planPart(content['target'], parts)?.['classes'];
  if (written === null || !Array.isArray(classes)) return [];
  try {
    const network = readWrittenNetwork(written);
    const facts = factsOf(network, classes.length);
    return segmentsOf(network).map(({ layers }) => ({
      name: [...new Set([layers[0], layers.at(-1)])].join(' .. '),
      parameters: layers.reduce((sum, layer) => sum + (facts.get(layer)?.parameters ?? 0), 0),
    }));
  } catch {
    return [];
  }
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

function factsOfNetwork(entry: PlanEntry, record: RunRecord | null): readonly Fact[] {
  const facts: readonly (readonly [string, string | number | null | undefined])[] = [
    ['split', entry.split],
    ['repeat', entry.repeat === 0 ? null : entry.repeat + 1],
    ['learning rate', entry.rate],
    ['name in its study', entry.originalName],
    ...(record === null ? [] : recordFacts(record)),
    ['identity', entry.identity],
  ];
  return facts.flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [{ name, value: String(value) }],
  );
}

function recordFacts(
  record: RunRecord,
): readonly (readonly [string, string | number | null | undefined])[] {
  const { executor, loading, pretrained } = record;
  const { finalAccuracy, top10Accuracy, finalTestLoss, finalTrainLoss } = record;
  return [
    ['ended', record.ended],
    ['iterations', record.iterations],
    ['accuracy of the last test', finalAccuracy === null ? null : percent(finalAccuracy)],
    ['mean of the ten best tests', top10Accuracy === null ? null : percent(top10Accuracy)],
    ['loss of the last test', finalTestLoss?.toPrecision(5)],
    ['training loss at the end', finalTrainLoss?.toPrecision(5)],
    ['classes', record.classes],
    ['test images', record.valImages],
    ['seconds of training', Math.round(record.trainSeconds)],
    ['executor', executor === null ? null : `${executor.name} ${executor.version}`],
    ['instruction set', executor?.instructionSet],
    ['threads', executor?.threads],
    ['host', executor?.host],
    [
      'loader threads',
      loading === undefined || loading.loaders === 0
        ? null
        : `${loading.loaders}, ${percent(loading.waitShare)} of the time waited for`,
    ],
    ['read from', pretrained?.file],
    ['frozen statistics', record.frozenStatistics && 'estimated anew on the target'],
    ['SHA-256 of its weights', record.weightsHash],
  ];
}

function lastTests(curve: MetricsColumns): NetworkAnswer['tests'] {
  const [iterations, accuracies, losses] = [
    curve.column('iteration'),
    curve.column('accuracy'),
    curve.column('loss'),
  ];
  return [...iterations.keys()].slice(-TESTS).map((at) => {
    const loss = losses[at] as number;
    return {
      iteration: iterations[at] as number,
      accuracy: accuracies[at] as number,
      loss: Number.isNaN(loss) ? null : loss,
    };
  });
}

function logOf(curve: MetricsColumns): readonly string[] {
  const trainLosses = curve.column('trainLoss').slice(-TESTS);
  const tests = lastTests(curve);
  return tests
    .map(({ iteration, accuracy, loss }, at) => {
      const trainLoss = trainLosses[at] as number;
      const words = [
        `iteration ${iteration}: ${percent(accuracy)} right`,
        loss === null ? 'test loss overflowed' : `test loss ${loss.toPrecision(4)}`,
        ...(Number.isNaN(trainLoss) ? [] : [`training loss ${trainLoss.toPrecision(4)}`]),
      ];
      return words.join(', ');
    })
    .slice(-LINES);
}

function commandsFor(
  directory: string,
  { name, originalName }: PlanEntry,
  record: RunRecord | null,
): readonly string[] {
  if (originalName !== undefined || record?.pretrained !== undefined) return [];
  const [folder, study, network] = [directory, join(directory, 'study.yaml'), name].map(quoted);
  if (record === null) return [`selffer run ${study} --out ${folder} --only ${network}`];
  const { weights } = networkFiles(directory, name);
  return [
    `selffer reproduce ${folder} ${network}`,
    ...(existsSync(weights) ? [`selffer export ${folder} ${network} --onnx network.onnx`] : []),
  ];
}

/** As a word of a shell's command. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
