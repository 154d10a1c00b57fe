// A shard of WebDataset: a .tar in which the files of each sample lie next to each other
// ("0001.jpg", "0001.cls").
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { contentHash } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import type { ImageSource, SourceEntry, SourceFile } from '../source.js';
import type { PartName } from '../parts.js';
import { numberedLines } from './image-labels.js';
import { tarMembers } from './tar-members.js';
import {
  isLabel,
  isPicture,
  keyAndExtension,
  partOfArchive,
  partOfName,
} from './webdataset-keys.js';

/** Names of numbered classes. */
interface ClassNames {
  readonly file: string;
  readonly names: readonly string[];
}

/** Opens a shard. Its part is recognised by its name or its folder's. Classes that are numbers take
 *  their names from synsets.txt or classnames.txt beside it (line 1 is class 0), else they are
 *  called "00000", "00001" ...
 *  @throws DataError if the part is not clear, or the names are not all different */
export function webdatasetSource(path: string): ImageSource {
  const part = partOfArchive(path);
  if (part === null || part === 'test') {
    throw new DataError(
      `${path}: a WebDataset shard, but neither its name nor its folder's says train or val`,
      {
        hint: 'Name it (or a link to it) like train-000000.tar and validation-000000.tar, or put it into a folder train/ or val/.',
      },
    );
  }
  const named = classNames(dirname(path));
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    recognised: `a WebDataset shard, taken for ${part}, classes named by ${named === null ? 'number (no synsets.txt or classnames.txt beside it)' : basename(named.file)}`,
    bytes: size,
    fingerprint: [
      'webdataset',
      part,
      size,
      mtimeMs,
      named === null ? null : contentHash([...named.names]),
    ],
    listing: null,
    entries: (onBytes) => shardEntries(path, part, named, onBytes),
  };
}

// Beside shards in train/ and val/, names may also lie one folder up.
function classNames(folder: string): ClassNames | null {
  const folders = partOfName(basename(folder)) === null ? [folder] : [folder, dirname(folder)];
  const file = folders
    .flatMap((each) => [join(each, 'synsets.txt'), join(each, 'classnames.txt')])
    .find((each) => existsSync(each));
  if (file === undefined) return null;
  const names = numberedLines(readFileSync(file, 'utf8')).map(([line]) => line);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return { file, names };
  throw new DataError(
    `${file}: lines ${names.indexOf(twice) + 1} and ${names.lastIndexOf(twice) + 1} are both "${twice}", wanted a different name for each class`,
    {
      hint: 'Make the names differ ("crane (bird)"), or put a synsets.txt with WordNet ids beside it.',
    },
  );
}

/** Files of one sample. */
interface Sample {
  readonly key: string;
  readonly pictures: Map<string, Buffer>;
  readonly labels: Map<string, Buffer>;
  readonly extensions: string[];
}

async function* shardEntries(
  path: string,
  part: PartName,
  named: ClassNames | null,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  for await (const sample of samples(path, onBytes)) {
    const className = classOf(sample, named, path);
    yield { kind: 'file', part, class: className, origin: path, ...picture(sample) };
  }
}

/** Samples that have an image or a class; other files are passed over.
 *  @throws DataError if a key or a file comes twice */
