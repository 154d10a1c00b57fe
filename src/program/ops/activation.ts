// Element-wise functions between layers, and their backward op. ReLU is an op of its own: it is
// fused with what comes before it.
import { expectSameTypes, type OpRule, requireParam } from './rule.js';
import type { ActivationFunction, ActivationParams } from './params.js';

/** What a function's alpha and beta are where they are not given: the defaults of the ONNX operator
 *  of that name; null where it has no such number. */
export const activationDefaults: {
  readonly [F in ActivationFunction]: {
    readonly alpha: number | null;
    readonly beta: number | null;
  };
} = {
  sigmoid: { alpha: null, beta: null },
  tanh: { alpha: null, beta: null },
  silu: { alpha: null, beta: null },
  'hard-sigmoid': { alpha: 0.2, beta: 0.5 },
  'hard-swish': { alpha: null, beta: null },
  gelu: { alpha: null, beta: null },
  'gelu-tanh': { alpha: null, beta: null },
  'leaky-relu': { alpha: 0.01, beta: null },
  elu: { alpha: 1, beta: null },
  clip: { alpha: -3.4028234663852886e38, beta: 3.4028234663852886e38 },
  linear: { alpha: 1, beta: 0 },
};

/** Alpha and beta as they hold; 0 where the function has no such number. */
export function activationNumbers({ function: name, alpha, beta }: ActivationParams): {
  readonly alpha: number;
  readonly beta: number;
} {
  const defaults = activationDefaults[name];
  return { alpha: alpha ?? defaults.alpha ?? 0, beta: beta ?? defaults.beta ?? 0 };
}

/** What is wrong with the parameters: half a sentence each. */
export function activationProblems(params: ActivationParams): readonly string[] {
  const name = params.function;
  if (!Object.hasOwn(activationDefaults, name)) {
    const known = Object.keys(activationDefaults).join(', ');
    return [`function is "${name}", wanted one of ${known}`];
  }
  const problems = (['alpha', 'beta'] as const).flatMap((key) => {
    const value = params[key];
    if (value === undefined) return [];
    if (activationDefaults[name][key] === null) return [`${name} has no ${key}, found ${value}`];
    return Number.isFinite(value) ? [] : [`${key} is ${value}, wanted a finite number`];
  });
  const { alpha, beta } = activationNumbers(params);
  if (name === 'clip' && alpha > beta) {
    problems.push(`alpha is ${alpha}, wanted at most beta, ${beta}`);
  }
  return problems;
}

function expectGood(op: 'activation' | 'activation_backward', params: ActivationParams): void {
  const problems = activationProblems(params);
  requireParam(op, problems.length === 0, problems.join('; '));
}

/** y = f(x), element by element; x f32 [...] -> y f32 [...]. The functions, a = alpha, b = beta:
 *  sigmoid 1 / (1 + e^-x); tanh; silu x sigmoid(x); hard-sigmoid max(0, min(1, a x + b));
 *  hard-swish x max(0, min(1, x/6 + 1/2)); gelu x P(x), P the standard normal distribution;
 *  gelu-tanh x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))); leaky-relu x where x > 0, else a x; elu
 *  x where x > 0, else a (e^x - 1); clip max(a, min(b, x)); linear a x + b. Where slopes meet, that
 *  of the constant side holds, else the left one.
 *  @throws OpParamError for a number that the function does not have
 *  @source the ONNX operators of these names (opset 20) */
export const activation: OpRule<'activation'> = {
  shape: (params, inputs) => {
    expectGood('activation', params);
    return expectSameTypes('activation', inputs, 1);
  },
  gradient: (emitter, { params, inputs, outputGradients }) =>
    emitter.emit('activation_backward', params, [
      outputGradients[0] as number,
      inputs[0] as number,
    ]),
};

/** dx = dy f'(x); dy, x f32 [...] -> dx f32 [...]. */
export const activationBackward: OpRule<'activation_backward'> = {
  shape: (params, inputs) => {
    expectGood('activation_backward', params);
    return expectSameTypes('activation_backward', inputs, 2);
  },
  gradient: null,
};
