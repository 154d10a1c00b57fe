import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataError } from '../../base/errors.js';
import {
  ARTIFACT,
  ilsvrcKinds,
  kindByRule,
  naturalManMade,
  ORGANISM,
} from '../classes/natural-man-made.js';
import { inByteOrder } from '../classes/byte-order.js';
import { type MadeSynset, writeWordNet } from '../../../test/data/made-wordnet.js';
import { openWordNet, type WordNet } from './database.js';
import { selectClasses, selectHalves } from '../classes/select-classes.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-wordnet-'));
afterAll(() => rmSync(directory, { recursive: true }));

const tree: readonly MadeSynset[] = [
  { word: 'entity' },
  { word: 'animal', parents: ['entity'], glossBytes: 20_000 },
  { word: 'dog', parents: ['animal', 'pet'] },
  { word: 'poodle', parents: ['dog'], glossBytes: 3000 },
  { word: 'beagle', parents: ['dog'] },
  { word: 'cat', parents: ['pet', 'animal'] },
  { word: 'pet', parents: ['entity'] },
  { word: 'Laika', instanceOf: ['dog'] },
  { word: 'rock', parents: ['entity'] },
  { word: 'sand', parents: ['rock'] },
];

let ids: ReadonlyMap<string, string>;
let wordNet: WordNet;
const id = (word: string): string => ids.get(word) as string;
const all = (...words: string[]): string[] => words.map(id);
const open = (): WordNet => wordNet;
const never = (): WordNet => {
  throw new Error('WordNet was opened');
};

beforeAll(() => {
  ids = writeWordNet(join(directory, 'dict'), tree);
  wordNet = openWordNet('task A', { SELFFER_WORDNET: directory });
});

describe('a database', () => {
  test('is found by its folder or the one above, and knows its version', () => {
    expect(wordNet).toMatchObject({ path: join(directory, 'dict/data.noun'), version: '3.0' });
    expect(openWordNet('task A', { SELFFER_WORDNET: join(directory, 'dict') }).path).toBe(
      wordNet.path,
    );
  });

  test('that is missing is said, with the way to get it', () => {
    const nowhere = () => openWordNet('task A', { SELFFER_WORDNET: '/nowhere' });
    expect(nowhere).toThrow(DataError);
    expect(nowhere).toThrow(
      'task A: found no data.noun of WordNet 3.0, looked in /nowhere, /nowhere/dict',
    );
  });

  test.each([
    ['3.1', 'found WordNet 3.1, wanted WordNet 3.0'],
    ['x', 'found no WordNet version in its header, wanted WordNet 3.0'],
  ])('of version %s is refused', (version, message) => {
    writeWordNet(join(directory, version), tree, version);
    expect(() => openWordNet('task A', { SELFFER_WORDNET: join(directory, version) })).toThrow(
      message,
    );
  });

  test('that is not text is refused', () => {
    writeFileSync(join(directory, 'data.noun'), Buffer.alloc(100));
    expect(() => openWordNet('task A', { SELFFER_WORDNET: directory })).toThrow(
      /no WordNet version/,
    );
    rmSync(join(directory, 'data.noun'));
  });

  test('gives words and ancestors, by kind and by instance, over long lines', () => {
    expect(wordNet.word(id('poodle'))).toBe('poodle');
    expect([...wordNet.ancestors(id('poodle'))].sort()).toEqual(
      all('poodle', 'dog', 'animal', 'pet', 'entity').sort(),
    );
    expect([...wordNet.ancestors(id('Laika'))]).toContain(id('animal'));
    expect(wordNet.ancestors(id('entity'))).toEqual(new Set(all('entity')));
  });

  test('has no synset that begins within the line of another', () => {
    const within = `n${String(Number(id('dog').slice(1)) + 1).padStart(8, '0')}`;
    expect(() => wordNet.word(within)).toThrow(`${within}: no noun of WordNet 3.0`);
  });

  test.each(['n00000001', 'n99999999', 'dog', 'n0000001', ''])('has no "%s"', (wrong) => {
    expect(() => wordNet.word(wrong)).toThrow(/no noun of WordNet 3\.0/);
    expect(() => wordNet.ancestors(wrong)).toThrow(DataError);
  });
});

