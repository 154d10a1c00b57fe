// Parts of identities that thousands of networks share, hashed once: tasks with their lists of
// classes, and the network.
import { contentHash, type Json } from '../../base/canonical-json.js';
import type { Network } from '../../net/network.js';
import { writtenNetwork } from './canonical.js';
import { taskCounts } from './data-facts.js';
import type { IdentityParts } from './identity.js';
import type { SplitTask } from './splits.js';

/** What is counted and hashed once for a task. */
export interface TaskFacts {
  readonly train: number;
  readonly val: number;
  /** Its content in identities, and what refers to it. */
  readonly content: Json;
  readonly hash: string;
}

// Thousands of networks share a few tasks of many classes, each of one split with one number of
// images a class.
const knownTasks = new WeakMap<SplitTask, TaskFacts>();

/** Facts of a task; `imagesPerClass` is that of its split. */
export function taskFacts(task: SplitTask, imagesPerClass: number | null): TaskFacts {
  let facts = knownTasks.get(task);
  if (facts === undefined) {
    const { data, classes } = task;
    const content = { data: data.manifestHash, classes, imagesPerClass };
    const counts = taskCounts(data, classes, imagesPerClass);
    facts = { ...counts, content, hash: contentHash(content) };
    knownTasks.set(task, facts);
  }
  return facts;
}

/** The task's place in an identity; its content goes to `parts`. */
export function taskReference(
  task: SplitTask,
  imagesPerClass: number | null,
  parts: IdentityParts,
): Json {
  const { content, hash } = taskFacts(task, imagesPerClass);
  parts.set(hash, content);
  return { part: hash };
}

const knownNetworks = new WeakMap<Network, { readonly content: Json; readonly hash: string }>();

/** The network's place in an identity; its written form goes to `parts`. */
export function networkReference(network: Network, parts: IdentityParts): Json {
  let known = knownNetworks.get(network);
  if (known === undefined) {
    const content = writtenNetwork(network);
    known = { content, hash: contentHash(content) };
    knownNetworks.set(network, known);
  }
  parts.set(known.hash, known.content);
  return { part: known.hash };
}
