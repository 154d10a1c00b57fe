// What a source of images is: something that lists its identity cheaply and then hands out its
// files one after another.
import type { Json } from '../base/canonical-json.js';
import type { Channels } from './image-set.js';
import type { StoreHeader } from './store/store-file.js';

/** The two parts of every data set. */
export type PartName = 'train' | 'val';

/** Shape of pixels that need no decoding: u8 [channels,height,width]. */
export interface PixelShape {
  readonly channels: Channels;
  readonly height: number;
  readonly width: number;
}

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
  /** Set if its bytes are pixels, u8 [C,H,W], and not an encoded image. */
  readonly pixels?: PixelShape;
  /** Its bytes; rejects if it cannot be read. */
  read(): Promise<Uint8Array>;
}

/** A class or file of a source. */
export type SourceEntry = SourceClass | SourceFile;

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
  /** All entries if they are known before anything is read (folders), else null (archives). */
  readonly listing: readonly SourceEntry[] | null;
  /** All entries in a fixed order. `onBytes` is told of bytes as they are read.
   *  @throws DataError if an archive is damaged */
  entries(onBytes: (bytes: number) => void): AsyncIterable<SourceEntry>;
  /** Channels that its images have or are brought to; without it 3.
   *  @throws DataError (rejects) if the source has to be looked at for that and is damaged */
  channels?(): Promise<Channels>;
  /** Set if the source is a store of raw records: nothing is to be decoded. */
  readonly rawStore?: StoreHeader;
  /** Set if the source is a store of JPEG records: they can be decoded whenever they are needed. */
  readonly jpegStore?: StoreHeader;
}

/** Where a path inside a source belongs: the first folder named train or val is the part, the next
 *  one the class, the rest the name ('' for the class's folder itself). Folders above the part are
 *  allowed (archives often have one). Null for everything else, and for hidden files (".DS_Store",
 *  "._x.jpg"), which no one means as images. */
export function placeInSource(
  path: string,
): { part: PartName; class: string; name: string } | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const at = segments.findIndex((segment) => segment === 'train' || segment === 'val');
  const className = segments[at + 1];
  if (at < 0 || className === undefined) return null;
  const rest = segments.slice(at + 1);
  if (rest.some((segment) => segment.startsWith('.'))) return null;
  return {
    part: segments[at] as PartName,
    class: className,
    name: rest.slice(1).join('/'),
  };
}
