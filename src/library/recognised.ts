// What the sources of images were taken for, in words.
import type { ImageSource } from '../data/source.js';

/** "PATH: a store made by selffer data pack", "147 of: a WebDataset shard, taken for train (PATH
 *  ... PATH)". */
export function recognisedLines(
  sources: readonly Pick<ImageSource, 'path' | 'recognised'>[],
): string[] {
  const paths = new Map<string, string[]>();
  for (const { path, recognised } of sources) {
    paths.set(recognised, [...(paths.get(recognised) ?? []), path]);
  }
  return [...paths].map(([recognised, all]) =>
    all.length === 1
      ? `${all[0]}: ${recognised}`
      : `${all.length} of: ${recognised} (${all[0]} ... ${all.at(-1)})`,
  );
}
