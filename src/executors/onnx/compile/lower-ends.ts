// Where a network begins and ends: pixels, dropout masks, loss and answers.
import { DataError } from '../../../base/errors.js';
import { fillUint32 } from '../../../base/random-stream.js';
import { elementCount } from '../../../tensor/tensor.js';
import { scalar } from '../../executor.js';
import type { Name } from './graph.js';
import type { Lowering, Site } from './lowering.js';

const sequence = (length: number): readonly number[] => Array.from({ length }, (_, at) => at);

/** See src/program/ops/normalise.ts: the mean's pixels are gathered by their place, image by
 *  image. */
export const lowerNormalise: Lowering<'normalise'> = (site) => {
  const { graph, params } = site;
  const [images, channels, height, width] = site.shape(0) as [number, number, number, number];
  const [, meanHeight, meanWidth] = site.shape(2) as [number, number, number];
  checkWindows(site, [height, width], [meanHeight, meanWidth]);
  const windows = graph.cast(site.input(1), 'i64');
  const column = (at: number): Name => {
    const ends = [graph.integers([at]), graph.integers([at + 1]), graph.integers([1])];
    return graph.reshape(graph.apply('Slice', [windows, ...ends]), [images, 1, 1]);
  };
  const [top, left, mirrored] = [column(0), column(1), column(2)];
  const rows = graph.add(top, graph.integers(sequence(height), [1, height, 1]));
  const across = graph.integers(sequence(width), [1, 1, width]);
  const back = graph.integers(sequence(width).toReversed(), [1, 1, width]);
  const isMirrored = graph.apply('Not', [
    graph.apply('Equal', [mirrored, graph.integers([0], [1, 1, 1])]),
  ]);
  const columns = graph.add(left, graph.where(isMirrored, back, across));
  const places = graph.add(graph.mul(rows, graph.integers([meanWidth], [1, 1, 1])), columns);
  const flat = graph.reshape(site.input(2), [channels, meanHeight * meanWidth]);
  const gathered = graph.apply('Gather', [flat, places], { axis: { int: 1 } });
  const mean = graph.transpose(gathered, [1, 0, 2, 3]);
  const centred = graph.sub(graph.cast(site.input(0), 'f32'), mean);
  const [first, ...others] = params.scale as readonly [number, ...number[]];
  const scale =
    others.length === 0 ? graph.float(first) : graph.floats(params.scale, [1, channels, 1, 1]);
  return [first === 1 && others.length === 0 ? centred : graph.mul(centred, scale)];
};

function checkWindows(
  site: Site<'normalise'>,
  [height, width]: readonly [number, number],
  [meanHeight, meanWidth]: readonly [number, number],
): void {
  site.checkBefore(1, 'windows', ({ data }) => {
    for (let image = 0; 3 * image < data.length; image++) {
      const [top, left] = [data[3 * image] as number, data[3 * image + 1] as number];
      if (top >= 0 && left >= 0 && top + height <= meanHeight && left + width <= meanWidth)
        continue;
      throw new DataError(
        `normalise: window ${height}x${width} at (${top}, ${left}) of row ${image} leaves the mean ${meanHeight}x${meanWidth}`,
      );
    }
  });
}

/** See src/program/ops/elementwise.ts: an input of the graph that the host fills. */
export const lowerDropoutMask: Lowering<'dropout_mask'> = (site) => {
  const { shape, ratio, key } = site.params;
  const threshold = ratio * 2 ** 32;
  const kept = 1 / (1 - ratio);
  const words = new Uint32Array(elementCount(shape));
  const name = `mask ${key.join()} ${ratio} ${shape.join()}`;
  const mask = site.hostInput(name, shape, (target, scalars) => {
    fillUint32(words, key, scalar(scalars, 'iteration'));
    for (let at = 0; at < words.length; at++) {
      target[at] = (words[at] as number) < threshold ? 0 : kept;
    }
  });
  return [mask];
};

type LossSite = Site<'softmax_cross_entropy' | 'softmax_cross_entropy_backward'>;

function checkLabels(site: LossSite): void {
  const classes = site.shape(0)[1] as number;
  site.checkBefore(1, 'labels', ({ data }) => {
    const row = data.findIndex((label) => label >= classes);
    if (row < 0) return;
    throw new DataError(
      `softmax_cross_entropy: label ${data[row]} in row ${row}, wanted < ${classes}`,
    );
  });
}

