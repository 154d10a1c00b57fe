// The networks that ship with Selffer, by name.
import type { Network } from '../network.js';
import { alex64 } from './alex64.js';
import { caffenet } from './caffenet.js';
import { efficientnetB0 } from './efficientnet-b0.js';
import { glyph28 } from './glyph28.js';
import { mobilenetV2 } from './mobilenet-v2.js';
import { resnet18, resnet20, resnet50 } from './resnet.js';
import { tiny32 } from './tiny32.js';
import { vgg11Bn } from './vgg11-bn.js';
import { vitTiny32 } from './vit-tiny32.js';

/** Every preset by the name a study file uses. */
export const presets = {
  glyph28,
  tiny32,
  alex64,
  caffenet,
  resnet20,
  'vit-tiny32': vitTiny32,
  resnet18,
  resnet50,
  'vgg11-bn': vgg11Bn,
  'mobilenet-v2': mobilenetV2,
  'efficientnet-b0': efficientnetB0,
} as const satisfies Readonly<Record<string, Network>>;

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
  resnet20: 36,
  'vit-tiny32': 36,
  resnet18: 256,
  resnet50: 256,
  'vgg11-bn': 256,
  'mobilenet-v2': 256,
  'efficientnet-b0': 256,
} as const satisfies Readonly<Record<PresetName, number>>;
