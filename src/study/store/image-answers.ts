// What the runs of a study's folder left of single images, by the names of their classes.
import type { Json } from '../../base/canonical-json.js';
import type { Answers } from '../../runs/answers.js';
import type { ImageAnswers } from '../results/image-pairs.js';
import { type PlanFile, planPart } from './plan-file.js';

/** Answers of all networks that left some, by network.
 *  @param answersOf of a network; null if it left none */
export function imageAnswers(
  { networks, parts }: Pick<PlanFile, 'networks' | 'parts'>,
  answersOf: (name: string) => Answers | null,
): ReadonlyMap<string, ImageAnswers> {
  const found = new Map<string, ImageAnswers>();
  for (const { name, content } of networks) {
    const answers = answersOf(name);
    if (answers === null) continue;
    const classes = planPart(content['target'], parts)?.['classes'] ?? null;
    found.set(name, withClasses(answers, classes));
  }
  return found;
}

// A class without a name in the plan is known by its label.
function withClasses({ imagesHash, images, labels, bits }: Answers, names: Json): ImageAnswers {
  const byClass = new Map<string, { right: number; images: number }>();
  let at = 0;
  for (const run of labels) {
    const found = Array.isArray(names) ? (names[run.label] as Json | undefined) : undefined;
    const name = typeof found === 'string' ? found : String(run.label);
    const count = byClass.get(name) ?? { right: 0, images: 0 };
    byClass.set(name, count);
    for (const end = at + run.images; at < end; at++) {
      count.images += 1;
      count.right += ((bits[at >> 3] as number) >> (at & 7)) & 1;
    }
  }
  return { imagesHash, images, bits, byClass };
}
