// `data.augment:` of a study: how training windows are cut.
import type { Augmentation } from '../../data/minibatch/augment.js';
import type { Report } from './located.js';
import type { AugmentText } from './study-source.js';

/** torchvision's limits of a random resized crop. */
const AREA = [0.08, 1] as const;
const ASPECT = [3 / 4, 4 / 3] as const;

/** The augmentation as asked for; undefined: windows inside the stored image. */
export function resolveAugment(
  text: AugmentText | undefined,
  report: Report,
): Augmentation | undefined {
  if (text === undefined || text === 'window') return undefined;
  if (typeof text === 'object' && 'pad' in text) return { kind: 'pad', pixels: text.pad };
  const { area = AREA, aspect = ASPECT } = typeof text === 'string' ? {} : text;
  for (const [name, [least, most]] of Object.entries({ area, aspect })) {
    if (least <= most) continue;
    const found = `[${least}, ${most}]`;
    report('/data/augment', `data.augment.${name}: found ${found}, wanted the smaller first`);
  }
  return { kind: 'resized-crop', area, aspect };
}

/** An augmentation as a study file has it. */
export function augmentText(augment: Augmentation): AugmentText {
  if (augment.kind === 'pad') return { pad: augment.pixels };
  return { area: augment.area, aspect: augment.aspect };
}
