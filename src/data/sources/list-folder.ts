// What lies in a folder, for looking whether a layout is there.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inByteOrder } from '../byte-order.js';

/** Names in a folder in byte order, without hidden ones; none if it cannot be listed, which whoever reads it then says. */
export function listFolder(folder: string): string[] {
  try {
    return inByteOrder(readdirSync(folder).filter((name) => !name.startsWith('.')));
  } catch {
    return [];
  }
}

/** The folders among them; links are followed. */
export function listFolders(folder: string): string[] {
  return listFolder(folder).filter((name) => {
    try {
      return statSync(join(folder, name)).isDirectory();
    } catch {
      return false; // a link to nothing
    }
  });
}
