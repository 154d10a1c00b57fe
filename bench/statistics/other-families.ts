// The paper's experiments beside random halves, one network each: natural / man-made, the whole set
// with random layers, reduced data.
import type { NetworkResult } from '../../src/study/results/types.js';
import { made } from './made-network.js';
import { at, layers, type Others, type World } from './worlds.js';

/** Their networks; none in worlds without them.
 *  @param noise one training's luck, percentage points */
export function otherFamilies({ others }: World, noise: () => number): NetworkResult[] {
  if (others === null) return [];
  return [...distant(others, noise), ...whole(others, noise), ...reduced(others, noise)];
}

/** Mean of natural and man-made bases in the paper, percent. */
const meanPercent = 59.5;

function distant(others: Others, noise: () => number): NetworkResult[] {
  const place = { split: 'natman', repeat: 0 };
  const family = 'natural-man-made';
  // As trained studies call them: A is man-made, B natural.
  return (['A', 'B'] as const).flatMap((target) => {
    const level = meanPercent + (target === 'B' ? 0.5 : -0.5) * others.naturalPt;
    const source = target === 'A' ? 'B' : 'A';
    const base = { family, treatment: 'base', source: null, target, n: 0 } as const;
    return [
      made(base, place, level + noise()),
      ...layers.map((n) => {
        const role = { family, treatment: 'AnB', source, target, n } as const;
        return made(role, place, level + at(others.distant, n) + noise());
      }),
    ];
  });
}

function whole({ wholePercent, random }: Others, noise: () => number): NetworkResult[] {
  const place = { split: 'whole', repeat: 0 };
  const role = { family: 'whole', source: null, target: null } as const;
  return [
    made({ ...role, treatment: 'base', n: 0 }, place, wholePercent + noise()),
    ...layers.map((n) => {
      const percent = wholePercent + at(random, n) + noise();
      return made({ ...role, treatment: 'random', n }, place, Math.max(0.1, percent));
    }),
  ];
}

function reduced({ wholePercent, moreImagesPt }: Others, noise: () => number): NetworkResult[] {
  const role = { family: 'reduced', treatment: 'base', source: null, target: null, n: 0 } as const;
  const steps = [
    { imagesPerClass: 1300, lessPt: 0 },
    { imagesPerClass: 1000, lessPt: moreImagesPt },
  ];
  return steps.map(({ imagesPerClass, lessPt }) => {
    const place = { split: `reduced${imagesPerClass}`, repeat: 0 };
    return { ...made(role, place, wholePercent - lessPt + noise()), imagesPerClass };
  });
}
