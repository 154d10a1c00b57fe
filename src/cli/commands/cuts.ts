// `selffer cuts NETWORK`: where a network can be cut, and what lies between.
import Table from 'cli-table3';
import type { Command } from 'commander';
import { fewCuts, segmentFacts, type SegmentFacts } from '../../net/cut-facts.js';
import type { Network } from '../../net/network.js';
import { readNetwork } from '../../study/file/read-network.js';
import { parseCount } from '../options.js';
import { colours, print, printJson, remark } from '../output.js';
import { grouped } from '../quantities.js';

interface CutsOptions {
  readonly classes: number;
  readonly size?: number;
  readonly json?: boolean;
}

const CLASSES = 1000;

/** Adds the command. */
export function addCuts(program: Command): void {
  program
    .command('cuts')
    .description('show where a network can be cut: what `layers:` of a study may name')
    .argument('<network>', 'a preset, or a network file')
    .option('--classes <n>', 'classes of the task', parseCount, CLASSES)
    .option('--size <n>', 'height and width of the input, where the file does not say', parseCount)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nn copies the first n segments. In a study, `layers:` takes their numbers or names, all, or\nstages (marked *: the last cut at each height and width).\n\nExamples:\n  selffer cuts resnet18\n  selffer cuts network.onnx --json',
    )
    .action((name: string, options: CutsOptions) => {
      const size = options.size === undefined ? {} : { size: options.size };
      const network = readNetwork(name, size);
      const segments = segmentFacts(network, options.classes);
      const note = fewCuts(network);
      if (options.json) {
        printJson({ network: network.name, classes: options.classes, segments, note });
        return;
      }
      print(text(network, segments));
      if (note !== null) remark(`${colours.yellow('note')} ${note}`);
    });
}

function text(network: Network, segments: readonly SegmentFacts[]): string {
  const { channels, height, width } = network.input;
  const total = (pick: (segment: SegmentFacts) => number): number =>
    segments.reduce((sum, segment) => sum + pick(segment), 0);
  const table = new Table({
    head: ['n', 'segment', 'output', 'weight layers', 'parameters', 'MFLOP'],
    style: { head: [], border: [], compact: true },
    colAligns: ['right', 'left', 'left', 'right', 'right', 'right'],
  });
  const mega = (flops: number): string => (flops / 1e6).toFixed(flops < 1e7 ? 2 : 0);
  segments.forEach(({ ordinal, name, shape, weightLayers, parameters, flops, endsStage }) => {
    const isLast = ordinal === segments.length;
    table.push([
      isLast ? '' : `${endsStage ? '* ' : ''}${ordinal}`,
      isLast ? `${name} (classifier, never copied)` : name,
      shape.join(' x '),
      String(weightLayers.length),
      grouped(parameters),
      mega(flops),
    ]);
  });
  return [
    `${network.name}: input ${channels} x ${height} x ${width}, ${segments.length - 1} cut points, ` +
      `${total(({ weightLayers }) => weightLayers.length)} weight layers, ` +
      `${grouped(total(({ parameters }) => parameters))} parameters, ` +
      `${mega(total(({ flops }) => flops))} MFLOP an image`,
    table.toString(),
    '* the last cut at its height and width: `layers: stages` takes these',
  ].join('\n');
}
