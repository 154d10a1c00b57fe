// The network of a study as it will be trained, for a dry run: a wrong reading of a network or
// solver file is seen there before it costs days.
import { segmentsOf } from '../net/cuts.js';
import { factsOf } from '../net/facts.js';
import type { Network } from '../net/network.js';
import { elementCount } from '../tensor/tensor.js';
import type { Plan } from '../study/plan/plan.js';
import type { SettingSources } from '../study/file/setting-sources.js';
import { settingLines } from './setting-lines.js';
import { grouped } from './quantities.js';

/** What a dry run says of a study's network, as JSON. */
export interface NetworkFacts {
  readonly name: string;
  readonly input: readonly [channels: number, height: number, width: number];
  readonly layers: readonly {
    readonly name: string;
    readonly kind: string;
    /** After which of 1..L it lies; null above the last cut. */
    readonly weightLayer: number | null;
    readonly shape: readonly number[];
    readonly parameters: number;
  }[];
  readonly parameters: number;
}

/** The layers of a plan's network, for the task of its first network. */
export function networkFacts({ study, networks }: Plan): NetworkFacts {
  const { network } = study;
  const classes = networks[0]?.task.classes.length ?? 2;
  const { channels, height, width } = network.input;
  const weightLayers = weightLayerOf(network);
  const layers = [...factsOf(network, classes)].map(([name, { layer, shape, parameters }]) => ({
    ...{ name, kind: layer.kind, weightLayer: weightLayers.get(name) ?? null },
    ...{ shape, parameters },
  }));
  const total = layers.reduce((sum, { parameters }) => sum + parameters, 0);
  return { name: network.name, input: [channels, height, width], layers, parameters: total };
}

function weightLayerOf(network: Network): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const [index, { layers }] of segmentsOf(network).entries()) {
    for (const name of layers) if (!names.has(name)) names.set(name, index + 1);
  }
  return names;
}

/** The same as lines: a table of the layers, and the settings with who set each. */
export function networkText(plan: Plan, setBy: SettingSources): string {
  const { name, input, layers, parameters } = networkFacts(plan);
  const rows = layers.map((layer) => [
    layer.weightLayer === null ? '' : String(layer.weightLayer),
    layer.name,
    layer.kind,
    layer.shape.join(' x '),
    layer.parameters === 0 ? '' : grouped(layer.parameters),
  ]);
  const table = columns([['n', 'layer', 'kind', 'output', 'parameters'], ...rows]);
  const values = elementCount(input);
  return [
    `network ${name}: input ${input.join(' x ')} (${grouped(values)} values), ${grouped(parameters)} parameters`,
    ...table.map((line) => `  ${line}`),
    'as trained (who set it)',
    ...settingLines(plan, setBy).map((line) => `  ${line}`),
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === row.length - 1 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
