// A source all of whose entries are known before anything is read.
import type { Json } from '../../base/canonical-json.js';
import type { ImageSource, SourceEntry, SourceFile } from '../source.js';
import type { PartName } from '../parts.js';
import type { FoundFile } from './files.js';

/** Classes and files of folders, collected in their order. */
export class Listing {
  readonly entries: SourceEntry[] = [];
  readonly identity: [path: string, size: number, mtimeMs: number][] = [];
  bytes = 0;
  readonly #origin: string;

  /** @param origin folder that messages name */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** A class, also if it stays empty. */
  addClass(part: PartName, className: string): void {
    this.entries.push({ kind: 'class', part, class: className });
    this.identity.push([`${part}/${className}/`, 0, 0]);
  }

  /** A file of a class. */
  addFile(part: PartName, className: string, file: FoundFile): void {
    const { name, size, mtimeMs, read } = file;
    this.bytes += Math.max(0, size);
    this.identity.push([`${part}/${className}/${name}`, size, mtimeMs]);
    this.entries.push({
      ...{ kind: 'file', part, class: className, name },
      origin: this.#origin,
      size: Math.max(0, size),
      read,
    });
  }

  /** A folder that is not looked into. */
  addLeftOut(folder: string, reason: string): void {
    this.entries.push({ kind: 'left out', file: `${folder}/`, origin: this.#origin, reason });
  }

  /** The source of what was collected. */
  source(path: string, recognised: string, fingerprint: Json = this.identity): ImageSource {
    const { bytes, entries: listing } = this;
    return {
      ...{ path, recognised, bytes, fingerprint, listing },
      async *entries(onBytes) {
        for (const entry of listing) {
          if (entry.kind === 'file') yield countedFile(entry, onBytes);
          else yield entry;
        }
      },
    };
  }
}

/** A file that tells of its bytes when they have been read. */
export function countedFile(file: SourceFile, onBytes: (bytes: number) => void): SourceFile {
  return { ...file, read: () => counted(file.read(), onBytes) };
}

async function counted(reading: Promise<Uint8Array>, onBytes: (bytes: number) => void) {
  const bytes = await reading;
  onBytes(bytes.length);
  return bytes;
}
