// A .zip archive: Tiny ImageNet as published, or folders train/<class>/ and val/<class>/.
import { statSync } from 'node:fs';
import type { ImageSource } from '../source.js';
import { archiveSource } from './tar-source.js';
import { tinyImagenetZip } from './tiny-imagenet.js';
import { zipHas, zipMembers } from './zip-members.js';

/** Opens a .zip archive; Tiny ImageNet's is known by its lists.
 *  @throws DataError (rejects) if it is not a whole archive */
export async function zipSource(path: string): Promise<ImageSource> {
  const isTiny = (await zipHas(path, 'wnids.txt')) || (await zipHas(path, 'val_annotations.txt'));
  if (isTiny) return tinyImagenetZip(path);
  const { size, mtimeMs } = statSync(path);
  const recognised = 'a .zip archive of folders train/<class>/ and val/<class>/';
  const facts = { path, recognised, bytes: size, fingerprint: ['zip', size, mtimeMs] };
  return archiveSource(facts, (onBytes) => zipMembers(path, onBytes));
}
