// A shard of WebDataset: a .tar in which the files of each sample lie next to each other
// ("0001.jpg", "0001.cls").
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { contentHash } from '../../base/canonical-json.js';
import { DataError } from '../../base/errors.js';
import type { ImageSource, SourceEntry, SourceFile } from '../source.js';
import type { PartName } from '../parts.js';
import { numberedLines } from './image-labels.js';
import { partOfArchive, partOfName } from './webdataset-keys.js';
import { chosenPicture, type Sample, samples } from './webdataset-samples.js';

/** Names of numbered classes. */
interface ClassNames {
  readonly file: string;
  readonly names: readonly string[];
}

/** Opens a shard. Its part is recognised by its name or its folder's; one of a test split is for
 *  validation only where no other source is. Classes that are numbers take
 *  their names from synsets.txt or classnames.txt beside it (line 1 is class 0), else they are
 *  called "00000", "00001" ...
 *  @throws DataError if the part is not clear, or the names are not all different */
export function webdatasetSource(path: string): ImageSource {
  const part = partOfArchive(path);
  if (part === null) {
    throw new DataError(
      `${path}: a WebDataset shard, but neither its name nor its folder's says train or val`,
      {
        hint: 'Name it (or a link to it) like train-000000.tar and validation-000000.tar, or put it into a folder train/ or val/.',
      },
    );
  }
  if (part !== 'test') return shardSource(path, part);
  return { ...shardSource(path, part), asValidation: () => shardSource(path, 'val') };
}

function shardSource(path: string, part: PartName): ImageSource {
  const named = classNames(dirname(path));
  const { size, mtimeMs } = statSync(path);
  return {
    ...{ path, part },
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

async function* shardEntries(
  path: string,
  part: PartName,
  named: ClassNames | null,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const shard = basename(path).replace(/\.(tar|tar\.gz|tgz)$/, '');
  for await (const sample of samples(path, onBytes)) {
    const className = classOf(sample, named, path);
    yield { kind: 'file', part, class: className, origin: path, shard, ...picture(sample) };
  }
}

function picture(sample: Sample): Pick<SourceFile, 'name' | 'read' | 'size'> {
  const { key, pictures, extensions } = sample;
  const extension = chosenPicture(sample);
  const chosen = extension === null ? undefined : pictures.get(extension);
  if (chosen) return { name: `${key}.${extension}`, ...chosen };
  const found = pictures.size === 0 ? 'no image' : 'more than one image';
  const reason = `the sample has ${found} (found .${extensions.join(', .')})`;
  return { name: key, read: () => Promise.reject(new DataError(reason)) };
}

/** @throws DataError if the sample has no class, or one beyond the names */
function classOf(sample: Sample, named: ClassNames | null, path: string): string {
  const label = labelOf(sample, named, path);
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

/** The class in `.cls` (a number or a name), else in `.json` (its field `label` or `cls`), else in
 *  `.txt` where that is not a text of another kind. */
function labelOf(sample: Sample, named: ClassNames | null, path: string): number | string {
  const { key, labels, extensions } = sample;
  const [cls, json, txt] = ['cls', 'json', 'txt'].map((kind) => labels.get(kind));
  let found: unknown = cls?.toString('utf8').trim();
  if (cls === undefined && json !== undefined) found = jsonLabel(json);
  if (found === undefined && txt !== undefined) found = textLabel(txt, named);
  if (typeof found === 'string' && /^\d+$/.test(found)) found = Number(found);
  if (typeof found === 'number' && Number.isInteger(found) && found >= 0) return found;
  if (typeof found === 'string' && isName(found)) return found;
  const what =
    found === undefined
      ? `no class (found .${extensions.join(', .')})`
      : `class ${JSON.stringify(found)}`;
  throw new DataError(
    `${path}: sample "${key}" has ${what}, wanted .cls with a number or .json with a field label or cls`,
    {
      hint: 'A number or a name in .txt will do too; else write the shard again with a .cls file.',
    },
  );
}

// Longer than names of classes are.
const LONGEST_NAME = 80;

/** A text that may be a class: a number, one of the names, or without names a short line. Captions
 *  are in .txt too. */
function textLabel(txt: Buffer, named: ClassNames | null): string | undefined {
  const text = txt.toString('utf8').trim();
  const fits = named?.names.includes(text) ?? (text.length <= LONGEST_NAME && !text.includes('\n'));
  return /^\d+$/.test(text) || fits ? text : undefined;
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
