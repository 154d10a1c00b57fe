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
