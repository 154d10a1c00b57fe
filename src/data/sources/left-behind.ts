// Files and folders that systems, clouds and notebooks leave among images: named when they are met,
// never a class, never looked into. One table for folders and archives.

/** What left it there, by its name in lower case. */
const LEFT_BEHIND: ReadonlyMap<string, string> = new Map([
  ['__macosx', 'macOS'],
  ['.ds_store', 'macOS'],
  ['.spotlight-v100', 'macOS'],
  ['.fseventsd', 'macOS'],
  ['.trashes', 'macOS'],
  ['@eadir', 'Synology'],
  ['#recycle', 'Synology'],
  ['@recycle', 'QNAP'],
  ['.@__thumb', 'QNAP'],
  ['$recycle.bin', 'Windows'],
  ['recycler', 'Windows'],
  ['system volume information', 'Windows'],
  ['thumbs.db', 'Windows'],
  ['ehthumbs.db', 'Windows'],
  ['desktop.ini', 'Windows'],
  ['lost+found', 'the file system'],
  ['.ipynb_checkpoints', 'Jupyter'],
  ['__pycache__', 'Python'],
]);

/** What left a file or folder of this name behind; null if it may be somebody's own. */
export function leftBehindBy(name: string): string | null {
  return LEFT_BEHIND.get(name.toLowerCase()) ?? null;
}

/** Why such a folder is not looked into. */
export function leftBehindReason(by: string): string {
  return `a folder left behind by ${by}`;
}

/** The part of a path down to the first folder that was left behind, and why it is not looked into;
 *  null if there is none.
 *  @param isFolder whether the path's last name is a folder too */
export function leftBehindIn(
  path: string,
  isFolder: boolean,
): { readonly folder: string; readonly reason: string } | null {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  const folders = isFolder ? segments : segments.slice(0, -1);
  const at = folders.findIndex((name) => leftBehindBy(name) !== null);
  if (at < 0) return null;
  const by = leftBehindBy(folders[at] as string);
  return { folder: folders.slice(0, at + 1).join('/'), reason: leftBehindReason(by as string) };
}
