import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DataError } from '../../base/errors.js';
import { byPart } from '../parts.js';
import { encodeIndex } from './encode-index.js';
import { nameList } from './names.js';
import { openImages } from './open-images.js';
import { readStoreIndex } from './read-index.js';
import { RecordWriter } from './record-writer.js';
import { INDEX_SHA256, RECORDS_AT } from './store-format.js';
import type { StoreHeader, StoreIndex } from './store-index.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-format-'));
afterAll(() => rmSync(root, { recursive: true }));

// More than two pages of names, of letters of one to four bytes.
const COUNTS = { train: 9000, val: 3, test: 4096 } as const;
const form = { channels: 1, height: 1, width: 2 } as const;
const nameOf = (at: number) => `${[...'aé€𝄞'].slice(0, 1 + (at % 4)).join('')}-${at}`;

function made(header: Partial<StoreHeader> & Readonly<Record<string, unknown>> = {}): StoreIndex {
  const starts = { train: 0, val: COUNTS.train, test: COUNTS.train + COUNTS.val };
  const parts = byPart((part) => {
    const count = COUNTS[part];
    return {
      labels: Int32Array.from({ length: count }, (_, at) => Math.floor((2 * at) / count)),
      places: Uint32Array.from({ length: count }, (_, at) => starts[part] + at),
      records: {
        crc32: new Uint32Array(count).fill(7),
        lengths: new Uint32Array(count).fill(2),
        names: nameList(Array.from({ length: count }, (_, at) => nameOf(starts[part] + at))),
      },
    };
  });
  const counts = byPart((part) => [Math.ceil(COUNTS[part] / 2), Math.floor(COUNTS[part] / 2)]);
  return {
    header: {
      ...{ classes: ['x', 'y'], counts, form, manifestHash: 'm', testHash: 't', skipped: [] },
      ...{ sources: [], packed: { records: 'raw', resize: 'warp', key: 'k', remarks: [] } },
      ...header,
    },
    ...parts,
  };
}

function write(name: string, index: StoreIndex): string {
  const path = join(root, name);
  const writer = new RecordWriter({ path, temporary: `${path}.tmp`, hint: '' });
  const images = COUNTS.train + COUNTS.val + COUNTS.test;
  for (let place = 0; place < images; place++) writer.room(2).set([place & 255, place >> 8]);
  writer.finish(index);
  writer.close();
  return path;
}

let path: string;
let whole: Buffer;
beforeAll(() => {
  path = write('made.store', made());
  whole = readFileSync(path);
});

describe('a store of format 3', () => {
  test('says what was written: header, tables, records, and names in any order', () => {
    const wanted = made();
    const found = readStoreIndex(path);
    expect(found.header).toEqual(wanted.header);
    let turn = 1;
    for (const part of ['train', 'val', 'test'] as const) {
      expect(found[part].labels).toEqual(wanted[part].labels);
      expect(found[part].places).toEqual(wanted[part].places);
      expect(found[part].records?.lengths).toEqual(wanted[part].records?.lengths);
      for (let at = 0; at < 2 * COUNTS[part]; at++) {
        turn = (turn * 48271) % 2147483647;
        const image = at < COUNTS[part] ? at : turn % COUNTS[part];
        if (at >= COUNTS[part] && at % 500 !== 0) continue;
        const name = found[part].records?.names.at(image);
        expect(name).toBe(wanted[part].records?.names.at(image));
      }
    }
    const set = openImages(path, 0, undefined, false);
    const place = COUNTS.train + COUNTS.val + 5;
    expect([...set.test.pixels(5)]).toEqual([place & 255, place >> 8]);
    expect(set.testHash).toBe('t');
  });

  test('keeps keys that this version does not know, and passes over unknown tables', () => {
    const header = readStoreIndex(write('keys.store', made({ later: { much: [1] } }))).header;
    expect(header).toMatchObject({ later: { much: [1] } });
    expect(readStoreIndex(write('again.store', { ...made(), header })).header).toEqual(header);
    // A table of a later version, after all others.
    const end = RECORDS_AT + 2 * (COUNTS.train + COUNTS.val + COUNTS.test);
    const { pieces, prelude } = encodeIndex(made(), end);
    const [json, , ...tables] = pieces;
    const text = JSON.parse(Buffer.from(json!).toString()) as { tables: unknown[] };
    text.tables.push(['train', 'embedding', 5]);
    const words = Buffer.from(JSON.stringify(text));
    const first = Buffer.concat([words, Buffer.alloc((4 - (words.length % 4)) % 4, ' ')]);
    const index = Buffer.concat([first, ...tables, Buffer.from('later')]);
    prelude.writeBigUInt64LE(BigInt(index.length), 24);
    prelude.writeBigUInt64LE(BigInt(first.length), 32);
    const covered = prelude.subarray(0, INDEX_SHA256);
    createHash('sha256').update(covered).update(index).digest().copy(prelude, INDEX_SHA256);
    const bytes = Buffer.concat([whole.subarray(0, end), index]);
    prelude.copy(bytes);
    const later = join(root, 'later.store');
    writeFileSync(later, bytes);
    const found = readStoreIndex(later);
    expect(found.val.records?.names.at(2)).toBe(nameOf(COUNTS.train + 2));
    expect(found.test.labels).toEqual(made().test.labels);
  });

  test('damaged in the prelude or the index, it is refused and named, never a crash', () => {
    const damaged = join(root, 'damaged.store');
    const places = [...Array(72).keys()];
    for (let at = Number(whole.readBigUInt64LE(16)); at < whole.length; at += 9973) places.push(at);
    for (const place of places) {
      for (const bit of [1, 128]) {
        const bytes = Buffer.from(whole);
        bytes[place] = bytes[place]! ^ bit;
        writeFileSync(damaged, bytes);
        const read = () => readStoreIndex(damaged);
        expect(read, `byte ${place}`).toThrow(DataError);
        expect(read).toThrow(/damaged\.store: (not a store|damaged store|a store of format)/);
      }
    }
    for (const length of [0, 15, 71, 4096, whole.length - 1]) {
      writeFileSync(damaged, whole.subarray(0, length));
      expect(() => readStoreIndex(damaged)).toThrow(/damaged store of decoded images/);
    }
  });

  test('of a newer format says so', () => {
    const newer = Buffer.from(whole);
    newer.write('4', 15, 'latin1');
    const file = join(root, 'newer.store');
    writeFileSync(file, newer);
    expect(() => readStoreIndex(file)).toThrow(
      'a store of format 4, this version reads formats 1 to 3',
    );
  });

  test('replaced while it is open, its names are refused and not mixed up', () => {
    const file = write('replaced.store', made());
    const { train } = readStoreIndex(file);
    expect(train.records?.names.at(0)).toBe(nameOf(0));
    renameSync(write('other.store', made({ manifestHash: 'other' })), file);
    expect(() => train.records?.names.at(8999)).toThrow('can no longer be read');
  });
});
