// Which networks a reader wants to see: by a pattern of names, by treatment, by state.
import type { NetworkState, NetworkStateName } from '../../../src/dashboard/api.js';

/** Empty parts let everything through. */
export interface Filter {
  /** Letters that the name has; with `*` for any letters, the whole name. Capitals count as small
   *  ones. */
  readonly pattern: string;
  readonly treatments: ReadonlySet<string>;
  readonly states: ReadonlySet<NetworkStateName>;
}

/** Lets everything through. */
export const noFilter: Filter = { pattern: '', treatments: new Set(), states: new Set() };

/** Whether a filter lets everything through. */
export function isEmpty({ pattern, treatments, states }: Filter): boolean {
  return pattern.trim() === '' && treatments.size === 0 && states.size === 0;
}

/** The test that a filter stands for. */
export function matcher(filter: Filter): (network: NetworkState) => boolean {
  const isNamed = nameTest(filter.pattern);
  const { treatments, states } = filter;
  return ({ name, treatment, state }) =>
    (treatments.size === 0 || treatments.has(treatment)) &&
    (states.size === 0 || states.has(state)) &&
    isNamed(name);
}

function nameTest(pattern: string): (name: string) => boolean {
  const wanted = pattern.trim().toLowerCase();
  if (wanted === '') return () => true;
  if (!wanted.includes('*')) return (name) => name.toLowerCase().includes(wanted);
  const parts = wanted.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 'i');
  return (name) => whole.test(name) || whole.test(name.slice(name.lastIndexOf('/') + 1));
}
