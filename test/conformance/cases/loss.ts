// Softmax cross-entropy with its backward op, and the count of correct answers.
import type { CrossEntropyParams } from '../../../src/program/ops/params.js';
import { parseDescriptor } from '../descriptor.js';
import { exact, feed, labels, type Problem, u } from '../problem.js';

const shapes = ['mb8ic26', 'mb3ic20', 'mb5ic31', 'mb1ic10', 'mb2ic1000', 'mb64ic26'];
const smoothed = ['mb8ic26sm0.1', 'mb2ic1000sm0.1', 'mb3ic2sm0.5'];

function smoothing(get: (key: string, fallback: number) => number): CrossEntropyParams {
  const share = get('sm', 0);
  return share === 0 ? {} : { smoothing: share };
}

/** Amplitude of the logits: probabilities from about 1e-9 to 1. */
const amplitude = 10;

/** loss and p; rows with a negative label count in N but not in the sum. Exponents carry the
 *  roundings of scores up to 2 x 10. */
export const softmaxProblems: readonly Problem[] = [...shapes, ...smoothed].map((shape) => {
  const { line, get } = parseDescriptor(`softmax ${shape}`);
  const [mb, ic] = [get('mb'), get('ic')];
  return {
    line,
    fills: ['reals'],
    given: { logits: feed([mb, ic], { amplitude }), labels: labels(mb, ic, true) },
    build: (builder, given) => {
      const inputs = [given['logits']!, given['labels']!];
      const [loss, p] = builder.emit('softmax_cross_entropy', smoothing(get), inputs);
      const dlogits = builder.apply('softmax_cross_entropy_backward', smoothing(get), [
        p!,
        inputs[1]!,
      ]);
      return { outputs: { loss: loss!, p: p!, dlogits } };
    },
    wanted: {
      loss: { limit: { type: 'absolute', bound: 32 * u * amplitude } },
      p: { limit: { type: 'relative', factor: 8 * amplitude } },
      dlogits: { limit: { type: 'norm', factor: 8 * amplitude }, maxZeros: 0.9 },
    },
  };
});

/** (p - wanted) / N from a given p. */
export const softmaxBackwardProblems: readonly Problem[] = [...shapes, ...smoothed].map((shape) => {
  const { line, get } = parseDescriptor(`softmax_bwd ${shape}`);
  const [mb, ic] = [get('mb'), get('ic')];
  return {
    line,
    fills: ['reals'],
    given: { p: feed([mb, ic]), labels: labels(mb, ic) },
    build: (builder, given) => ({
      outputs: {
        dlogits: builder.apply('softmax_cross_entropy_backward', smoothing(get), [
          given['p']!,
          given['labels']!,
        ]),
      },
    }),
    wanted: { dlogits: { limit: { type: 'norm', factor: 4 } } },
  };
});

/** Integers give many equal logits: the first counts. Two classes, so that the count is not 0. */
export const top1Problems: readonly Problem[] = [...shapes, 'mb64ic2', 'mb200ic5'].map((shape) => {
  const { line, get } = parseDescriptor(`top1 ${shape}`);
  const [mb, ic] = [get('mb'), get('ic')];
  return {
    line,
    fills: ['integers', 'reals'],
    given: { logits: feed([mb, ic], { span: 1 }), labels: labels(mb, ic, true) },
    build: (builder, given) => {
      const inputs = [given['logits']!, given['labels']!];
      const correct = builder.apply('top1_correct', {}, inputs);
      return { outputs: { correct, rows: builder.apply('top1_correct', { rows: true }, inputs) } };
    },
    wanted: { correct: { ...exact, maxZeros: 1 }, rows: { ...exact, maxZeros: 1 } },
  };
});
