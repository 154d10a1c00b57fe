// Data sets and classes without images are refused, with what to do about them.
import { DataError } from '../../base/errors.js';
import { listed } from '../classes/splits.js';
import { formatNames } from '../images/image-format.js';
import { type ByPart, neededParts, type PartName, partWords } from '../parts.js';
import { type SkippedFile, total } from './store-index.js';

/** What {@link refuseEmpty} looks at. */
export interface Contents {
  readonly classes: readonly string[];
  readonly counts: ByPart<readonly number[]>;
  readonly skipped: readonly SkippedFile[];
  readonly sources: readonly string[];
}

/** @param used classes that must have images of both kinds; left out: all
 *  @throws DataError if there are no classes or one that is used has no training or no validation
 *  image */
export function refuseEmpty(contents: Contents, used?: readonly string[]): void {
  const { classes, counts, sources } = contents;
  const where = sources.join(', ');
  const absent = (used ?? []).filter((name) => !classes.includes(name));
  if (absent.length > 0 && classes.length > 0) {
    throw new DataError(`no ${listed(absent)} in ${where}, which has ${listed(classes)}`, {
      hint: 'Correct the name, or leave the class out.',
    });
  }
  const isUsed = new Set(used ?? classes);
  for (const part of neededParts) {
    const empty = classes.filter((_, label) => counts[part][label] === 0);
    const missing = empty.filter((name) => isUsed.has(name));
    if (missing.length === 0 && classes.length > 0) continue;
    const isNone = empty.length === classes.length;
    const what = isNone ? `no ${partWords[part]} images` : `no images of ${listed(missing)}`;
    const held = total(counts.test);
    const aside =
      isNone && part === 'val' && held > 0
        ? ` (${held} test ${held === 1 ? 'image is' : 'images are'} kept apart)`
        : '';
    throw new DataError(`${what}${isNone ? '' : ` at ${part}/<class>/*`} in ${where}${aside}`, {
      hint: emptyHint(contents, part, isNone),
    });
  }
}

function emptyHint({ counts, skipped: files }: Contents, part: PartName, isNone: boolean): string {
  const skipped = files.find(({ file }) => file.startsWith(`${part}/`));
  if (skipped !== undefined) {
    return `Files that could not be decoded were skipped, such as ${skipped.file}: ${skipped.reason}.`;
  }
  if (part === 'val' && isNone && total(counts.train) > 0) {
    const rename =
      total(counts.test) === 0 ? '' : ' Or rename the folder of test images to val, to compare on.';
    return `Set data: {holdOut: 0.2} (data pack: --hold-out 0.2): a fifth of each class's training images is then for validation.${rename}`;
  }
  if (isNone) {
    return `Each class needs at least one training and one validation image (${formatNames}), in folders train/<class>/ and val/<class>/ or <class>/ alone.`;
  }
  return 'Each class needs at least one training and one validation image. Add some, move the folder out, or name the other classes: tasks: {classes: ...}.';
}
