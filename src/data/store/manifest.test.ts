import { expect, test } from 'vitest';
import type { PartName } from '../parts.js';
import { buildIndex, type PackedFile } from './manifest.js';

function file(part: PartName, className: string, name: string, place: number): PackedFile {
  const facts = { crc32: place, length: 3, remarks: [], sha256: String(place).repeat(64) };
  return { part, class: className, name, origin: '/o', place, skipped: null, ...facts };
}

const files = [
  file('train', 'a', '1.png', 0),
  file('val', 'a', '2.png', 1),
  file('train', 'b', 'deep/1.png', 2),
  file('val', 'b', '3.jpg', 3),
  { ...file('val', 'b', '4.jpg', 4), sha256: null, skipped: 'damaged' },
];
const classes = new Set(['b', 'a']);
const usual = { channels: 3, height: 8, width: 8, resize: 'warp', records: 'raw' } as const;
const hashOf = (form: Partial<Record<keyof typeof usual, unknown>>, some = files) =>
  buildIndex({ files: some, classes }, { ...usual, ...form } as typeof usual, ['/o'], 'k').header;

test('colour data sets keep the identity that they had in version 0.1.0', () => {
  expect(hashOf({}).manifestHash).toBe(
    '78b3be63d3ba56574d4f97945ee90957ca95ece58a0ee46395616920c41ad85b',
  );
  expect(hashOf({ records: 'jpeg', resize: 'crop' }).manifestHash).toBe(
    '5a1ec513f770086ff6e3eb1bb429017b6e774dcf172ef17630c5591e80166511',
  );
});

test('the same files in grey, or not square, are another data set', () => {
  const header = hashOf({ channels: 1 });
  expect(header.form.channels).toBe(1);
  const hashes = [{}, { channels: 1 }, { height: 9 }, { width: 9 }].map(
    (form) => hashOf(form).manifestHash,
  );
  expect(new Set(hashes).size).toBe(4);
});

test('a test part changes nothing of the identity; it has a hash of its own', () => {
  const held = [file('test', 'a', '5.png', 5), file('test', 'b', '6.png', 6)];
  const header = hashOf({}, [...held, ...files]);
  expect(header.manifestHash).toBe(hashOf({}).manifestHash);
  expect(header.counts).toEqual({ train: [1, 1], val: [1, 1], test: [1, 1] });
  expect(hashOf({})).not.toHaveProperty('testHash');
  const other = [{ ...held[0]!, sha256: 'f'.repeat(64) }, held[1]!];
  expect(hashOf({}, [...other, ...files]).manifestHash).toBe(header.manifestHash);
  expect(hashOf({}, [...other, ...files]).testHash).not.toBe(header.testHash);
});

test('files that are not images count only in the identity that version 0.1.0 gave', () => {
  const notes = { ...file('train', 'a', 'notes.txt', 6), skipped: 'not an image', length: 0 };
  const before = hashOf({}, [...files, notes]).manifestHash;
  expect(before).not.toBe(hashOf({}).manifestHash);
  const { sha256 } = notes;
  const some = [...files, { ...notes, sha256: null, foreign: { sha256 } }];
  expect(hashOf({}, some)).toMatchObject({
    manifestHash: hashOf({}).manifestHash,
    formerHash: before,
    skipped: [{ file: 'train/a/notes.txt' }, { file: 'val/b/4.jpg' }],
  });
  expect(hashOf({})).not.toHaveProperty('formerHash');
  // A video is not read to its end: what it counted as before is not known.
  const video = { ...notes, name: 'v.mp4', sha256: null, foreign: {} };
  expect(hashOf({}, [...some, video])).not.toHaveProperty('formerHash');
  expect(hashOf({}, [...some, video]).manifestHash).toBe(hashOf({}).manifestHash);
});

test('validation images that are training images are counted with examples', () => {
  const copy = { ...file('val', 'b', 'copy.png', 6), sha256: files[0]!.sha256 };
  expect(hashOf({}, [...files, copy]).leaked).toEqual({
    images: 1,
    of: 3,
    examples: ['val/b/copy.png = train/a/1.png'],
  });
  expect(hashOf({})).not.toHaveProperty('leaked');
});
