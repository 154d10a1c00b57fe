// How the learning rate of a study goes: policies, each with the keys that it reads.
import type { RatePolicy } from '../../train/rate-policies.js';
import type { SolverChoice } from '../study.js';
import type { Report } from './located.js';
import type { SolverText } from './study-source.js';

type PolicyName = NonNullable<SolverText['lrPolicy']>;

/** Keys that only some policies read. */
const policyKeys = ['gamma', 'lrSteps', 'stepSize', 'power', 'lrEnd'] as const;

type PolicyKey = (typeof policyKeys)[number];

/** What a policy reads, and what it makes of it; null: steps. */
interface PolicyRule {
  readonly keys: readonly PolicyKey[];
  readonly needs: readonly PolicyKey[];
  readonly make: (text: SolverText) => RatePolicy | null;
}

const rules: { readonly [K in PolicyName]: PolicyRule } = {
  fixed: { keys: [], needs: [], make: () => null },
  step: { keys: ['gamma', 'lrSteps', 'stepSize'], needs: [], make: () => null },
  exp: {
    ...{ keys: ['gamma'], needs: ['gamma'] },
    make: ({ gamma = 1 }) => ({ kind: 'exp', gamma }),
  },
  inv: {
    ...{ keys: ['gamma', 'power'], needs: ['gamma', 'power'] },
    make: ({ gamma = 0, power = 0 }) => ({ kind: 'inv', gamma, power }),
  },
  poly: {
    ...{ keys: ['power'], needs: [] },
    make: ({ power = 1 }) => ({ kind: 'poly', power }),
  },
  sigmoid: {
    ...{ keys: ['gamma', 'stepSize'], needs: ['gamma', 'stepSize'] },
    make: ({ gamma = 0, stepSize = 0 }) => ({ kind: 'sigmoid', gamma, stepSize }),
  },
  cosine: {
    ...{ keys: ['lrEnd'], needs: [] },
    make: ({ lrEnd = 0 }) => ({ kind: 'cosine', end: lrEnd }),
  },
};

/** The part of a solver's settings that says how the rate goes. Default: it falls tenfold at 60 %
 *  and 85 % of all iterations. */
export function resolvePolicy(
  text: SolverText,
  report: Report,
): Pick<SolverChoice, 'steps' | 'gamma' | 'policy'> {
  const { lrPolicy = 'step', lrSteps, stepSize } = text;
  const { keys, needs, make } = rules[lrPolicy];
  for (const key of policyKeys) {
    if (text[key] !== undefined && !keys.includes(key)) {
      report(
        `/solver/${key}`,
        `solver.${key}: found ${JSON.stringify(text[key])}, ${lrPolicy} reads none`,
      );
    } else if (text[key] === undefined && needs.includes(key)) {
      report(
        '/solver/lrPolicy',
        `solver.lrPolicy: found ${lrPolicy}, which wants ${needs.join(' and ')} too`,
      );
    }
  }
  const wrong = gammaProblem(lrPolicy, text.gamma);
  if (wrong !== null) report('/solver/gamma', `solver.gamma: ${wrong}`);
  const policy = make(text);
  if (policy !== null) return { steps: { fractions: [] }, gamma: 1, policy };
  if (lrPolicy === 'fixed') return { steps: { fractions: [] }, gamma: 1 };
  if (lrSteps !== undefined && stepSize !== undefined) {
    report('/solver/stepSize', 'solver: found lrSteps and stepSize, wanted one of them');
  }
  return {
    steps:
      stepSize === undefined
        ? { fractions: [...(lrSteps ?? [0.6, 0.85])].sort((a, b) => a - b) }
        : { every: stepSize },
    gamma: text.gamma ?? 0.1,
  };
}

/** What is wrong with a gamma; null if nothing is. It is a factor, but of inv and sigmoid, where it
 *  is a pace. */
export function gammaProblem(lrPolicy: PolicyName, gamma: number | undefined): string | null {
  if (gamma === undefined || lrPolicy === 'sigmoid') return null;
  if (gamma <= 0) return `found ${gamma}, wanted more than 0`;
  return gamma > 1 && lrPolicy !== 'inv' ? `found ${gamma}, wanted at most 1` : null;
}

/** Solver keys of a policy as a study file has them: {@link resolvePolicy} reads them back. */
export function policyText({ policy, steps, gamma }: SolverChoice): SolverText {
  if (policy === undefined) {
    return {
      ...('fractions' in steps ? { lrSteps: steps.fractions } : { stepSize: steps.every }),
      gamma,
    };
  }
  const { kind, ...settings } = policy;
  if ('end' in settings) return { lrPolicy: kind, lrEnd: settings.end };
  return { lrPolicy: kind, ...settings };
}
