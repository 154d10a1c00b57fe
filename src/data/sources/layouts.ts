// The one table of everything that `data.source` can name. The first test of each row is cheap; no
// image is read here.
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../../base/errors.js';
import { GLYPHS } from '../glyphs/glyphs.js';
import type { ImageSource } from '../source.js';
import { isStoreFile } from '../store/store-format.js';
import { type ArchiveKind, archiveKind } from './archive-kind.js';
import { beginsWith } from './byte-stream.js';
import { cifarSource } from './cifar.js';
import { foldersIn, isFile, visible } from './files.js';
import { folderSource } from './folder-source.js';
import { idxSource } from './idx.js';
import { detectIlsvrc2012, ilsvrc2012Source, validationArchive } from './ilsvrc2012.js';
import { parquetSource } from './parquet.js';
import { storeSource } from './store-source.js';
import { tarOfClasses } from './tar-of-classes.js';
import { tarOfTars } from './tar-of-tars.js';
import { tarSource } from './tar-source.js';
import { detectTinyImagenet, tinyImagenetFolder } from './tiny-imagenet.js';
import { zipSource } from './zip-source.js';
import { partOfArchive, partOfName } from './webdataset-keys.js';
import { webdatasetSource } from './webdataset.js';

/** A path that exists, and what can be told of it at once. */
interface Place {
  readonly path: string;
  readonly isFolder: boolean;
  readonly isStore: boolean;
  readonly isZip: boolean;
  /** What it holds, if it is an archive of a kind that is known. */
  readonly holds: ArchiveKind | null;
}

type Opened = ImageSource | readonly ImageSource[];

/** One kind of source. */
interface Layout {
  /** As users are told of it: "Wanted: ..., <name>, ...". */
  readonly name: string;
  /** What speaks for it; null if nothing does. */
  detect(place: Place): string | null;
  open(path: string): Opened | Promise<Opened>;
}

/** All kinds but plain folders and archives of them, which are what is left. */
const layouts: readonly Layout[] = [
  {
    name: 'a store made by selffer data pack',
    detect: ({ isStore }) => (isStore ? 'its first bytes' : null),
    open: storeSource,
  },
  {
    name: 'ILSVRC2012 as published (ILSVRC2012_img_train.tar, ILSVRC2012_img_val.tar, the devkit or val.txt; packed or extracted)',
    detect: ({ path, isFolder }) => (isFolder ? detectIlsvrc2012(path) : null),
    open: ilsvrc2012Source,
  },
  {
    name: 'ILSVRC2012_img_val.tar alone, with the devkit or val.txt beside it',
    detect: ({ holds }) => (holds === 'ilsvrc-validation' ? 'the names in it' : null),
    open: validationArchive,
  },
  {
    name: 'an archive of class archives (ILSVRC2012_img_train.tar)',
    detect: ({ holds }) => (holds === 'archives' ? 'the archives in it' : null),
    open: (path) => tarOfTars(path, partOfArchive(path) ?? 'train'),
  },
  {
    name: 'WebDataset shards (train-{000000..000146}.tar), or their folder',
    detect: ({ holds }) => (holds === 'samples' ? 'samples of an image and a class' : null),
    open: webdatasetSource,
  },
  {
    name: 'an archive of one part with folders of classes (train.tar with <class>/*)',
    detect: ({ holds }) =>
      holds === 'classes' || holds === 'classes below' ? 'images in folders' : null,
    open: async (path) => tarOfClasses(path, (await archiveKind(path)) === 'classes' ? 0 : 1),
  },
  {
    name: 'the folder tiny-imagenet-200 as published',
    detect: ({ path, isFolder }) => (isFolder ? detectTinyImagenet(path) : null),
    open: tinyImagenetFolder,
  },
  {
    name: 'tiny-imagenet-200.zip, or a .zip archive with train/<class>/ and val/<class>/',
    detect: ({ isZip }) => (isZip ? 'its first bytes' : null),
    open: zipSource,
  },
  known('CIFAR-10 or CIFAR-100, binary version (cifar-10-binary.tar.gz, or unpacked)', cifarSource),
  known('MNIST, EMNIST or another set of IDX files (their folder, or one of them)', idxSource),
  known('Parquet files of images (their folder, or one of them)', parquetSource),
  {
    name: 'a folder of .tar archives',
    detect: ({ path, isFolder }) => {
      const [first] = isFolder && detectIlsvrc2012(path) === null ? archivesIn(path) : [];
      return first ?? null;
    },
    open: async (path) => {
      const sources: ImageSource[] = [];
      for (const archive of archivesIn(path)) sources.push(...(await openSource(archive)));
      return sources;
    },
  },
];

/** A kind whose files tell by themselves what they are: opening says whether it is one. */
function known(name: string, open: (path: string) => ImageSource | null): Layout {
  return {
    name,
    detect: ({ path, isStore }) => (isStore ? null : (open(path)?.recognised ?? null)),
    open: (path) => open(path) ?? [],
  };
}

/** One line for users whose source is none of these. */
export const wantedSources = [
  GLYPHS,
  'a folder with train/<class>/ and val/<class>/ (and test/<class>/)',
  '.tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst or .zip archives of one',
  ...layouts.map(({ name }) => name),
].join('; ');

/** Opens what stands at `path`.
 *  @throws DataError if it looks like two things at once, or what it looks like is incomplete */
export async function openSource(path: string): Promise<readonly ImageSource[]> {
  const place = await look(path);
  const found = layouts.flatMap((layout) => {
    const evidence = layout.detect(place);
    return evidence === null ? [] : [{ layout, evidence }];
  });
  const [only, other] = found;
  if (only === undefined) return [place.isFolder ? folderSource(path) : await tarSource(path)];
  if (other === undefined) return [await only.layout.open(path)].flat();
  const looks = found.map(({ layout, evidence }) => `${layout.name}: ${evidence}`);
  throw new DataError(`${path} looks like several things at once:\n  ${looks.join('\n  ')}`, {
    hint: 'Move what does not belong to it out of the folder, or name the files themselves.',
  });
}

async function look(path: string): Promise<Place> {
  const isFolder = statSync(path).isDirectory();
  const none = { path, isFolder, isStore: false, isZip: false, holds: null };
  if (isFolder) return none;
  if (!isFile(path)) throw new DataError(`${path} is neither a file nor a folder`);
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    throw new DataError(`${path} cannot be read`, {
      hint: 'Change its permissions so that you can read it.',
      cause,
    });
  }
  if (isStoreFile(path)) return { ...none, isStore: true };
  if (beginsWith(path, ZIP)) return { ...none, isZip: true };
  return { ...none, holds: await archiveKind(path) };
}

const ZIP = '504b0304';

/** Archives that lie in a folder, or in its folders of parts (of a test split only where there is
 *  none for validation); none if there are folders of classes. */
function archivesIn(folder: string): string[] {
  const named = foldersIn(folder).filter((name) => partOfName(name) !== null);
  const hasVal = named.some((name) => partOfName(name) === 'val');
  const parts = named.filter((name) => !(hasVal && partOfName(name) === 'test'));
  const folders = [folder, ...parts.map((name) => join(folder, name))];
  if (parts.some((name) => foldersIn(join(folder, name)).length > 0)) return [];
  return folders.flatMap((each) =>
    visible(each)
      .filter((name) => /\.(tar(\.(gz|bz2|xz|zst))?|tgz|tbz2?|txz|tzst)$/.test(name))
      .map((name) => join(each, name)),
  );
}
