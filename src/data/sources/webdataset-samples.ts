// The samples of a WebDataset shard: files that share a key, put together also where they do not
// lie next to each other.
import { DataError } from '../../base/errors.js';
import type { SourceFile } from '../source.js';
import { imageOf } from './archive-member.js';
import { type TarMember, tarMembers } from './tar-members.js';
import { isLabel, isPicture, keyAndExtension } from './webdataset-keys.js';

/** A picture of a sample; null if its bytes have passed and are read again when they are wanted. */
type Picture = Pick<SourceFile, 'read' | 'size'> | null;

/** Files of one sample. */
export interface Sample {
  readonly key: string;
  /** By extension, as it is written. */
  readonly pictures: Map<string, Picture>;
  /** Content of what may say its class, by extension in lower case. */
  readonly labels: Map<string, Buffer>;
  /** All its extensions in lower case. */
  readonly extensions: string[];
}

// A class is a word or a number, metadata a few lines.
const LARGEST_LABEL = 2 ** 20;

/** Samples that have an image or a class; other files are passed over. Those whose files do not lie
 *  next to each other come last: their images are read in a second pass, so that none waits in
 *  memory for its class.
 *  @throws DataError if a file comes twice */
export async function* samples(
  path: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Sample> {
  const done = new Set<string>();
  const aside = new Map<string, Sample>();
  let sample = emptySample('');
  const putAside = () => {
    if (!isUsed(sample)) return;
    for (const extension of sample.pictures.keys()) sample.pictures.set(extension, null);
    aside.set(sample.key, sample);
  };
  for await (const { member, key, extension } of filesOf(path, onBytes)) {
    if (sample.key !== key) {
      if (isReady(sample)) yield sample;
      else putAside();
      if (isReady(sample)) done.add(sample.key);
      sample = aside.get(key) ?? emptySample(key);
      aside.delete(key);
    }
    const isPart = isPicture(extension) || isLabel(extension);
    if (done.has(key) && isPart) throw twice(path, key, APART);
    await add(sample, path, extension, member);
  }
  if (isReady(sample)) yield sample;
  else putAside();
  yield* later(path, aside);
}

/** Samples that were put aside, in the order of their images. */
async function* later(path: string, aside: ReadonlyMap<string, Sample>): AsyncGenerator<Sample> {
  const wanted = new Set<string>();
  for (const sample of aside.values()) {
    const extension = chosenPicture(sample);
    if (extension === null) yield sample;
    else wanted.add(`${sample.key}.${extension}`);
  }
  if (wanted.size === 0) return;
  for await (const { member, key, extension } of filesOf(path)) {
    const sample = wanted.has(`${key}.${extension}`) ? aside.get(key) : undefined;
    if (sample === undefined) continue;
    yield { ...sample, pictures: new Map([[extension, await imageOf(member)]]) };
  }
}

async function* filesOf(path: string, onBytes?: (bytes: number) => void) {
  for await (const member of tarMembers(path, onBytes)) {
    const found = member.isFolder ? null : keyAndExtension(member.name);
    if (found !== null) yield { member, ...found };
  }
}

async function add(sample: Sample, path: string, extension: string, member: TarMember) {
  const kind = extension.toLowerCase();
  if (sample.extensions.includes(kind)) throw twice(path, sample.key, `it has two files .${kind}`);
  sample.extensions.push(kind);
  if (isPicture(extension)) sample.pictures.set(extension, await imageOf(member));
  else if (isLabel(extension) && member.size <= LARGEST_LABEL) {
    sample.labels.set(kind, await member.contents());
  }
}

/** The extension of the sample's image: of several, the one that is nothing but a format ("jpg",
 *  not "mask.png"); null if it has none, or it is not clear which. */
export function chosenPicture({ pictures }: Sample): string | null {
  const all = [...pictures.keys()];
  const plain = all.filter((extension) => !extension.includes('.'));
  const [only, other] = plain.length > 0 ? plain : all;
  return only !== undefined && other === undefined ? only : null;
}

const APART = 'its files do not lie next to each other, or two samples have the same key';

function emptySample(key: string): Sample {
  return { key, pictures: new Map(), labels: new Map(), extensions: [] };
}

// A .json or .txt alone may be about anything.
function isUsed({ pictures, labels }: Sample): boolean {
  return pictures.size > 0 || labels.has('cls');
}

function isReady({ pictures, labels }: Sample): boolean {
  const isRead = [...pictures.values()].every((picture) => picture !== null);
  return pictures.size > 0 && labels.size > 0 && isRead;
}

function twice(path: string, key: string, how: string): DataError {
  return new DataError(`${path}: sample "${key}" comes twice: ${how}`, {
    hint: 'Each sample needs a key of its own; write the shard again.',
  });
}
