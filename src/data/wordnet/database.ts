// WordNet's noun hierarchy, read where it is needed: a synset's id is the byte at which its line
// begins in dict/data.noun.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DataError } from '../../base/errors.js';

/** Nouns of a WordNet 3.0 database. Ids are "n" and 8 digits, e.g. "n00021939" (artifact). */
export interface WordNet {
  /** The file that is read. */
  readonly path: string;
  readonly version: string;
  /** First word of a synset, e.g. "artifact". @throws DataError for an id that names no synset */
  word(id: string): string;
  /** The synset and all that it is a kind or an instance of, itself first.
   *  @throws DataError for an id that names no synset */
  ancestors(id: string): ReadonlySet<string>;
}

/** True for what looks like a noun's synset id: "n" and 8 digits. */
export function isSynsetId(name: string): boolean {
  return /^n[0-9]{8}$/.test(name);
}

/** The version whose offsets ImageNet's ids are. */
const VERSION = '3.0';

// Debian's wordnet-base, and where WordNet's own installer puts it.
const USUAL_FOLDERS = ['/usr/share/wordnet', '/usr/local/WordNet-3.0/dict'];

const INSTALL = 'apt-get install wordnet-base';

/** Opens $SELFFER_WORDNET (a folder with data.noun, or with dict/data.noun), else the first of the
 *  usual folders.
 *  @param purpose what needs it, for messages
 *  @throws DataError if there is none, or it is not version 3.0 */
export function openWordNet(
  purpose: string,
  environment: NodeJS.ProcessEnv = process.env,
): WordNet {
  const own = environment['SELFFER_WORDNET'];
  const folders = own ? [resolve(own), join(resolve(own), 'dict')] : USUAL_FOLDERS;
  const path = folders.map((folder) => join(folder, 'data.noun')).find((each) => existsSync(each));
  if (path === undefined) {
    throw new DataError(
      `${purpose}: found no data.noun of WordNet ${VERSION}, looked in ${folders.join(', ')}`,
      {
        hint: own
          ? 'SELFFER_WORDNET must name the folder with data.noun.'
          : `Install it: ${INSTALL}. Elsewhere: set SELFFER_WORDNET to the folder with data.noun.`,
      },
    );
  }
  return new NounFile(path);
}

interface Synset {
  readonly word: string;
  readonly parents: readonly string[];
}

const HEADER_BYTES = 4096;
const LINE_BYTES = 1024;

class NounFile implements WordNet {
  readonly path: string;
  readonly version: string;
  readonly #synsets = new Map<string, Synset>();
  readonly #ancestors = new Map<string, ReadonlySet<string>>();

  constructor(path: string) {
    this.path = path;
    const header = this.#read(0, HEADER_BYTES);
    const version = /^ .*WordNet ([0-9.]+) Copyright/m.exec(header)?.[1];
    if (version !== VERSION) {
      throw new DataError(
        `${path}: found ${version === undefined ? 'no WordNet version in its header' : `WordNet ${version}`}, wanted WordNet ${VERSION}`,
        {
          hint: `Synset ids of ImageNet are byte offsets of version ${VERSION}; other versions have other ids. ${INSTALL} brings ${VERSION}; SELFFER_WORDNET names its folder.`,
        },
      );
    }
    this.version = version;
  }

  word(id: string): string {
    return this.#synset(id).word;
  }

  ancestors(id: string): ReadonlySet<string> {
    const known = this.#ancestors.get(id);
    if (known !== undefined) return known;
    const all = new Set([id]);
    // A set is walked in the order of insertion, also through what is added meanwhile.
    for (const each of all) for (const parent of this.#synset(each).parents) all.add(parent);
    this.#ancestors.set(id, all);
    return all;
  }

  #synset(id: string): Synset {
    const known = this.#synsets.get(id);
    if (known !== undefined) return known;
    const synset = isSynsetId(id) ? parseSynset(this.#line(id), id) : null;
    if (synset === null) {
      throw new DataError(`${id}: no noun of WordNet ${VERSION} (${this.path})`, {
        hint: 'Synset ids are "n" and 8 digits, the offsets of WordNet 3.0, as in ImageNet.',
      });
    }
    this.#synsets.set(id, synset);
    return synset;
  }

  #line(id: string): string {
    // The longest line has some 13,000 bytes; nearly all have less than 500.
    for (let length = LINE_BYTES; ; length *= 4) {
      const text = this.#read(Number(id.slice(1)), length);
      const end = text.indexOf('\n');
      if (end >= 0) return text.slice(0, end);
      if (text.length < length) return text;
    }
  }

  #read(position: number, length: number): string {
    const buffer = Buffer.alloc(length);
    try {
      const file = openSync(this.path, 'r');
      try {
        return buffer.toString('latin1', 0, readSync(file, buffer, 0, length, position));
      } finally {
        closeSync(file);
      }
    } catch (cause) {
      throw new DataError(`${this.path}: cannot be read (${(cause as Error).message})`, { cause });
    }
  }
}

/** A line of data.noun: offset, file number, type, count of words (hex), words with their ids,
 *  count of pointers (decimal), pointers (symbol, offset, part of speech, source and target),
 *  gloss. Null if no synset of this id begins there.
 *  @source wndb(5WN) */
function parseSynset(line: string, id: string): Synset | null {
  const fields = line.split(' ');
  const [offset, , kind, words, word] = fields;
  if (`n${offset}` !== id || kind !== 'n' || word === undefined) return null;
  const at = 4 + 2 * parseInt(words as string, 16);
  const pointers = Array.from({ length: Number(fields[at]) }, (_, index) =>
    fields.slice(at + 1 + 4 * index, at + 5 + 4 * index),
  );
  // "@" is a kind of, "@i" an instance of.
  const parents = pointers.flatMap(([symbol, parent, part]) =>
    (symbol === '@' || symbol === '@i') && part === 'n' ? [`n${parent}`] : [],
  );
  return { word, parents };
}
