// What Figure 1 shows: one row a kind of network of the study, one box a weight layer.
import { networkName, type NetworkRole } from '../study/network-name.js';
import type { NetworkResult, Results } from '../study/results/types.js';
import { type TaskName, taskOf, wholeSet } from '../study/tasks.js';
import { segmentRole } from '../study/segment-role.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';

/** One weight layer of one network. */
export interface Box {
  /** Name of the network, e.g. "A3B+". */
  readonly row: string;
  /** 1..L. */
  readonly layer: number;
  /** What it holds when training begins: weights of a base (of a base's own row: those that it will
   *  have), those that the network which it goes on from has trained on the target, random ones, or
   *  fresh ones. */
  readonly content: 'base' | 'trained' | 'random' | 'new';
  /** Task of that base; null without one. */
  readonly source: TaskName | null;
  readonly isFrozen: boolean;
}

/** A row: a network that stands for its treatment. */
export interface Row {
  readonly name: string;
  readonly treatment: TreatmentKind;
  readonly target: TaskName;
  readonly boxes: readonly Box[];
}

/** The tasks of the paper's picture: networks are drawn as copied from A and trained on B, even if
 *  a study has only one of them. */
const drawn = { source: 'A', target: 'B' } as const;

/** One row for each treatment, bases first; n is a middle one of those it has. Networks of the
 *  study's main family stand for a treatment; of others (the original's random features, on the
 *  whole set) only if that has none. */
export function treatmentRows(results: Results): Row[] {
  const main = results.networks.filter(({ family }) => family === results.study.family);
  return treatmentKinds.flatMap((treatment): Row[] => {
    const hasIt = (network: NetworkResult) => network.treatment === treatment;
    const own = main.some(hasIt) ? main.filter(hasIt) : results.networks.filter(hasIt);
    return own.length === 0 ? [] : rowsOf(treatment, own, results);
  });
}

function rowsOf(treatment: TreatmentKind, own: readonly NetworkResult[], results: Results): Row[] {
  const rule = treatments[treatment];
  const hasPairs = own.some(({ target }) => target !== null);
  const target = hasPairs ? drawn.target : wholeSet;
  if (rule.layers === 'none') {
    const tasks = hasPairs && treatment === 'base' ? tasksOf(own) : [target];
    return tasks.map((task) => rowOf(results, { treatment, source: null, target: task, n: 0 }));
  }
  const ns = [...new Set(own.map(({ n }) => n))].sort((a, b) => a - b);
  const n = ns[Math.floor((ns.length - 1) / 2)] ?? 1;
  const source = { none: null, target, other: drawn.source }[rule.source];
  return [rowOf(results, { treatment, source, target, n })];
}

// A and B always, for rows that copy from either; further ones if the study has them.
function tasksOf(bases: readonly NetworkResult[]): TaskName[] {
  const named = bases.flatMap(({ target }) => (target === null ? [] : [taskOf(target)]));
  return [...new Set([drawn.source, drawn.target, ...named])].sort();
}

function rowOf(results: Results, role: NetworkRole): Row {
  const { treatment, target } = role;
  const boxes = boxesOf(role, results.study.weightLayers);
  return { name: networkName(role), treatment, target, boxes };
}

/** The boxes of a network of `count` weight layers. */
export function boxesOf(role: NetworkRole, count: number): readonly Box[] {
  const { treatment, source, target, n } = role;
  const name = networkName(role);
  const { source: origin, takes, from, layers } = treatments[treatment];
  const content = origin === 'none' || takes !== undefined ? 'random' : 'base';
  return Array.from({ length: count }, (_, i): Box => {
    const box = { row: name, layer: i + 1 };
    if (treatment === 'base') return { ...box, content: 'base', source: target, isFrozen: false };
    const isTrained = from !== undefined && (layers === 'all' || box.layer > n);
    if (isTrained) return { ...box, content: 'trained', source: null, isFrozen: false };
    const { isSpecial, isFrozen } = segmentRole(role, box.layer, count);
    if (!isSpecial) return { ...box, content: 'new', source: null, isFrozen: false };
    return { ...box, content, source: content === 'random' ? null : source, isFrozen };
  });
}
