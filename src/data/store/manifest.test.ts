import { expect, test } from 'vitest';
import { buildIndex, buildPackedIndex } from './manifest.js';
import type { PartName } from '../source.js';

function file(part: PartName, className: string, name: string, place: number) {
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
const packed = { records: 'jpeg', resize: 'crop', key: 'k' } as const;

test('colour data sets keep the identity that they had in version 0.1.0', () => {
  const shape = { channels: 3, size: 8 } as const;
  expect(buildIndex(files, classes, shape, ['/o']).header.manifestHash).toBe(
    '78b3be63d3ba56574d4f97945ee90957ca95ece58a0ee46395616920c41ad85b',
  );
  expect(buildPackedIndex(files, classes, shape, ['/o'], packed).header.manifestHash).toBe(
    '5a1ec513f770086ff6e3eb1bb429017b6e774dcf172ef17630c5591e80166511',
  );
});

test('the same files in grey are another data set', () => {
  const { header } = buildIndex(files, classes, { channels: 1, size: 8 }, ['/o']);
  expect(header.channels).toBe(1);
  expect(header.manifestHash).not.toMatch(/^78b3be63/);
});
