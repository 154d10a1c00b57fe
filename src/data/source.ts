// What a source of images is: something that lists its identity cheaply and then hands out its
// files one after another.
import type { Json } from '../base/canonical-json.js';
import type { Channels, PixelForm } from './image-form.js';
import { neededParts, partOfWord, type PartName } from './parts.js';
import type { StoreHeader } from './store/store-index.js';

/** A class that a source has a folder for (it may turn out empty). */
export interface SourceClass {
  readonly kind: 'class';
  readonly part: PartName;
  readonly class: string;
}

/** One file below `<part>/<class>/`, not yet known to be an image. */
export interface SourceFile {
  readonly kind: 'file';
  readonly part: PartName;
  readonly class: string;
  /** Path below the class's folder, with "/" between folders. */
  readonly name: string;
  /** Folder or archive it comes from, for messages. */
  readonly origin: string;
  /** Archive that it comes from, where names need not differ from those of other archives. */
  readonly shard?: string;
  /** Set if its bytes are pixels, u8 [C,H,W], and not an encoded image. */
  readonly pixels?: PixelForm;
  /** Bytes that it holds in memory until it is done with, or will once it is read; left out if they
   *  are few. */
  readonly size?: number;
  /** Its bytes; rejects if it cannot be read, or does not begin as an image does. */
  read(): Promise<Uint8Array>;
}

/** A file or folder that was passed over and is to be named in reports. */
export interface LeftOut {
  readonly kind: 'left out';
  /** Its path in the source; of a folder with "/" at the end. */
  readonly file: string;
  /** Folder or archive it lies in. */
  readonly origin: string;
  /** Why, in a few words. */
  readonly reason: string;
}

/** A class or file of a source, or something that is neither. */
export type SourceEntry = SourceClass | SourceFile | LeftOut;

/** The held-out part of a source. Apart from its entries, because which of its folders are classes
 *  is only known when the training and validation images of all sources are. */
export interface TestPart {
  /** All its files if they are known before anything is read, else null. */
  readonly listing: readonly SourceFile[] | null;
  /** Its files of these classes, in a fixed order; files of other folders are not looked at.
   *  @throws DataError if an archive is damaged */
  files(classes: ReadonlySet<string>, onBytes: (bytes: number) => void): AsyncIterable<SourceFile>;
}

/** A folder or an archive, opened. */
export interface ImageSource {
  /** Absolute path. */
  readonly path: string;
  /** What it was taken for, in a few words that fit after a path: "ImageNet's tar of tars, training
   *  images". */
  readonly recognised: string;
  /** Bytes that reading it will take, for progress. */
  readonly bytes: number;
  /** Changes whenever the source may have changed; made from paths, sizes and times, without
   *  reading any file. */
  readonly fingerprint: Json;
  /** All entries of training and validation if they are known before anything is read (folders),
   *  else null (archives). */
  readonly listing: readonly SourceEntry[] | null;
  /** All entries of training and validation in a fixed order. `onBytes` is told of bytes as they
   *  are read.
   *  @throws DataError if an archive is damaged */
  entries(onBytes: (bytes: number) => void): AsyncIterable<SourceEntry>;
  /** Set if all of it belongs to one part. */
  readonly part?: PartName;
  /** Set if it is of a test split: what it is where no other source has validation images. Beside
   *  those it is left out. */
  asValidation?(): ImageSource;
  /** Its held-out images, if it is of a kind that can have some. */
  readonly test?: TestPart;
  /** Channels that its images have or are brought to; without it 3.
   *  @throws DataError (rejects) if the source has to be looked at for that and is damaged */
  channels?(): Promise<Channels>;
  /** Set if the source is a store of raw records: nothing is to be decoded. */
  readonly rawStore?: StoreHeader;
  /** Set if the source is a store of JPEG records: they can be decoded whenever they are needed. */
  readonly jpegStore?: StoreHeader;
}

/** Where a path inside a source belongs. */
export interface SourcePlace {
  readonly part: PartName;
  readonly class: string;
  /** The rest of the path; '' for the class's folder itself. */
  readonly name: string;
}

/** Where a path inside a source belongs: the first folder named train or val is the part, or called
 *  so in other words ("Validation") where none of train, val and test is on the way; the next one
 *  is the class, the rest the name. Folders above the part are allowed (archives often have one).
 *  Null for everything else, and for hidden files (".DS_Store", "._x.jpg"), which are not meant as
 *  images. */
export function placeInSource(path: string): SourcePlace | null {
  const place = placeOf(path);
  return place?.part === 'test' ? null : place;
}

/** Where a path belongs in a held-out part: below a folder named test, with none named train or val
 *  on the way, or one that means it. Null for everything else. */
export function placeInTest(path: string): SourcePlace | null {
  const place = placeOf(path);
  return place?.part === 'test' ? place : null;
}

function placeOf(path: string): SourcePlace | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const at = [
    (segment: string) => neededParts.some((part) => part === segment),
    (segment: string) => segment === 'test',
    (segment: string) => partOfWord(segment) !== null,
  ]
    .map((isPart) => segments.findIndex(isPart))
    .find((index) => index >= 0);
  if (at === undefined) return null;
  const [word = '', className, ...name] = segments.slice(at);
  const part = partOfWord(word);
  if (part === null || className === undefined) return null;
  if ([className, ...name].some((segment) => segment.startsWith('.'))) return null;
  return { part, class: className, name: name.join('/') };
}
