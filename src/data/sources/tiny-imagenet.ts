// Tiny ImageNet as its publishers hand it out, as a folder or the .zip itself: wnids.txt,
// train/<synset>/images/*.JPEG, and val/images/*.JPEG whose classes are in val/val_annotations.txt.
// Names are those of folders <part>/<synset>/*.JPEG.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, type FileIssue } from '../../base/errors.js';
import type { ImageSource, SourceEntry } from '../source.js';
import { filesBelow, foldersIn, isFolder } from './files.js';
import {
  type ImageLabels,
  LabelledImages,
  labelsHash,
  listLabelled,
  numberedLines,
  refuseLines,
} from './image-labels.js';
import { Listing } from './listed-source.js';
import { type ZipMember, withZip } from './zip-members.js';

const ANNOTATIONS = 'val/val_annotations.txt';
const SYNSETS = 'wnids.txt';

/** What speaks for this layout in a folder; null if nothing does. */
export function detectTinyImagenet(folder: string): string | null {
  const found = [SYNSETS, ANNOTATIONS].filter((name) => existsSync(join(folder, name)));
  if (found.length === 0 || !isFolder(join(folder, 'val', 'images'))) return null;
  return [...found, 'val/images/'].join(', ');
}

/** Opens such a folder. @throws DataError or ParseError if its lists are missing or do not fit */
export function tinyImagenetFolder(folder: string): ImageSource {
  const read = (name: string) => {
    const path = join(folder, name);
    if (!existsSync(path)) throw missing(folder, name);
    return readFileSync(path, 'utf8');
  };
  const { synsets, labels } = readLists(folder, read(SYNSETS), read(ANNOTATIONS));
  const others = foldersIn(join(folder, 'val')).filter((name) => synsets.has(name));
  if (others.length > 0) {
    throw new DataError(
      `${folder}: validation images are both in val/images/ and in folders of their classes (val/${others[0]}/)`,
      { hint: `Move val/images/ out, or the ${others.length} folders: what is left is used.` },
    );
  }
  const listing = new Listing(folder);
  for (const synset of synsets) listing.addClass('train', synset);
  for (const synset of foldersIn(join(folder, 'train'))) {
    refuseUnknown(folder, synset, synsets);
    for (const file of filesBelow(join(folder, 'train', synset, 'images'))) {
      listing.addFile('train', synset, file);
    }
  }
  listLabelled(
    listing,
    'val',
    filesBelow(join(folder, 'val', 'images')),
    labels,
    join(folder, 'val', 'images'),
  );
  const fingerprint = ['tiny imagenet', labelsHash(labels), listing.identity];
  return listing.source(folder, RECOGNISED, fingerprint);
}

/** Opens tiny-imagenet-200.zip. What is wrong with it comes to light when it is read. */
export function tinyImagenetZip(path: string): ImageSource {
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    recognised: `${RECOGNISED}, in a .zip archive`,
    bytes: size,
    fingerprint: ['tiny imagenet', size, mtimeMs],
    listing: null,
    entries: (onBytes) => withZip(path, (members) => zipEntries(path, members, onBytes)),
  };
}

const RECOGNISED = 'Tiny ImageNet as published (wnids.txt, val_annotations.txt)';

async function* zipEntries(
  path: string,
  members: readonly ZipMember[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const { synsets, labels } = await zipLists(path, members);
  for (const synset of synsets) yield { kind: 'class', part: 'train', class: synset };
  const images = new LabelledImages(labels, path);
  for (const member of members) {
    const [, part, synset, name = ''] =
      /(?:^|\/)(train|val)\/(?:([^/]+)\/)?images\/(.+)$/.exec(member.name) ?? [];
    let place: { class: string; name: string } | null = null;
    if (part === 'val' && synset === undefined) place = images.place(name);
    if (part === 'train' && synset !== undefined) {
      refuseUnknown(path, synset, synsets);
      place = { class: synset, name };
    }
    if (place === null) continue;
    // Read here, not when asked for: the archive is closed when the last entry has been handed out.
    const bytes = await member.contents().catch((error: unknown) => error as Error);
    onBytes(member.packedBytes);
    yield {
      ...{ kind: 'file', part: part as 'train' | 'val', ...place, origin: path },
      read: () => (bytes instanceof Error ? Promise.reject(bytes) : Promise.resolve(bytes)),
    };
  }
  yield* images.missingEntries('val');
}

async function zipLists(path: string, members: readonly ZipMember[]): Promise<Lists> {
  const read = async (name: string) => {
    const member = members.find((each) => each.name === name || each.name.endsWith(`/${name}`));
    if (member === undefined) throw otherZip(path, name);
    return Buffer.from(await member.contents()).toString('utf8');
  };
  return readLists(path, await read(SYNSETS), await read(ANNOTATIONS));
}

interface Lists {
  readonly synsets: ReadonlySet<string>;
  readonly labels: ImageLabels;
}

/** wnids.txt: a synset a line. val_annotations.txt: image, synset and four numbers of a box,
 *  between tabs. */
function readLists(where: string, wnids: string, annotations: string): Lists {
  const synsets = new Set(numberedLines(wnids).map(([line]) => line));
  const classes = new Map<string, string>();
  const wrong: FileIssue[] = [];
  for (const [text, line] of numberedLines(annotations)) {
    const [name = '', synset = ''] = text.split(/\s+/);
    let message: string | null = null;
    if (!synsets.has(synset)) message = `found class "${synset}", which ${SYNSETS} does not have`;
    else if (classes.has(name)) message = `${name} comes twice`;
    else classes.set(name, synset);
    if (message !== null) wrong.push({ file: join(where, ANNOTATIONS), line, message });
  }
  refuseLines(wrong);
  return { synsets, labels: { from: ANNOTATIONS, classes } };
}

function refuseUnknown(where: string, synset: string, synsets: ReadonlySet<string>): void {
  if (synsets.has(synset)) return;
  throw new DataError(`${where}: train/${synset}/ is not a class of ${SYNSETS}`, {
    hint: `Add it to ${SYNSETS}, or move the folder out.`,
  });
}

function missing(where: string, name: string): DataError {
  return new DataError(`${where}: looks like Tiny ImageNet, but has no ${name}`, {
    hint: 'Unpack tiny-imagenet-200.zip again, or name the .zip itself as the source.',
  });
}

function otherZip(path: string, name: string): DataError {
  return new DataError(`${path}: no ${name} in this .zip archive`, {
    hint: 'It has a list of Tiny ImageNet, and not the other: fetch tiny-imagenet-200.zip again, or remove the list.',
  });
}
