// Parts of identities that thousands of networks share, hashed once: tasks with their lists of
// classes, and the network.
import { contentHash, type Json } from '../../base/canonical-json.js';
import type { Network } from '../../net/network.js';
import { writtenNetwork } from './canonical.js';
import { taskCounts } from './data-facts.js';
import type { IdentityParts } from './identity.js';
import type { Split, SplitTask } from './splits.js';

/** What is counted and hashed once for a task. */
export interface TaskFacts {
  readonly train: number;
  readonly val: number;
  readonly aside: number;
  /** Its content in identities, and what refers to it. */
  readonly content: Json;
  readonly hash: string;
}

// Thousands of networks share a few tasks of many classes, each of one split with one number of
// images a class.
const knownTasks = new WeakMap<SplitTask, TaskFacts>();

/** Which training images of a split's tasks are kept, and which of these aside. */
export type KeptImages = Pick<Split, 'imagesPerClass' | 'selection'>;

/** Facts of a task; what is kept of its images is that of its split. */
export function taskFacts(task: SplitTask, kept: KeptImages): TaskFacts {
  let facts = knownTasks.get(task);
  if (facts === undefined) {
    const { data, classes } = task;
    const { imagesPerClass, selection } = kept;
    const content = {
      ...{ data: data.manifestHash, classes, imagesPerClass },
      // Only where there is one: identities of other studies stay.
      ...(selection === undefined ? {} : { selection: { ...selection } }),
    };
    const counts = taskCounts(data, classes, imagesPerClass, selection);
    facts = { ...counts, content, hash: contentHash(content) };
    knownTasks.set(task, facts);
  }
  return facts;
}

/** The task's place in an identity; its content goes to `parts`. */
export function taskReference(task: SplitTask, kept: KeptImages, parts: IdentityParts): Json {
  const { content, hash } = taskFacts(task, kept);
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
