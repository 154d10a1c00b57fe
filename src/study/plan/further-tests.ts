// Further test sets of a study: which of them each network is tested on.
import { contentHash } from '../../base/canonical-json.js';
import { PlanError } from '../../base/errors.js';
import { listed } from '../../data/classes/splits.js';
import { formText, type ImageForm, isSameForm } from '../../data/image-form.js';
import type { FurtherTest, TaskSpec } from '../../train/job.js';
import type { Study } from '../study.js';
import type { DataFacts } from './data-facts.js';
import type { IdentityContent } from './identity.js';
import type { FactsOf } from './splits.js';

const HINT = 'Folders of a further test set are called as the classes of the study are.';

/** What decides which further sets a network is tested on. */
interface Tested {
  readonly task: TaskSpec;
  readonly target: string;
  readonly split: string;
  readonly form: ImageForm;
  readonly pretrained?: unknown;
}

/** Networks with their further tests: each set is for all targets whose classes it has.
 *  @param factsOf of a further test set
 *  @throws PlanError for a set of other images than the study's, with some classes of a target but
 *  not all, or of no target */
export function withFurtherTests<N extends Tested>(
  networks: readonly N[],
  tests: Study['tests'],
  factsOf: FactsOf,
): readonly (N & { readonly tests?: Readonly<Record<string, FurtherTest>> })[] {
  if (tests === undefined) return networks;
  const sets = Object.entries(tests).map(([name, choice]) => [name, factsOf(choice)] as const);
  const known = new Map<readonly string[], Readonly<Record<string, FurtherTest>>>();
  const testsOf = (network: N): Readonly<Record<string, FurtherTest>> => {
    const { classes } = network.task;
    const found =
      known.get(classes) ?? Object.fromEntries(sets.flatMap((set) => testOf(set, network)));
    known.set(classes, found);
    return found;
  };
  const used = new Set<string>();
  const tested = networks.map((network) => {
    const found = network.pretrained === undefined ? testsOf(network) : {};
    for (const name of Object.keys(found)) used.add(name);
    return Object.keys(found).length === 0 ? network : { ...network, tests: found };
  });
  const unused = sets.find(([name]) => !used.has(name));
  if (unused === undefined) return tested;
  const [name, { classes }] = unused;
  throw new PlanError(
    `tests.${name}: has ${listed(classes)}, wanted those of a target: ${listed(networks[0]?.task.classes ?? [])}`,
    { hint: HINT },
  );
}

/** Name of the test on the training images that are kept aside; no further set is called so where
 *  there are such images. */
export const selectionTest = 'selection';

/** A network with the test on what its target keeps aside, if it is trained and anything is. */
export function withSelectionTest<
  N extends Tested & {
    readonly asideImages: number;
    readonly content: IdentityContent;
    readonly tests?: Readonly<Record<string, FurtherTest>>;
  },
>(network: N): N {
  const { task, asideImages: images, content, pretrained } = network;
  if (task.selection === undefined || pretrained !== undefined) return network;
  // Which images it is of, as the identity says it.
  const data = contentHash(content['target'] ?? null);
  const test: FurtherTest = { task, part: 'selection', data, images };
  return { ...network, tests: { ...network.tests, [selectionTest]: test } };
}

function testOf(
  [name, facts]: readonly [string, DataFacts],
  { task, target, split, form }: Tested,
): readonly (readonly [string, FurtherTest])[] {
  const part = facts.valCounts.some((count) => count > 0) ? 'val' : 'train';
  const counts = part === 'val' ? facts.valCounts : facts.trainCounts;
  const imagesOf = (label: string): number => counts[facts.classes.indexOf(label)] ?? 0;
  const missing = task.classes.filter((label) => imagesOf(label) === 0);
  if (missing.length === task.classes.length) return [];
  if (missing.length > 0) {
    throw new PlanError(
      `tests.${name}: has no images of ${listed(missing)} of target ${target} (${split}), wanted all ${task.classes.length} classes of it, or none`,
      { hint: HINT },
    );
  }
  if (!isSameForm(facts.form, form)) {
    throw new PlanError(
      `tests.${name}: has images ${formText(facts.form)}, the study ${formText(form)} (channels x height x width)`,
      {
        hint: 'Give it the size and channels of the others: tests: {name: {data: {source: .., size: .., channels: ..}}}.',
      },
    );
  }
  const images = task.classes.reduce((sum, label) => sum + imagesOf(label), 0);
  const { classes } = task;
  const spec = { store: facts.store, classes, imagesPerClass: null };
  return [[name, { task: spec, part, data: facts.manifestHash, images }]];
}