describe('classes of a task', () => {
  const classes = (): string[] =>
    inByteOrder(all('poodle', 'beagle', 'cat', 'Laika', 'rock', 'sand'));
  const under = (...words: string[]) => ({ under: all(...words), not: [] });

  test('by subtrees, without others, and by name', () => {
    const select = (...items: Parameters<typeof selectClasses>[1]) =>
      selectClasses(classes(), items, 'task A', open);
    expect(select(under('dog'))).toEqual(inByteOrder(all('poodle', 'beagle', 'Laika')));
    expect(select({ under: all('animal'), not: all('beagle', 'cat') })).toEqual(
      inByteOrder(all('poodle', 'Laika')),
    );
    // The root itself is one, where it is a class.
    expect(select(under('rock'))).toEqual(inByteOrder(all('rock', 'sand')));
    expect(select(under('dog', 'pet'), id('sand'), id('cat'))).toEqual(
      inByteOrder(all('poodle', 'beagle', 'Laika', 'cat', 'sand')),
    );
  });

  test('the rest of the other task', () => {
    const rest = inByteOrder(all('cat', 'rock', 'sand'));
    expect(selectHalves(classes(), { A: [under('dog')], B: 'rest' }, open).B).toEqual(rest);
    expect(selectHalves(classes(), { A: 'rest', B: [under('dog')] }, open).A).toEqual(rest);
    // Names alone, on any data, need no WordNet.
    expect(selectHalves(['a', 'b', 'c', 'd'], { A: ['a', 'd'], B: 'rest' }, never)).toEqual({
      A: ['a', 'd'],
      B: ['b', 'c'],
    });
  });

  test('what cannot be is refused', () => {
    const refuse = (...items: Parameters<typeof selectClasses>[1]) => {
      return () => selectClasses(classes(), items, 'task B', open);
    };
    expect(refuse({ under: ['n00000001'], not: [] })).toThrow(/^n00000001: no noun of WordNet/);
    expect(refuse({ under: all('dog'), not: ['n00000001'] })).toThrow(/^n00000001: no noun/);
    expect(refuse({ under: all('dog'), not: all('animal') })).toThrow(
      `task B: the data set has no class under ${id('dog')} (dog) and not under ${id('animal')} (animal)`,
    );
    expect(refuse(under('sand'))).toThrow(`found 1 class (${id('sand')}), wanted at least 2`);
    expect(refuse(under('dog'), 'x')).toThrow('task B: the data set has no class x');
    expect(refuse(under('dog'), id('sand'), id('sand'))).toThrow(/names class .* more than once/);
    const named = () => selectClasses(['dogs', 'cats'], [under('dog')], 'task A', never);
    expect(named).toThrow(/needs classes that are WordNet synset ids .* begin with dogs, cats$/);
    const both = { A: [under('dog')], B: [under('pet')] };
    expect(() => selectHalves(classes(), both, open)).toThrow(/tasks A and B share classes/);
    const few = { A: [under('animal'), id('rock')], B: 'rest' } as const;
    expect(() => selectHalves(classes(), few, open)).toThrow(
      'task B: the other task leaves 1 of 6 classes, wanted at least 2',
    );
  });
});

describe('natural and man-made', () => {
  test('the 1000 need no WordNet; others do, and it may be missing', () => {
    expect(naturalManMade([...ilsvrcKinds().keys()], never).A).toHaveLength(551);
    expect(() => naturalManMade(['n01440764', 'n99999999'], never)).toThrow('WordNet was opened');
    expect(() => naturalManMade(['n01440764', 'dog', 'n9'], never)).toThrow(
      /found classes dog, n9, wanted WordNet synset ids/,
    );
  });
});

const real = (() => {
  try {
    return openWordNet('test');
  } catch {
    return null;
  }
})();

describe.skipIf(real === null)(
  `WordNet 3.0 (${real === null ? 'skipped: not installed, apt-get install wordnet-base' : real.path})`,
  () => {
    const database = real as WordNet;

    test('the rule and the 68 placed by hand are the authors’ lists', () => {
      const byRule = [...ilsvrcKinds()].map(([synset, kind]) => ({
        kind,
        rule: kindByRule(synset, database),
      }));
      const count = (test: (each: (typeof byRule)[number]) => boolean) =>
        byRule.filter(test).length;
      expect(byRule.filter(({ rule, kind }) => rule !== null && rule !== kind)).toEqual([]);
      expect(count(({ rule }) => rule === 'man-made')).toBe(522);
      expect(count(({ rule }) => rule === 'natural')).toBe(410);
      expect(count(({ rule, kind }) => rule === null && kind === 'man-made')).toBe(29);
      expect(count(({ rule, kind }) => rule === null && kind === 'natural')).toBe(39);
      // Neither, never both.
      for (const [synset] of ilsvrcKinds()) {
        const ancestors = database.ancestors(synset);
        expect(ancestors.has(ARTIFACT) && ancestors.has(ORGANISM)).toBe(false);
      }
    });

    test('synsets outside of the 1000 are placed by the rule; what it does not place is listed', () => {
      // chair, horse.
      expect(naturalManMade(['n03001627', 'n02374451'], open30)).toEqual({
        A: ['n03001627'],
        B: ['n02374451'],
      });
      // A mountain is neither; bread neither.
      expect(() => naturalManMade(['n03001627', 'n09359803', 'n07679356'], open30)).toThrow(
        /below neither or both of artifact and organism: classes n07679356 \(bread\), n09359803 \(mountain\)$/,
      );
    });
    const open30 = (): WordNet => database;

    test('words of the lists are WordNet’s', () => {
      expect(database.word(ARTIFACT)).toBe('artifact');
      expect(database.word(ORGANISM)).toBe('organism');
      expect(database.word('n02084071')).toBe('dog');
    });

    test('every line of the file is read as it is', () => {
      const text = readFileSync(database.path, 'latin1');
      const lines = text.split('\n').filter((line) => /^[0-9]{8} /.test(line));
      expect(lines.length).toBe(82_115);
      for (let at = 0; at < lines.length; at += 97) {
        const line = lines[at] as string;
        const parents = [...line.slice(0, line.indexOf('|')).matchAll(/ @i? ([0-9]{8}) n /g)];
        const ancestors = database.ancestors(`n${line.slice(0, 8)}`);
        for (const [, parent] of parents) expect(ancestors).toContain(`n${parent}`);
        expect(ancestors).toContain('n00001740');
      }
    });
  },
);
