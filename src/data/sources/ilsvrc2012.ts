// ILSVRC2012 as image-net.org hands it out: training images in an archive of archives, validation
// images in one heap whose classes are in the devkit. Each of them packed or extracted.
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataError } from '../../base/errors.js';
import type { ImageSource, SourceEntry } from '../source.js';
import { filesBelow, foldersIn, isFile, visible } from './files.js';
import { listPart } from './folder-source.js';
import { findValidationLabels, isValidationName, labelsHint } from './ilsvrc-labels.js';
import { type ImageLabels, LabelledImages, labelsHash, listLabelled } from './image-labels.js';
import { joinSources } from './join-sources.js';
import { Listing } from './listed-source.js';
import { tarOfTars } from './tar-of-tars.js';
import { imageOf, visibleName } from './archive-member.js';
import { tarMembers } from './tar-members.js';

const TRAIN_TAR = 'ILSVRC2012_img_train.tar';
const VAL_TAR = 'ILSVRC2012_img_val.tar';

/** What speaks for ILSVRC2012's own layout in a folder; null if nothing does, or if both train/ and
 *  val/ have class folders already (archives beside them are then what they were extracted
 *  from). */
export function detectIlsvrc2012(folder: string): string | null {
  const found = visible(folder).filter((name) =>
    /^ILSVRC2012_(img_(train|val)\.tar|devkit_t12)/.test(name),
  );
  if (isHeap(folder)) found.push('val/ILSVRC2012_val_*.JPEG');
  else if (foldersIn(join(folder, 'train')).length > 0 && foldersIn(join(folder, 'val')).length > 0)
    return null;
  return found.length === 0 ? null : found.join(', ');
}

// Whether val/ has the images side by side.
function isHeap(folder: string): boolean {
  return visible(join(folder, 'val')).some(isValidationName);
}

/** Opens such a folder. @throws DataError saying which piece is missing, or is there twice */
export async function ilsvrc2012Source(folder: string): Promise<ImageSource> {
  const [train, val] = [trainingImages(folder), await validationImages(folder)];
  const recognised = `ILSVRC2012: training images from ${train.recognised}, validation images from ${val.recognised}`;
  return joinSources(folder, recognised, [train, val]);
}

function trainingImages(folder: string): ImageSource {
  const archive = join(folder, TRAIN_TAR);
  const hasFolders = foldersIn(join(folder, 'train')).length > 0;
  if (isFile(archive) && hasFolders) throw twice(folder, TRAIN_TAR, 'train/<synset>/');
  if (isFile(archive)) return { ...tarOfTars(archive, 'train'), recognised: TRAIN_TAR };
  if (!hasFolders) throw noImages(folder, 'training', `${TRAIN_TAR} or train/<synset>/`);
  const listing = new Listing(folder);
  listPart(listing, folder, 'train');
  return listing.source(folder, 'train/<synset>/');
}

async function validationImages(folder: string): Promise<ImageSource> {
  const archive = join(folder, VAL_TAR);
  const found = [
    ...(isFile(archive) ? [VAL_TAR] : []),
    ...(isHeap(folder) ? ['val/*.JPEG'] : []),
    ...(foldersIn(join(folder, 'val')).length > 0 ? ['val/<synset>/'] : []),
  ];
  const [only, other] = found;
  if (only === undefined)
    throw noImages(folder, 'validation', `${VAL_TAR}, val/*.JPEG or val/<synset>/`);
  if (other !== undefined) throw twice(folder, only, other);
  if (only === VAL_TAR) return validationArchive(archive);
  const listing = new Listing(folder);
  if (only === 'val/<synset>/') {
    listPart(listing, folder, 'val');
    return listing.source(folder, only);
  }
  const labels = await wantedLabels(folder, join(folder, 'val'));
  listLabelled(listing, 'val', filesBelow(join(folder, 'val')), labels, join(folder, 'val'));
  return listing.source(folder, `${only} with classes from ${labels.from}`);
}

/** Opens ILSVRC2012_img_val.tar with the labels that lie beside it.
 *  @throws DataError if there are none */
export async function validationArchive(path: string): Promise<ImageSource> {
  const labels = await wantedLabels(dirname(path), path);
  const { size, mtimeMs } = statSync(path);
  return {
    path,
    recognised: `${VAL_TAR} with classes from ${labels.from}`,
    bytes: size,
    fingerprint: ['ilsvrc2012 val', size, mtimeMs, labelsHash(labels)],
    listing: null,
    entries: (onBytes) => archiveEntries(path, labels, onBytes),
  };
}

async function* archiveEntries(
  path: string,
  labels: ImageLabels,
  onBytes: (bytes: number) => void,
): AsyncGenerator<SourceEntry> {
  const images = new LabelledImages(labels, path);
  for await (const member of tarMembers(path, onBytes)) {
    const place =
      member.isFolder || visibleName(member.name) === null ? null : images.place(member.name);
    if (place === null) continue;
    yield { kind: 'file', part: 'val', ...place, origin: path, ...(await imageOf(member)) };
  }
  yield* images.missingEntries('val');
}

async function wantedLabels(folder: string, images: string): Promise<ImageLabels> {
  const labels = await findValidationLabels(folder);
  if (labels !== null) return labels;
  throw new DataError(`${images}: no classes of the validation images, looked in ${folder}`, {
    hint: labelsHint,
  });
}

function noImages(folder: string, part: string, wanted: string): DataError {
  const other = part === 'training' ? VAL_TAR : TRAIN_TAR;
  return new DataError(`${folder}: no ${part} images of ILSVRC2012, wanted ${wanted}`, {
    hint: `To use one part alone, name ${other} itself as the source.`,
  });
}

function twice(folder: string, one: string, other: string): DataError {
  return new DataError(`${folder} has the same images twice: ${one} and ${other}`, {
    hint: 'Move the one that you do not want out of the folder (extracted folders may be incomplete).',
  });
}
