// What the sources of images were taken for, on standard error.
import type { ImageSource } from '../data/source.js';
import { recognisedLines } from '../library/recognised.js';
import { colours, remark } from './output.js';

/** Says what each source was recognised as; many of one kind in one line. */
export function sayRecognised(sources: readonly ImageSource[]): void {
  for (const line of recognisedLines(sources)) remark(colours.dim(line));
}
