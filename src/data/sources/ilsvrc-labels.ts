// Classes of ILSVRC2012's validation images, which come in one heap: from the devkit, or from
// Caffe's val.txt.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError, type FileIssue } from '../../base/errors.js';
import { ilsvrcKinds } from '../classes/natural-man-made.js';
import { isFile } from './files.js';
import { type ImageLabels, numberedLines, refuseLines } from './image-labels.js';
import { type MatValue, readMatStructures } from './mat-file.js';
import { tarMembers } from './tar-members.js';

const DEVKIT = 'ILSVRC2012_devkit_t12';
const GROUND_TRUTH = 'ILSVRC2012_validation_ground_truth.txt';

/** Whether a file is one of the validation images: "ILSVRC2012_val_00000001.JPEG", in any
 *  folder. */
export function isValidationName(path: string): boolean {
  return /^ILSVRC2012_val_\d{8}\.JPEG$/i.test(basename(path));
}

/** Labels in `folder`: the devkit (packed or extracted), else val.txt (also inside val/). Null if
 *  there are none.
 *  @throws DataError if the devkit is incomplete or damaged
 *  @throws ParseError naming lines that are wrong */
export async function findValidationLabels(folder: string): Promise<ImageLabels | null> {
  const packed = join(folder, `${DEVKIT}.tar.gz`);
  for (const kit of [join(folder, DEVKIT, 'data'), join(folder, 'data')]) {
    if (isFile(join(kit, GROUND_TRUTH)) || isFile(join(kit, 'meta.mat'))) {
      return devkitLabels(kit, extractedFile(kit, GROUND_TRUTH), extractedFile(kit, 'meta.mat'));
    }
  }
  if (isFile(packed)) {
    const { truth, meta } = await unpackDevkit(packed);
    return devkitLabels(packed, truth, meta);
  }
  const list = [join(folder, 'val.txt'), join(folder, 'val', 'val.txt')].find(isFile);
  return list === undefined ? null : listLabels(list);
}

/** What to do if there are none. */
export const labelsHint = `Put ${DEVKIT}.tar.gz beside the images (or its folder; its data/ has ${GROUND_TRUTH} and meta.mat), or Caffe's val.txt.`;

function extractedFile(kit: string, name: string): Buffer {
  const path = join(kit, name);
  if (!isFile(path)) throw missing(kit, name);
  return readFileSync(path);
}

function missing(kit: string, name: string): DataError {
  return new DataError(`${kit}: the devkit has no ${name}`, {
    hint: `Take ${DEVKIT}.tar.gz as it comes from image-net.org.`,
  });
}

async function unpackDevkit(path: string): Promise<{ truth: Buffer; meta: Buffer }> {
  let truth: Buffer | null = null;
  let meta: Buffer | null = null;
  for await (const member of tarMembers(path)) {
    if (member.name.endsWith(`data/${GROUND_TRUTH}`)) truth = await member.contents();
    if (member.name.endsWith('data/meta.mat')) meta = await member.contents();
  }
  if (truth === null) throw missing(path, GROUND_TRUTH);
  if (meta === null) throw missing(path, 'meta.mat');
  return { truth, meta };
}

/** Line i of the ground truth is the ILSVRC2012_ID of image i; meta.mat has the synset of each
 *  id. */
function devkitLabels(kit: string, truth: Buffer, meta: Buffer): ImageLabels {
  const synsets = synsetsById(readMatStructures(meta, 'synsets', `${kit}: meta.mat`), kit);
  const classes = new Map<string, string>();
  const wrong: FileIssue[] = [];
  for (const [line, number] of numberedLines(truth.toString('utf8'))) {
    const synset = /^\d+$/.test(line) ? synsets.get(Number(line)) : undefined;
    if (synset !== undefined) {
      classes.set(`ILSVRC2012_val_${String(classes.size + 1).padStart(8, '0')}.JPEG`, synset);
      continue;
    }
    const message = `found ${line}, wanted the id of a class, 1..${synsets.size} by meta.mat`;
    wrong.push({ file: join(kit, GROUND_TRUTH), line: number, message });
  }
  refuseLines(wrong);
  return { from: `the devkit (${basename(kit) === 'data' ? kit : basename(kit)})`, classes };
}

/** Classes are the synsets without children; inner nodes of the tree have ids after theirs. */
function synsetsById(
  structures: readonly Record<string, MatValue>[],
  kit: string,
): Map<number, string> {
  const synsets = new Map<number, string>();
  for (const { ILSVRC2012_ID: id, WNID: synset, num_children: children } of structures) {
    if (typeof id !== 'number' || typeof synset !== 'string' || typeof children !== 'number') {
      throw new DataError(
        `${kit}: meta.mat has a synset without ILSVRC2012_ID, WNID or num_children`,
      );
    }
    if (children === 0) synsets.set(id, synset);
  }
  return synsets;
}

/** Caffe's list: "ILSVRC2012_val_00000001.JPEG 65", the class's index from 0 in synsets.txt (beside
 *  it, else ILSVRC2012's). */
function listLabels(path: string): ImageLabels {
  const beside = join(path, '..', 'synsets.txt');
  const synsets = isFile(beside)
    ? numberedLines(readFileSync(beside, 'utf8')).map(([line]) => line)
    : [...ilsvrcKinds().keys()];
  const classes = new Map<string, string>();
  const wrong: FileIssue[] = [];
  for (const [line, number] of numberedLines(readFileSync(path, 'utf8'))) {
    const [, image, index] = /^(\S+)\s+(\d+)$/.exec(line) ?? [];
    const name = basename(image ?? '');
    const synset = synsets[Number(index)];
    if (synset === undefined) {
      const message = `found "${line}", wanted the name of an image and a class from 0 to ${synsets.length - 1}`;
      wrong.push({ file: path, line: number, message });
    } else if (classes.has(name)) {
      wrong.push({ file: path, line: number, message: `${name} comes twice` });
    } else classes.set(name, synset);
  }
  refuseLines(wrong);
  return { from: path, classes };
}
