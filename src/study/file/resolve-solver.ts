// Solver settings: defaults of the small-scale reference, and one way only to say each length.
import type { Length, SolverChoice } from '../study.js';
import type { Report } from './located.js';
import { resolvePolicy } from './resolve-policy.js';
import type { SolverText } from './study-source.js';

/** The solver with defaults: 24 epochs, rate 0.01 falling tenfold at 60 % and 85 %; of AdamW those
 *  of PyTorch. */
export function resolveSolver(text: SolverText, report: Report): SolverChoice {
  if (text.epochs !== undefined && text.iterations !== undefined) {
    report('/solver/iterations', 'solver: found epochs and iterations, wanted one of them');
  }
  const isAdamw = text.type === 'adamw';
  const choice: SolverChoice = {
    ...ratesOf(text),
    momentum: text.momentum ?? 0.9,
    weightDecay: text.weightDecay ?? (isAdamw ? 0.01 : 5e-4),
    batch: text.batch ?? 128,
    length:
      text.iterations === undefined
        ? { epochs: text.epochs ?? 24 }
        : { iterations: text.iterations },
    ...resolvePolicy(text, report),
    testEvery: lengthOf(text.testEvery ?? '1epoch'),
    ...resolveType(text, report),
    ...(text.warmup === undefined ? {} : { warmup: lengthOf(text.warmup) }),
    ...(text.labelSmoothing ? { labelSmoothing: text.labelSmoothing } : {}),
    ...(text.clipNorm === undefined ? {} : { clipNorm: text.clipNorm }),
    ...(text.noDecay === 'norms-and-biases' ? { noDecay: text.noDecay } : {}),
    ...(text.copiedRate === undefined || text.copiedRate === 1
      ? {}
      : { copiedRate: text.copiedRate }),
  };
  const found = Math.max(...(choice.rates ?? [choice.lr])) * choice.weightDecay;
  if (isAdamw && found >= 1) {
    report(
      '/solver/weightDecay',
      `solver: found lr times weightDecay ${found}, wanted less than 1`,
    );
  }
  return choice;
}

function ratesOf({ lr: written, type }: SolverText): Pick<SolverChoice, 'lr' | 'rates'> {
  const lr = written ?? (type === 'adamw' ? 0.001 : 0.01);
  const rates = typeof lr === 'number' ? [lr] : lr;
  const [first = 0] = rates;
  return { lr: first, ...(rates.length > 1 ? { rates } : {}) };
}

const adamwKeys = ['beta1', 'beta2', 'epsilon'] as const;
const sgdKeys = ['momentum', 'nesterov'] as const;

function resolveType(text: SolverText, report: Report): Pick<SolverChoice, 'adamw' | 'nesterov'> {
  const { type = 'sgd', nesterov = false, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = text;
  for (const key of type === 'adamw' ? sgdKeys : adamwKeys) {
    if (text[key] === undefined) continue;
    const found = JSON.stringify(text[key]);
    report(`/solver/${key}`, `solver.${key}: found ${found}, ${type} reads none`);
  }
  if (type === 'adamw') return { adamw: { beta1, beta2, epsilon } };
  if (nesterov && text.momentum === 0) {
    report('/solver/nesterov', 'solver.nesterov: found true, wanted a momentum above 0 with it');
  }
  return nesterov ? { nesterov } : {};
}

function lengthOf(text: number | string): Length {
  return typeof text === 'number' ? { iterations: text } : { epochs: Number.parseInt(text, 10) };
}
