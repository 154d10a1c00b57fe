import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { madeArm, madeFacts } from '../../test/made-advice.js';
import type { Json } from '../base/canonical-json.js';
import type { Advice } from './advice.js';
import { readAdvice, writeAdvice } from './advice-file.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-advice-'));
afterAll(() => rmSync(folder, { recursive: true }));

const share = { accuracy: 0.9, low: 0.8, high: 0.95 };
const chosen = madeArm('frozen', 0.9, null);
const advice: Advice = {
  ...{ schema: 'selffer.advice/1', outcome: 'use the source', answer: ['a'], remarks: ['b'] },
  ...madeFacts([madeArm('frozen', 0.9, 3), chosen]),
  trained: [{ arm: chosen.arm, family: 'frozen', selectionAccuracy: 0.9, trainSeconds: 1 }],
  curve: [{ ...share, imagesPerClass: 5 }],
  extrapolation: { ...share, imagesPerClass: 40 },
  sources: [
    {
      ...{ name: 'm', model: madeFacts([]).model, isTrained: true },
      ...{ probe: { n: 3, name: 'layer3', accuracy: 0.9 }, best: madeArm('frozen', 0.9, 3) },
    },
  ],
};

/** Every place of a value, the deepest last; of lists their first member. */
function places(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? [0].slice(0, value.length) : Object.keys(value);
  return keys.flatMap((key) => {
    const member = (value as Record<string | number, unknown>)[key];
    return [[...at, key], ...places(member, [...at, key])];
  });
}

function without(value: Json, place: readonly (string | number)[], put?: Json): Json {
  const copy = structuredClone(value);
  const holder = place
    .slice(0, -1)
    .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], copy);
  const key = place.at(-1) as string;
  if (put === undefined) Reflect.deleteProperty(holder as object, key);
  else (holder as Record<string, Json>)[key] = put;
  return copy;
}

test('what is written is read, and may have more in it', () => {
  writeAdvice(folder, advice);
  expect(readAdvice(folder)).toEqual(advice);
  writeAdvice(folder, { ...advice, later: 1 } as Advice);
  expect(readAdvice(folder)).toHaveProperty('later', 1);
});

test('every property of an advice is in the schema: without it, or with another, it is refused', () => {
  const path = join(folder, 'advice.json');
  for (const place of places(advice)) {
    // A list is one without its first member too, and an advice on one network has no sources.
    const isNeeded = typeof place.at(-1) !== 'number' && place.join('.') !== 'sources';
    const wrongs = isNeeded ? [without(advice as never, place)] : [];
    for (const wrong of [...wrongs, without(advice as never, place, { wrong: true })]) {
      writeFileSync(path, JSON.stringify(wrong));
      expect(() => readAdvice(folder), place.join('.')).toThrow(/advice\.json: /);
      expect(() => writeAdvice(folder, wrong as never), place.join('.')).toThrow(/advice\.json: /);
    }
  }
});

test('what is wrong is said', () => {
  const path = join(folder, 'advice.json');
  writeFileSync(path, JSON.stringify(without(advice as never, ['arms', 0, 'low'], 7)));
  expect(() => readAdvice(folder)).toThrow(/advice\.json: arms\.0\.low: must be <= 1, found 7/);
  writeFileSync(path, '{');
  expect(() => readAdvice(folder)).toThrow(/wanted JSON/);
  rmSync(path);
  expect(readAdvice(folder)).toBeNull();
});
