// Lists of class names as data sets bring them along.
import { DataError } from '../../base/errors.js';

/** Checks names by label: none empty, none twice.
 *  @param where names their file in errors
 *  @throws DataError */
export function checkedNames(names: readonly string[], where: string): readonly string[] {
  if (names.length === 0) throw new DataError(`${where}: no class names in it`);
  for (const [label, name] of names.entries()) {
    if (name.trim() === '')
      throw new DataError(`${where}: the class of label ${label} has no name`);
    const first = names.indexOf(name);
    if (first === label) continue;
    throw new DataError(
      `${where}: labels ${first} and ${label} have the same class name, "${name}"`,
    );
  }
  return names;
}

/** Names of a text with one a line, label 0 first; empty lines at the end do not count.
 *  @throws DataError */
export function namesByLine(text: string, where: string): readonly string[] {
  const lines = text.trimEnd().split(/\r?\n/);
  return checkedNames(
    lines.map((line) => line.trim()),
    where,
  );
}