async function* samples(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Sample> {
  const keys = new Set<string>();
  let sample = emptySample('');
  for await (const member of tarMembers(path, onBytes)) {
    const found = member.isFolder ? null : keyAndExtension(member.name);
    if (found === null) continue;
    const { key, extension } = found;
    if (sample.key !== key) {
      if (isUsed(sample)) yield sample;
      if (keys.has(key)) throw twice(path, key, APART);
      keys.add(key);
      sample = emptySample(key);
    }
    const kind = extension.toLowerCase();
    if (sample.extensions.includes(kind)) throw twice(path, key, `it has two files .${kind}`);
    sample.extensions.push(kind);
    if (isLabel(extension)) sample.labels.set(kind, await member.contents());
    else if (isPicture(extension)) sample.pictures.set(extension, await member.contents());
  }
  if (isUsed(sample)) yield sample;
}

const APART = 'its files do not lie next to each other, or two samples have the same key';

function emptySample(key: string): Sample {
  return { key, pictures: new Map(), labels: new Map(), extensions: [] };
}

// A .json alone may be about anything.
function isUsed({ pictures, labels }: Sample): boolean {
  return pictures.size > 0 || labels.has('cls');
}

function twice(path: string, key: string, how: string): DataError {
  return new DataError(`${path}: sample "${key}" comes twice: ${how}`, {
    hint: 'Each sample needs a key of its own; write the shard again.',
  });
}

/** The image; of several, the one whose extension is nothing but a format ("jpg", not
 *  "mask.png"). */
function picture({ key, pictures, extensions }: Sample): Pick<SourceFile, 'name' | 'read'> {
  const all = [...pictures];
  const plain = all.filter(([extension]) => !extension.includes('.'));
  const [only, other] = plain.length > 0 ? plain : all;
  if (only !== undefined && other === undefined) {
    const [extension, bytes] = only;
    return { name: `${key}.${extension}`, read: () => Promise.resolve(bytes) };
  }
  const found = only === undefined ? 'no image' : 'more than one image';
  const reason = `the sample has ${found} (found .${extensions.join(', .')})`;
  return { name: key, read: () => Promise.reject(new DataError(reason)) };
}

/** @throws DataError if the sample has no class, or one beyond the names */
function classOf(sample: Sample, named: ClassNames | null, path: string): string {
  const label = labelOf(sample, path);
  const where = `${path}: sample "${sample.key}"`;
  if (typeof label === 'string' && named === null) return label;
  if (typeof label === 'string') {
    if (named?.names.includes(label) === true) return label;
    throw new DataError(`${where}: its class "${label}" is not in ${named?.file}`);
  }
  const last = named === null ? LAST_NUMBER : named.names.length - 1;
  const name = named === null ? String(label).padStart(DIGITS, '0') : named.names[label];
  if (label <= last && name !== undefined) return name;
  throw new DataError(
    `${where}: its class is ${label}, wanted 0 to ${last}${named === null ? '' : `, the lines of ${named.file}`}`,
    {
      hint: 'Classes are counted from 0. Take the list of names that belongs to these shards.',
    },
  );
}

const DIGITS = 5;
const LAST_NUMBER = 10 ** DIGITS - 1;

/** The class in `.cls` (a number or a name), else in `.json` (its field `label` or `cls`). */
function labelOf({ key, labels, extensions }: Sample, path: string): number | string {
  const [cls, json] = [labels.get('cls'), labels.get('json')];
  let found: unknown = cls?.toString('utf8').trim();
  if (cls === undefined && json !== undefined) found = jsonLabel(json);
  if (typeof found === 'string' && /^\d+$/.test(found)) found = Number(found);
  if (typeof found === 'number' && Number.isInteger(found) && found >= 0) return found;
  if (typeof found === 'string' && isName(found)) return found;
  const what =
    found === undefined
      ? `no class (found .${extensions.join(', .')})`
      : `class ${JSON.stringify(found)}`;
  throw new DataError(
    `${path}: sample "${key}" has ${what}, wanted .cls with a number or .json with a field label or cls`,
  );
}

function isName(text: string): boolean {
  return text !== '' && Number.isNaN(Number(text)) && !/\p{Cc}/u.test(text);
}

function jsonLabel(json: Buffer): unknown {
  try {
    const fields: unknown = JSON.parse(json.toString('utf8'));
    if (typeof fields !== 'object' || fields === null) return undefined;
    const { label, cls } = fields as { label?: unknown; cls?: unknown };
    return label ?? cls;
  } catch {
    return undefined;
  }
}