// The labels as a column [N,1].
function labelColumn(site: LossSite | Site<'top1_correct'>): Name {
  const { graph } = site;
  return graph.reshape(graph.cast(site.input(1), 'i64'), [site.shape(0)[0] as number, 1]);
}

// The numbers of the classes as a row [1,C].
function classRow(site: LossSite | Site<'top1_correct'>): Name {
  const classes = site.shape(0)[1] as number;
  return site.graph.integers(sequence(classes), [1, classes]);
}

// [N,C]: whether this class is the row's label; nowhere in a row whose label is negative.
function isLabel(site: LossSite): Name {
  return site.graph.apply('Equal', [labelColumn(site), classRow(site)]);
}

// [N,1]: whether the row counts.
function counts(site: LossSite): Name {
  const { graph } = site;
  return graph.apply('Greater', [labelColumn(site), graph.integers([-1], [1, 1])]);
}

/** See src/program/ops/loss.ts. */
export const lowerSoftmaxCrossEntropy: Lowering<'softmax_cross_entropy'> = (plain) => {
  const site = plain as LossSite;
  checkLabels(site);
  const { graph } = site;
  const { smoothing = 0 } = site.params;
  const [rows, classes] = site.shape(0) as readonly [number, number];
  const last = { axis: { int: 1 } };
  const logits = [site.input(0)];
  const logs = graph.apply('LogSoftmax', logits, last);
  const none = graph.float(0);
  const sumOf = (value: Name): Name => graph.reduce('ReduceSum', value, [0, 1]);
  let sum = sumOf(graph.where(isLabel(site), logs, none));
  if (smoothing > 0) {
    const all = sumOf(graph.where(counts(site), logs, none));
    const rest = graph.mul(all, graph.float(smoothing / classes));
    sum = graph.add(graph.mul(sum, graph.float(1 - smoothing)), rest);
  }
  const loss = graph.reshape(graph.mul(sum, graph.float(-1 / rows)), [1]);
  return [loss, graph.apply('Softmax', logits, last)];
};

/** See src/program/ops/loss.ts. */
export const lowerSoftmaxCrossEntropyBackward: Lowering<'softmax_cross_entropy_backward'> = (
  plain,
) => {
  const site = plain as LossSite;
  checkLabels(site);
  const { graph } = site;
  const { smoothing = 0 } = site.params;
  const [rows, classes] = site.shape(0) as readonly [number, number];
  const least = smoothing / classes;
  const [high, low] = [graph.float(1 - smoothing + least), graph.float(least)];
  const distance = graph.sub(site.input(0), graph.where(isLabel(site), high, low));
  const counted = graph.where(counts(site), distance, graph.float(0));
  return [graph.mul(counted, graph.float(1 / rows))];
};

/** See src/program/ops/loss.ts: the label's score is not NaN, none before it is as large, and none
 *  behind it larger. */
export const lowerTop1Correct: Lowering<'top1_correct'> = (site) => {
  const { graph, params } = site;
  const [rows, classes] = site.shape(0) as readonly [number, number];
  const [column, numbers] = [labelColumn(site), classRow(site)];
  const logits = site.input(0);
  const inside = graph.apply('Clip', [
    column,
    graph.integers([0], []),
    graph.integers([classes - 1], []),
  ]);
  const score = graph.apply('GatherElements', [logits, inside], { axis: { int: 1 } });
  const both = (a: Name, b: Name): Name => graph.apply('And', [a, b]);
  const isBefore = both(
    graph.apply('Less', [numbers, column]),
    graph.apply('GreaterOrEqual', [logits, score]),
  );
  const isLarger = graph.apply('Greater', [logits, score]);
  const beats = graph.cast(graph.apply('Or', [isBefore, isLarger]), 'f32');
  const isBeaten = graph.reduce('ReduceMax', beats, [1]);
  const isNumber = graph.apply('Equal', [score, score]);
  const isClass = graph.apply('Equal', [inside, column]);
  const isBest = graph.apply('Equal', [isBeaten, graph.float(0)]);
  const correct = graph.cast(both(both(isNumber, isClass), isBest), 'i32');
  if (params.rows) return [graph.reshape(correct, [rows])];
  return [graph.reshape(graph.reduce('ReduceSum', correct, [0]), [1])];
};
