// A member of an archive of any kind, as sources read it.
import { basename } from 'node:path';
import type { SourceFile } from '../source.js';
import { refuseLeftBehind } from './image-bytes.js';
import { leftBehindBy } from './left-behind.js';

/** A file or folder in an archive. */
export interface ArchiveMember {
  /** Its path in the archive; of a link its own, not where it leads. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Bytes. */
  readonly size: number;
  /** Path of the member that it is a link to, directly or by a linked folder; null if it is not. */
  readonly linkTo: string | null;
  /** Why it has no bytes of its own (a link to what is not in the archive, a device); null if it
   *  has. */
  readonly problem: string | null;
  /** Reads all of it if it begins as an image does; what does not is passed over. The answer gives
   *  the bytes, or rejects with a DataError that says in short why there are none. */
  image(): Promise<() => Promise<Buffer>>;
}

/** What a source says of a member that should be an image, read now. */
export async function imageOf(member: ArchiveMember): Promise<Pick<SourceFile, 'read' | 'size'>> {
  const by = leftBehindBy(basename(member.name));
  const read = await member.image();
  if (by === null) return { read, size: member.size };
  return { read: () => refuseLeftBehind(read(), by), size: member.size };
}

/** A member's path without "./" and empty segments; null if any of it is hidden. */
export function visibleName(path: string): string | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const isHidden = segments.some((segment) => segment.startsWith('.'));
  return isHidden || segments.length === 0 ? null : segments.join('/');
}
