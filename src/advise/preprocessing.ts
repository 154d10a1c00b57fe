// How pixels become a network's input: no ONNX file has to say it, and the wrong convention costs
// many points without any error.
import { type Check, listOf, number, objectOf, text } from '../base/checks.js';
import { UsageError } from '../base/errors.js';

/** x = (pixel - mean) / std for each channel, pixels 0..255. */
export interface Preprocessing {
  readonly name: string;
  /** One number, or one a channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Check of one that is read back. */
export const preprocessingCheck: Check<Preprocessing> = objectOf<Preprocessing>({
  name: text,
  mean: listOf(number),
  std: listOf(number),
});

/** The usual conventions for images of three channels, most usual first. */
const conventions: readonly Preprocessing[] = [
  { name: 'imagenet', mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
  { name: 'symmetric', mean: [127.5], std: [127.5] },
  { name: 'unit', mean: [0], std: [255] },
  { name: 'pixels', mean: [0], std: [1] },
  { name: 'caffe', mean: [123.68, 116.779, 103.939], std: [1] },
];

/** Those of a network of so many channels. */
export function conventionsFor(channels: number): readonly Preprocessing[] {
  return conventions.filter(({ mean }) => mean.length === 1 || mean.length === channels);
}

/** What `--preprocess` says: the name of a convention, or `mean=M,.. std=S,..`.
 *  @throws UsageError */
export function parsePreprocessing(written: string, channels: number): Preprocessing {
  const named = conventionsFor(channels).find(({ name }) => name === written);
  if (named !== undefined) return named;
  const match = /^mean=([-0-9.,]+)[ ;]+std=([0-9.,]+)$/.exec(written.trim());
  const [mean, std] = [numbersOf(match?.[1], channels), numbersOf(match?.[2], channels)];
  if (mean !== null && std !== null && std.every((value) => value > 0)) {
    return { name: 'given', mean, std };
  }
  const names = conventionsFor(channels).map(({ name }) => name);
  throw new UsageError(
    `--preprocess: found ${JSON.stringify(written)}, wanted ${names.join(', ')}, or "mean=127 std=128" with 1 or ${channels} numbers each, for pixels 0 to 255`,
  );
}

function numbersOf(list: string | undefined, channels: number): readonly number[] | null {
  const numbers = list?.split(',').map((each) => (each === '' ? Number.NaN : Number(each))) ?? [];
  const isCount = numbers.length === 1 || numbers.length === channels;
  return isCount && numbers.every(Number.isFinite) ? numbers : null;
}

/** What a file's metadata says, as selffer's own files have it under `selffer.input`; null if it
 *  says nothing, or nothing that is numbers. */
export function statedPreprocessing(
  metadata: ReadonlyMap<string, string>,
  channels: number,
): Preprocessing | null {
  const written = metadata.get('selffer.input');
  if (written === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return null;
  }
  const { mean, scale, preparedBy } = (value ?? {}) as Readonly<Record<string, unknown>>;
  // Its first nodes subtract the mean: it takes pixels.
  if (typeof preparedBy === 'string' && preparedBy.startsWith('the file')) {
    return { name: 'stated', mean: [0], std: [1] };
  }
  const isList = (list: unknown): list is readonly number[] =>
    Array.isArray(list) &&
    (list.length === 1 || list.length === channels) &&
    list.every((each) => typeof each === 'number' && Number.isFinite(each));
  if (!isList(mean) || !isList(scale) || !scale.every((each) => each > 0)) return null;
  return { name: 'stated', mean, std: scale.map((each) => 1 / each) };
}
