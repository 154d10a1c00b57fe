// Which classes make task A and which task B. Class lists are always in byte order, so equal sets
// are equal lists.
import { DataError } from '../../base/errors.js';
import { formText, type ImageForm, isSameForm } from '../image-form.js';
import { inByteOrder } from './byte-order.js';
import { legacyChoice } from './numpy-legacy.js';

/** The classes of two tasks, each in byte order. */
export interface ClassHalves {
  readonly A: readonly string[];
  readonly B: readonly string[];
}

/** Two random halves, exactly the authors': classes in byte order; A = numpy's legacy
 *  RandomState([seed]) choice of floor(N/2) without replacement; B = the rest.
 *  @throws DataError for fewer than two classes, a class named twice, or a seed outside [0, 2^32)
 *  @source github.com/yosinski/convnet_transfer, ilsvrc12/make_reduced_dataset.py */
export function randomHalves(classes: readonly string[], seed: number): ClassHalves {
  const sorted = distinct(classes, 'the data set');
  if (sorted.length < 2) {
    throw new DataError(`random halves: found ${sorted.length} class, wanted at least 2`);
  }
  const chosen = new Set(legacyChoice(sorted.length, Math.floor(sorted.length / 2), seed));
  return {
    A: sorted.filter((_, index) => chosen.has(index)),
    B: sorted.filter((_, index) => !chosen.has(index)),
  };
}

/** Two lists that a user wrote, in byte order.
 *  @throws DataError for a list that is empty, names a class twice or one that the data set lacks,
 *  or lists that share a class */
export function explicitHalves(classes: readonly string[], lists: ClassHalves): ClassHalves {
  const halves = {
    A: explicitClasses(classes, lists.A, 'task A'),
    B: explicitClasses(classes, lists.B, 'task B'),
  };
  const inA = new Set(halves.A);
  const shared = halves.B.filter((name) => inA.has(name));
  if (shared.length > 0) {
    throw new DataError(`tasks A and B share ${listed(shared)}`, {
      hint: 'A class of both tasks would be learnt from both sides; put it in one list.',
    });
  }
  return halves;
}

/** One list that a user wrote, in byte order; `who` names it in errors.
 *  @throws DataError as {@link explicitHalves} */
export function explicitClasses(
  classes: readonly string[],
  list: readonly string[],
  who: string,
): readonly string[] {
  const sorted = distinct(list, who);
  if (sorted.length === 0) throw new DataError(`${who}: its list of classes is empty`);
  const known = new Set(classes);
  const unknown = sorted.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new DataError(`${who}: the data set has no ${listed(unknown)}`, {
      hint: `Its ${classes.length} classes begin with ${inByteOrder(classes).slice(0, 5).join(', ')}.`,
    });
  }
  return sorted;
}

/** All classes as one task, in byte order.
 *  @throws DataError if there are none, or one is named twice */
export function wholeTask(classes: readonly string[]): readonly string[] {
  if (classes.length === 0) throw new DataError('the data set has no classes');
  return distinct(classes, 'the data set');
}

/** Checks that networks can go from one data set to another: images of one shape.
 *  @throws DataError naming both */
export function checkSameImages(a: ImageForm, b: ImageForm): void {
  if (isSameForm(a, b)) return;
  throw new DataError(
    `two data sets with different images: A has ${formText(a)}, B has ${formText(b)} (channels x height x width)`,
    { hint: 'Set the same size for both; grey sets cannot be mixed with colour.' },
  );
}

function distinct(names: readonly string[], who: string): string[] {
  const sorted = inByteOrder(names);
  const twice = sorted.filter((name, at) => name === sorted[at - 1]);
  if (twice.length > 0) throw new DataError(`${who} names ${listed(twice)} more than once`);
  return sorted;
}

/** "class x" or "classes x, y, z and 12 more". */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `${names.length === 1 ? 'class' : 'classes'} ${shown}${more}`;
}
