// Lists of treatments that are not TypeScript, compared with the table.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { defaultTreatments, treatmentKinds, treatments } from './treatments.js';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('the schema of study files offers every treatment, in the order of the table', () => {
  const schema = JSON.parse(read('schema/study.schema.json')) as {
    properties: { treatments: { items: { enum: string[] } } };
  };
  expect(schema.properties.treatments.items.enum).toEqual(treatmentKinds);
});

test('the commented study file writes out the default treatments', () => {
  const template = parse(read('examples/template.yaml')) as { treatments: string[] };
  expect(template.treatments).toEqual(defaultTreatments);
});

test.each([
  ['README.md', defaultTreatments],
  ['docs/figures.md', treatmentKinds],
])('%s explains its treatments', (page, kinds) => {
  const text = read(page);
  for (const kind of kinds) expect(text).toContain(`**${kind}**`);
});

test.each(treatmentKinds)('the words of %s fit their places', (kind) => {
  const { label, short, meaning } = treatments[kind];
  expect(label.length).toBeLessThanOrEqual(20);
  expect(short.length).toBeLessThanOrEqual(8);
  expect(meaning).toMatch(/^[A-Z].*\.$/);
});

test('labels and places of paired tests are given once', () => {
  const labels = treatmentKinds.map((kind) => treatments[kind].label);
  expect(new Set(labels).size).toBe(labels.length);
  const places = treatmentKinds.flatMap((kind) =>
    treatments[kind].controls.map(({ place }) => place),
  );
  expect(new Set(places).size).toBe(places.length);
});
