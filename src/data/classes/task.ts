// A task as a view of a data set: which records belong to it and what their labels are. No pixels
// are copied.
import { DataError } from '../../base/errors.js';
import type { ImagePart, ImageSet, Task } from '../image-set.js';
import { drawAside, type Selection } from './selection.js';
import { explicitClasses } from './splits.js';

/** The task of telling `classes` apart. Labels are 0.. in byte order of the names. Training images:
 *  the first `imagesPerClass` of each class in the set's order (null = all; a class with fewer
 *  gives all it has), without those that are kept aside. Validation images: always all, so that
 *  tasks of fewer training images are tested alike.
 *  @param selection what of these images is kept aside; left out: nothing
 *  @throws DataError for classes that the set lacks or that are named twice, or imagesPerClass
 *  below 1 */
export function makeTask(
  set: ImageSet,
  classes: readonly string[],
  imagesPerClass: number | null,
  selection?: Selection,
): Task {
  const { sorted, labelOf, kept } = keptImages(set, classes, imagesPerClass);
  const train = selection === undefined ? kept : without(kept, aside(kept, sorted, selection));
  const val = select(set.val, labelOf, sorted.length, Infinity);
  return {
    set,
    classes: sorted,
    train: train.records,
    val: val.records,
    trainLabels: train.labels,
    valLabels: val.labels,
    ...(selection === undefined ? {} : { selection }),
  };
}

/** The images that {@link makeTask} keeps aside, as the validation images of a task. */
export function selectionTask(
  set: ImageSet,
  classes: readonly string[],
  imagesPerClass: number | null,
  selection: Selection,
): Task {
  const { sorted, kept } = keptImages(set, classes, imagesPerClass);
  const { records, labels } = only(kept, aside(kept, sorted, selection));
  return {
    set: { ...set, val: set.train },
    classes: sorted,
    train: new Int32Array(0),
    val: records,
    trainLabels: new Int32Array(set.train.count).fill(-1),
    valLabels: labels,
  };
}

/** The training images of a task, those kept aside among them. */
function keptImages(set: ImageSet, classes: readonly string[], imagesPerClass: number | null) {
  if (imagesPerClass !== null && (!Number.isInteger(imagesPerClass) || imagesPerClass < 1)) {
    throw new DataError(`imagesPerClass is ${imagesPerClass}: wanted an integer from 1, or all`);
  }
  const sorted = explicitClasses(set.classes, classes, 'task');
  const taskLabel = new Map(sorted.map((name, label) => [name, label]));
  const labelOf = set.classes.map((name) => taskLabel.get(name) ?? -1);
  const kept = select(set.train, labelOf, sorted.length, imagesPerClass ?? Infinity);
  return { sorted, labelOf, kept };
}

/** Records of a part, ascending, and the label (or -1) of every record. */
interface Selected {
  readonly records: Int32Array;
  readonly labels: Int32Array;
}

function aside(kept: Selected, classes: readonly string[], selection: Selection): Int32Array {
  return drawAside(kept.records, kept.labels, classes, selection);
}

function only({ labels }: Selected, records: Int32Array): Selected {
  const own = new Int32Array(labels.length).fill(-1);
  for (const record of records) own[record] = labels[record] as number;
  return { records, labels: own };
}

function without(kept: Selected, left: Int32Array): Selected {
  const leftOut = new Set(left);
  return only(
    kept,
    kept.records.filter((record) => !leftOut.has(record)),
  );
}

/** Records of a part whose class is in the task, at most `limit` a class, and the label (or -1) of
 *  every record. */
function select(
  part: ImagePart,
  labelOf: readonly number[],
  classes: number,
  limit: number,
): Selected {
  const kept = new Array<number>(classes).fill(0);
  const labels = new Int32Array(part.count).fill(-1);
  let selected = 0;
  for (let record = 0; record < part.count; record++) {
    const label = labelOf[part.labels[record] as number] as number;
    if (label < 0 || (kept[label] as number) >= limit) continue;
    kept[label] = (kept[label] as number) + 1;
    labels[record] = label;
    selected += 1;
  }
  const records = new Int32Array(selected);
  for (let record = 0, at = 0; record < part.count; record++) {
    if ((labels[record] as number) >= 0) records[at++] = record;
  }
  return { records, labels };
}
