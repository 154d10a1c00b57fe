// Holding out images of a data set that is being packed.
import { DataError } from '../../base/errors.js';
import type { PackedFile, PackedFiles } from '../store/manifest.js';
import { divide } from './divide.js';
import type { HeldOut, HoldOut } from './held-out.js';

/** The files with some training images made validation images, if that is asked for.
 *  @throws DataError if the data set has validation images */
export function holdOutFiles(packed: PackedFiles, holdOut: HoldOut | undefined): PackedFiles {
  if (holdOut === undefined) return packed;
  const given = packed.files.filter(({ part, skipped }) => part === 'val' && skipped === null);
  if (given.length > 0) {
    throw new DataError(
      `holdOut: the data set has ${given.length} validation images, such as val/${given[0]?.class}/${given[0]?.name}`,
      { hint: 'Leave holdOut out, or move the folder of validation images out of the data set.' },
    );
  }
  const candidates = packed.files.flatMap((file, index) => {
    const { part, skipped, sha256, look } = file;
    if (part !== 'train' || skipped !== null || sha256 === null || look === undefined) return [];
    return [{ index, class: file.class, sha256, look }];
  });
  const { held, alike, together } = divide(candidates, holdOut);
  const chosen = new Set(held.map((at) => candidates[at]?.index));
  const files = packed.files.map((file, index): PackedFile =>
    chosen.has(index) ? { ...file, part: 'val' } : file,
  );
  const heldOut: HeldOut = { ...holdOut, images: held.length, together, alike };
  return { ...packed, files, heldOut };
}
