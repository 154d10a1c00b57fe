// The networks that ship with Selffer, by name.
import type { Network } from '../network.js';
import { alex64 } from './alex64.js';
import { caffenet } from './caffenet.js';
import { glyph28 } from './glyph28.js';
import { tiny32 } from './tiny32.js';

/** Every preset by the name a study file uses. */
export const presets = { glyph28, tiny32, alex64, caffenet } as const satisfies Readonly<
  Record<string, Network>
>;

/** Name of a preset. */
export type PresetName = keyof typeof presets;

/** True for a preset's name. */
export function isPresetName(name: string): name is PresetName {
  return Object.hasOwn(presets, name);
}

/** Height = width of stored images around each preset's crop, in pixels: what a study takes unless
 *  it says otherwise, the sizes of the papers that the presets come from. */
export const storedSizes = {
  glyph28: 28,
  tiny32: 36,
  alex64: 64,
  caffenet: 256,
} as const satisfies Readonly<Record<PresetName, number>>;
