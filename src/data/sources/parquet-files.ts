// Which Parquet files make up an image set, by the names that the Hugging Face Hub gives them.
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { type PartName, partOfWord, partsByWord } from '../parts.js';
import { foldersIn, visible } from './files.js';

/** One file of a set. */
export interface Shard {
  readonly path: string;
  readonly part: PartName;
}

// "train-00000-of-00002.parquet", older "train-00000-of-00002-1359597a978bc4fa.parquet", single
// "train.parquet".
const FILE = new RegExp(
  `^(${Object.keys(partsByWord).join('|')})(?:-(\\d+)-of-(\\d+)(?:-[0-9a-f]+)?)?\\.parquet$`,
);

/** The files of the set at `path`: a folder that holds them, or one folder for each split with
 *  numbered files ("default/train/0000.parquet", as the Hub itself converts sets), or the only
 *  folder below it that does ("data/", a configuration's name), or a single file. Null if there are
 *  none. Training images are those of split train; validation images those of split validation, of
 *  split test only where there is no validation; other splits are left out. Training files come
 *  first.
 *  @throws DataError if files of a split are missing, or there are several sets */
export function findShards(path: string): readonly Shard[] | null {
  if (!statSync(path).isDirectory()) return /\.parquet$/.test(path) ? [singleShard(path)] : null;
  const here = setIn(path);
  if (here.length > 0) return here;
  const found = foldersIn(path).filter((name) => holdsSet(join(path, name)));
  const [only, second] = found;
  if (only === undefined) return null;
  if (second === undefined) return setIn(join(path, only));
  throw new DataError(
    `${path}: ${found.length} sets of Parquet files (${found.join(', ')}), wanted one`,
    {
      hint: `Name one of them, such as ${join(path, only)}.`,
    },
  );
}

function holdsSet(folder: string): boolean {
  return parquetNames(folder).length > 0 || splitFolders(folder).length > 0;
}

function setIn(folder: string): readonly Shard[] {
  const here = shardsIn(folder);
  return here.length > 0 ? here : convertedShards(folder);
}

/** Folders of a split that hold numbered files. */
function splitFolders(folder: string): string[] {
  return foldersIn(folder).filter(
    (name) => partOfWord(name) !== null && numbered(join(folder, name)).length > 0,
  );
}

function numbered(folder: string): string[] {
  return visible(folder).filter((name) => /^\d+\.parquet$/.test(name));
}

function convertedShards(folder: string): readonly Shard[] {
  const splits = splitFolders(folder);
  const hasValidation = splits.some((name) => partOfWord(name) === 'val');
  return splits
    .filter((name) => !(hasValidation && partOfWord(name) === 'test'))
    .flatMap((split) => {
      const files = numbered(join(folder, split));
      const gap = files.findIndex((name, at) => Number(name.replace('.parquet', '')) !== at);
      if (gap >= 0) {
        const number = String(gap).padStart((files[0] ?? '').length - '.parquet'.length, '0');
        refuseMissing(join(folder, split), `${number}.parquet`, '');
      }
      const part = partOfWord(split) === 'train' ? 'train' : 'val';
      return files.map((name): Shard => ({ path: join(folder, split, name), part }));
    })
    .sort((a, b) => Number(a.part !== 'train') - Number(b.part !== 'train'));
}

function parquetNames(folder: string): string[] {
  return visible(folder).filter((name) => FILE.test(name));
}

function shardsIn(folder: string): readonly Shard[] {
  const names = parquetNames(folder);
  if (names.length === 0) return [];
  refuseGaps(folder, names);
  const hasValidation = names.some(isValidation);
  return names
    .filter((name) => !(hasValidation && partOfWord(splitOf(name)) === 'test'))
    .map((name): Shard => ({ path: join(folder, name), part: partOf(name) }))
    .sort((a, b) => Number(a.part !== 'train') - Number(b.part !== 'train'));
}

function singleShard(path: string): Shard {
  const name = basename(path);
  const folderPart = partOfWord(basename(dirname(path)));
  if (!FILE.test(name) && folderPart !== null) {
    return { path, part: folderPart === 'train' ? 'train' : 'val' };
  }
  if (!FILE.test(name)) {
    throw new DataError(`${path}: its name does not say which part of a data set it is`, {
      hint: 'Wanted a name that begins with train, validation or test, such as train-00000-of-00001.parquet.',
    });
  }
  const beside = visible(dirname(path)).find(isValidation);
  if (partOfWord(splitOf(name)) === 'test' && beside !== undefined) {
    throw new DataError(`${path}: a test split beside a validation split (${beside})`, {
      hint: `Validation images are taken from one of them: name the folder ${dirname(path)} to take the validation split, or the train and validation files alone.`,
    });
  }
  return { path, part: partOf(name) };
}

function splitOf(name: string): string {
  return FILE.exec(name)?.[1] ?? '';
}

function isValidation(name: string): boolean {
  return partOfWord(splitOf(name)) === 'val';
}

function partOf(name: string): PartName {
  return partOfWord(splitOf(name)) === 'train' ? 'train' : 'val';
}

// A set that lacks a file would be trained on without a word.
function refuseGaps(folder: string, names: readonly string[]): void {
  const missing = new Set<string>();
  const numbers = names.map((name) => FILE.exec(name)?.slice(1, 4) ?? []);
  for (const [split = '', , count] of numbers) {
    if (count === undefined) continue;
    for (let shard = 0; shard < Number(count); shard++) {
      const number = String(shard).padStart(count.length, '0');
      const isThere = numbers.some(
        (each) => each[0] === split && each[1] === number && each[2] === count,
      );
      if (!isThere) missing.add(`${split}-${number}-of-${count}.parquet`);
    }
  }
  if (missing.size === 0) return;
  const [first] = missing;
  const more = missing.size > 1 ? ` and ${missing.size - 1} more` : '';
  refuseMissing(folder, first ?? '', more);
}

function refuseMissing(folder: string, first: string, more: string): never {
  throw new DataError(`${folder}: ${first}${more} is missing`, {
    hint: 'Fetch what is missing; to use a part of the set, name its files instead of the folder.',
  });
}
