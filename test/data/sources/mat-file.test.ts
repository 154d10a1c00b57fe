import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readMatStructures } from '../../../src/data/sources/mat-file.js';

// Written by scipy 1.17.1 (savemat, do_compression), like the devkit's meta.mat: leaves first, then
// inner nodes.
const fixture = readFileSync(new URL('../../fixtures/ilsvrc-meta.mat', import.meta.url));

/** An element with a full tag, either byte order. */
function element(type: number, data: Buffer, little: boolean): Buffer {
  const tag = Buffer.alloc(8);
  if (little) tag.writeUInt32LE(type, 0);
  else tag.writeUInt32BE(type, 0);
  if (little) tag.writeUInt32LE(data.length, 4);
  else tag.writeUInt32BE(data.length, 4);
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

function words(values: readonly number[], little: boolean): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [at, value] of values.entries()) {
    if (little) bytes.writeUInt32LE(value, 4 * at);
    else bytes.writeUInt32BE(value, 4 * at);
  }
  return bytes;
}

function matrix(kind: number, dimensions: number[], name: string, rest: Buffer[], little: boolean) {
  const parts = [
    element(6, words([kind, 0], little), little),
    element(5, words(dimensions, little), little),
    element(1, Buffer.from(name), little),
    ...rest,
  ];
  return element(14, Buffer.concat(parts), little);
}

function header(little: boolean, generation = 1): Buffer {
  const bytes = Buffer.alloc(128, ' ');
  bytes[124] = little ? 0 : generation;
  bytes[125] = little ? generation : 0;
  bytes.write(little ? 'IM' : 'MI', 126, 'latin1');
  return bytes;
}

/** One structure {ID: 7 as a byte, WNID: UTF-16 text}. */
function small(little: boolean): Buffer {
  const text = Buffer.from('n07', 'utf16le');
  if (!little) text.swap16();
  const value = matrix(6, [1, 1], '', [element(2, Buffer.from([7]), little)], little);
  const id = matrix(4, [1, 3], '', [element(17, text, little)], little);
  const names = Buffer.from('ID\0\0\0WNID\0');
  const fields = [element(5, words([5], little), little), element(1, names, little), value, id];
  return matrix(2, [1, 1], 'synsets', fields, little);
}

describe('a MATLAB file', () => {
  test('as scipy writes it gives its numbers and texts', () => {
    const structures = readMatStructures(fixture, 'synsets', 'meta.mat');
    expect(structures).toHaveLength(6);
    expect(structures[0]).toEqual({
      ILSVRC2012_ID: 1,
      WNID: 'n02119789',
      words: 'kit fox, Vulpes macrotis',
      gloss: 'a gloss with an umlaut: ü',
      num_children: 0,
      children: null,
      wordnet_height: 0,
      num_train_images: 1300,
    });
    expect(structures[5]).toMatchObject({ ILSVRC2012_ID: 6, WNID: 'n00015388', num_children: 3 });
  });

  test.each([true, false])('is read in both byte orders, packed or not (little: %s)', (little) => {
    const plain = Buffer.concat([header(little), small(little)]);
    const data = deflateSync(small(little));
    const tag = element(15, data, little).subarray(0, 8 + data.length);
    const expected = [{ ID: 7, WNID: 'n07' }];
    expect(readMatStructures(plain, 'synsets', 'a.mat')).toEqual(expected);
    expect(readMatStructures(Buffer.concat([header(little), tag]), 'synsets', 'a.mat')).toEqual(
      expected,
    );
  });

  test('that is none, or damaged, or of another version, is an error that says so', () => {
    const read =
      (bytes: Uint8Array, name = 'synsets') =>
      () =>
        readMatStructures(bytes, name, 'x');
    expect(read(Buffer.from('hello'))).toThrow('x: not a MATLAB file');
    expect(read(new Uint8Array())).toThrow('x: not a MATLAB file');
    expect(read(Buffer.concat([header(true, 2), small(true)]))).toThrow('version 7.3 or later');
    expect(read(fixture, 'images')).toThrow('no array of structures "images"');
    const plain = Buffer.concat([header(true), small(true)]);
    for (let length = 129; length < plain.length; length += 3) {
      expect(read(plain.subarray(0, length)), String(length)).toThrow(/^x: /);
    }
    for (let length = 140; length < fixture.length; length += 40) {
      expect(read(fixture.subarray(0, length)), String(length)).toThrow(/^x: /);
    }
  });
});
