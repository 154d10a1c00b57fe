import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeMeasurements } from '../../../test/made-measurements.js';
import { makeNetworks } from '../../../test/made-study.js';
import {
  measurementsPath,
  measurementsText,
  readMeasurements,
  writeMeasurements,
} from './measurements-file.js';
import { validMeasurements } from './valid.js';

const directory = mkdtempSync(join(tmpdir(), 'measurements-'));
afterAll(() => rmSync(directory, { recursive: true }));

const networks = makeNetworks({ weightLayers: 3, splits: 2 });
const measurements = makeMeasurements(networks, 3);
const entries = networks.map(({ name, target }) => ({
  ...{ name, identity: `of ${name}`, target: target ?? 'whole' },
  content: { target: { part: `task ${target}` } },
}));
const recordOf = (name: string) => ({ identity: `of ${name}`, weightsHash: 'hash' });

test('what is written is read back, and equal measurements are equal bytes', () => {
  expect(readMeasurements(directory)).toBeNull();
  writeMeasurements(directory, measurements.places);
  const read = readMeasurements(directory);
  const turned = Object.fromEntries(Object.entries(measurements.places).reverse());
  expect(measurementsText(read?.places ?? {})).toBe(measurementsText(turned));
  expect(read?.places['split0']?.probes).toHaveLength(2 * 2 * 2);
});

test.each([
  ['{', 'wanted JSON'],
  ['{"schema": "selffer.measurements/2"}', 'wanted selffer.measurements/1'],
  ['{"schema": "selffer.measurements/1", "places": {"split0": 3}}', 'places.split0: found 3'],
])('%s is refused', (text, message) => {
  writeFileSync(measurementsPath(directory), text);
  expect(() => readMeasurements(directory)).toThrow(message);
});

test('measurements of today’s runs stay as they are', () => {
  const valid = validMeasurements(measurements, entries, recordOf);
  expect(valid).toEqual({ measurements, stale: [] });
});

test('a network that was trained again takes its own measurements with it', () => {
  const { measurements: left, stale } = validMeasurements(measurements, entries, (name) =>
    name === 'split0/baseA' ? { identity: `of ${name}`, weightsHash: 'other' } : recordOf(name),
  );
  expect(stale).toEqual([
    'Measurements of split0 are left out where they speak of split0/baseA (not these runs): run selffer measure again.',
  ]);
  const place = left.places['split0'];
  expect(Object.keys(place?.networks ?? {})).not.toContain('split0/baseA');
  expect(place?.probes.map(({ base }) => base)).not.toContain('split0/baseA');
  expect(place?.resets.map(({ base }) => base)).not.toContain('split0/baseA');
  expect(place?.movements.map(({ source }) => source)).not.toContain('split0/baseA');
  expect(place?.similarities.flatMap((each) => [each.network, each.other])).not.toContain(
    'split0/baseA',
  );
  expect(place?.probes.length).toBeGreaterThan(0);
  expect(left.places['split1']).toEqual(measurements.places['split1']);
});

test('other settings, and networks that are gone, count as trained again', () => {
  const other = entries.map((entry) =>
    entry.name === 'split1/A1B' ? { ...entry, identity: 'another' } : entry,
  );
  const { stale } = validMeasurements(measurements, other, (name) =>
    name === 'split1/B1B' ? null : recordOf(name),
  );
  expect(stale).toHaveLength(1);
  expect(stale[0]).toContain('split1/A1B');
  expect(stale[0]).toContain('split1/B1B');
});

test('records of older versions, without a hash, are known by their identity', () => {
  const old = (name: string) => ({ identity: `of ${name}` });
  expect(validMeasurements(measurements, entries, old).stale).toEqual([]);
});

test('other images of a task take away what was measured on them', () => {
  const changed = entries.map((entry) =>
    entry.name.startsWith('split0/') && entry.target === 'B'
      ? { ...entry, content: { target: { part: 'other images' } } }
      : entry,
  );
  const { measurements: left, stale } = validMeasurements(measurements, changed, recordOf);
  expect(stale[0]).toContain('task B (other images or classes)');
  const place = left.places['split0'];
  expect(new Set(place?.probes.map(({ target }) => target))).toEqual(new Set(['A']));
  expect(new Set(place?.similarities.map(({ target }) => target))).toEqual(new Set(['A']));
});
