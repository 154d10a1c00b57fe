// Links in an archive: which of its files each of them stands for. Paths only; nothing is read
// here.

import { DataError } from '../../base/errors.js';
import type { ArchiveMember } from './archive-member.js';

/** A hard or symbolic link. */
export interface TarLink {
  /** Its own path in the archive. */
  readonly path: string;
  /** Where it leads in the archive; null if it leads out of it. */
  readonly target: string | null;
  /** Where it leads, as it is written in the archive. */
  readonly written: string;
}

/** A path without ".", empty segments and "..", from the archive's top; null if it leads above it.
 *  @param folder what a relative path starts from */
export function pathInArchive(path: string, folder = ''): string | null {
  const from = path.startsWith('/') ? '' : folder;
  const segments: string[] = [];
  for (const segment of [...from.split('/'), ...path.split('/')]) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.join('/');
}

// Folders that link to each other can offer a file under more paths than could ever be read.
const MOST = 1e6;
// More links on the way to a file than this are a circle.
const HOPS = 40;

/** What each link stands for.
 *  @returns by path of a file or folder that is no link: the paths under which links offer it too.
 *  Links that lead in circles, back up to a folder they lie in, or out of the archive, offer
 *  nothing. */
export function offeredPaths(links: readonly TarLink[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string>();
  for (const { path, target } of links) {
    // GNU tar writes a file that it was given twice as a link to itself.
    if (target !== null && target !== path) targets.set(path, target);
  }
  const below = linksBelow([...targets.keys()]);
  const offered = new Map<string, string[]>();
  let count = 0;
  const offer = (path: string, real: string, above: readonly string[]) => {
    const target = followed(real, targets);
    if (target === null || above.includes(target)) return;
    if (++count > MOST) return;
    const known = offered.get(target);
    if (known === undefined) offered.set(target, [path]);
    else known.push(path);
    for (const inner of below.get(target) ?? []) {
      const rest = inner.slice(target.length);
      offer(path + rest, inner, [...above, ...foldersTo(inner, target)]);
    }
  };
  for (const path of targets.keys()) {
    const folder = followed(folderOf(path), targets);
    if (folder !== null) offer(path, path, ['', ...foldersTo(`${folder}/x`, '')]);
  }
  return offered;
}

/** The paths under which links offer the member at `path`, with the link that each is owed to. */
export function offeredAt(
  offered: ReadonlyMap<string, readonly string[]>,
  path: string,
): { readonly path: string; readonly link: string }[] {
  const found: { path: string; link: string }[] = [];
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    for (const link of offered.get(path.slice(0, end)) ?? []) {
      found.push({ path: link + path.slice(end), link });
    }
  }
  return found;
}

/** A link that leads to nothing in the archive, as a member without bytes. */
export function lostLink({ path, written }: TarLink): ArchiveMember {
  const problem = `a link to ${written}, which is not in the archive`;
  return {
    ...{ name: path, size: 0, isFolder: false, linkTo: null, problem },
    image: () => Promise.resolve(() => Promise.reject(new DataError(problem))),
  };
}

/** `path` with every link on the way replaced by what it leads to; null for a circle. */
function followed(path: string, targets: ReadonlyMap<string, string>): string | null {
  let at = path;
  for (let hop = 0; hop < HOPS; hop++) {
    const link = [...foldersTo(at, ''), at].find((prefix) => targets.has(prefix));
    if (link === undefined) return at;
    at = (targets.get(link) as string) + at.slice(link.length);
  }
  return null;
}

/** Links by each folder that they lie in, near or far. */
function linksBelow(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const below = new Map<string, string[]>();
  for (const path of paths) {
    for (const folder of foldersTo(path, '')) {
      const known = below.get(folder);
      if (known === undefined) below.set(folder, [path]);
      else known.push(path);
    }
  }
  return below;
}

/** Folders on the way to `path`, those above `from` left out: "a/b/c" from "a" has "a", "a/b". */
function foldersTo(path: string, from: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    if (at >= from.length) folders.push(path.slice(0, at));
  }
  return folders;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
