// A small noun database in WordNet's own format: lines at the offsets that they begin with.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A synset to be: its word, the words of its parents, and those that it is an instance of. */
export interface MadeSynset {
  readonly word: string;
  readonly parents?: readonly string[];
  readonly instanceOf?: readonly string[];
  /** Bytes of the explanation: long lines must be read whole. */
  readonly glossBytes?: number;
}

/** Writes `folder`/data.noun. @returns the id of each word */
export function writeWordNet(
  folder: string,
  synsets: readonly MadeSynset[],
  version = '3.0',
): ReadonlyMap<string, string> {
  const header = `  1 This is a made database.  \n 14 WordNet ${version} Copyright 2006 by nobody.  \n`;
  const ids = new Map<string, string>();
  const offsets = new Map<string, string>();
  // Offsets have a fixed width, so lengths are known before they are.
  const line = ({ word, parents = [], instanceOf = [], glossBytes = 10 }: MadeSynset): string => {
    const at = (name: string): string => offsets.get(name) ?? '00000000';
    const pointers = [
      ...parents.map((parent) => `@ ${at(parent)} n 0000`),
      ...instanceOf.map((parent) => `@i ${at(parent)} n 0000`),
      // Pointers that are no parents: a part of, a verb derived from it.
      `%p ${at(synsets[0]?.word ?? '')} n 0000`,
      `@ 00000001 v 0101`,
    ];
    const count = String(pointers.length).padStart(3, '0');
    return `${at(word)} 03 n 02 ${word} 0 synonym 1 ${count} ${pointers.join(' ')} | ${'x'.repeat(glossBytes)} | @ 00000002 n 0000  \n`;
  };
  let position = Buffer.byteLength(header);
  for (const synset of synsets) {
    offsets.set(synset.word, String(position).padStart(8, '0'));
    ids.set(synset.word, `n${offsets.get(synset.word)}`);
    position += Buffer.byteLength(line(synset));
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'data.noun'), header + synsets.map(line).join(''));
  return ids;
}
