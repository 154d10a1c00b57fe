// What the header of an archive's member says, checked: its name, its size, and whether it has
// bytes of its own.
import type { ExtractEvents } from 'tar-stream';
import { DataError } from '../../base/errors.js';
import { pathInArchive, type TarLink } from './tar-links.js';

/** A member as tar-stream hands it out; names are bytes, a character each. */
export type Entry = ExtractEvents['entry'][1];

/** What is known of a member before its bytes. */
export interface TarHeader {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly isFolder: boolean;
  /** Set if it is a link. */
  readonly link: TarLink | null;
  /** Why it has no bytes that could be read; null if it has. */
  readonly problem: string | null;
}

/** A header that cannot be right; who reads the archive says which one it is in. */
class DamagedHeader extends Error {}

/** Reads the headers of one archive, one after another. */
export class TarHeaders {
  /** Name of the last member, '' before the first. */
  last = '';
  readonly #decoded = new Map<string, string>();

  /** What a header says; null for what is neither a file, a folder nor a link to one.
   *  @throws DamagedHeader if its size is damaged
   *  @throws DataError if its name cannot be told from another one */
  read(header: Entry['header']): TarHeader | null {
    const { type } = header;
    const pax = header.pax as Readonly<Record<string, string>> | null;
    const name = pax?.['GNU.sparse.name'] ?? this.#text(header.name, pax?.path);
    this.last = name;
    const size: unknown = header.size;
    // tar-stream takes a damaged size field for null, and then waits for ever.
    if (!Number.isSafeInteger(size))
      throw new DamagedHeader(`the size field of ${name} is damaged`);
    const facts = { name, size: header.size, isFolder: type === 'directory', link: null };
    const isSparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse.'));
    switch (type) {
      case 'file':
      case 'contiguous-file':
      case 'directory':
        return { ...facts, problem: isSparse ? SPARSE : null };
      case 'link':
      case 'symlink': {
        const written = this.#text(header.linkname ?? '', pax?.linkpath);
        return { ...facts, link: linkOf(name, written, type === 'link'), problem: null };
      }
      case 'character-device':
      case 'block-device':
      case 'fifo':
        return { ...facts, problem: 'not a regular file (a pipe or device)' };
      default:
        // Labels of volumes have no bytes, lists of folders end as folders do.
        return header.size > 0 && !name.endsWith('/') ? { ...facts, problem: SPARSE } : null;
    }
  }

  /** @param pax the name where it was written as UTF-8 in any case */
  #text(bytes: string, pax: string | undefined): string {
    if (pax !== undefined || !NOT_ASCII.test(bytes)) return pax ?? bytes;
    const text = Buffer.from(bytes, 'latin1').toString('utf8');
    if (text.includes('\ufffd')) this.#refuseSame(text.split('/'), bytes.split('/'));
    return text;
  }

  // Two names that are not UTF-8 may look the same: two classes would become one.
  #refuseSame(texts: readonly string[], bytes: readonly string[]): void {
    for (let length = 1; length <= texts.length; length++) {
      const [text, own] = [texts, bytes].map((each) => each.slice(0, length).join('/'));
      const known = this.#decoded.get(text as string);
      this.#decoded.set(text as string, own as string);
      if (known === undefined || known === own) continue;
      throw new DataError(
        `the archive has two names that are not UTF-8 and look the same, ${text}`,
        { hint: 'Rename one of them, or both in UTF-8 (convmv does), and pack the archive again.' },
      );
    }
  }
}

const SPARSE =
  'stored as a sparse file or in pieces: pack the archive again without --sparse, in one volume';

const NOT_ASCII = /[\u0080-\u00ff]/;

function linkOf(name: string, written: string, isHard: boolean): TarLink {
  const path = pathInArchive(name) ?? name;
  const folder = isHard ? '' : path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return { path, target: pathInArchive(written, folder), written };
}
