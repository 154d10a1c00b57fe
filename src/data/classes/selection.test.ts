import { expect, test } from 'vitest';
import { openStore } from '../prepare/store.js';
import { type Selection } from './selection.js';
import { makeTask, selectionTask } from './task.js';

const set = openStore('glyphs');
const classes = ['upper-A', 'upper-B', 'lower-a'];
const selection: Selection = { share: 0.1, seed: 3 };

test('an image is trained on or kept aside, never both, and each class gives its share', () => {
  for (const kept of [null, 25]) {
    const all = makeTask(set, classes, kept);
    const task = makeTask(set, classes, kept, selection);
    const aside = selectionTask(set, classes, kept, selection);
    expect([...task.train, ...aside.val].sort((a, b) => a - b)).toEqual([...all.train]);
    expect(aside.classes).toEqual(task.classes);
    expect(aside.train.length).toBe(0);
    for (const label of task.classes.keys()) {
      const count = ({ train, trainLabels }: typeof all) =>
        [...train].filter((record) => trainLabels[record] === label).length;
      const own = [...aside.val].filter((record) => aside.valLabels[record] === label);
      expect(own.length).toBe(Math.round(0.1 * count(all)));
      expect(own.every((record) => all.trainLabels[record] === label)).toBe(true);
      expect(own.every((record) => task.trainLabels[record] === -1)).toBe(true);
      expect(count(task) + own.length).toBe(count(all));
    }
    // What is reported is measured on all validation images, as without.
    expect([...task.val]).toEqual([...all.val]);
  }
});

test('the same images of a class are kept aside whatever its task is, others with another seed', () => {
  const asideOf = (of: readonly string[], seed: number) => {
    const { val, valLabels, classes: names } = selectionTask(set, of, 25, { share: 0.2, seed });
    return [...val].filter((record) => names[valLabels[record] as number] === 'upper-B');
  };
  expect(asideOf(['upper-A', 'upper-B'], 3)).toEqual(asideOf(['lower-z', 'upper-B', 'digit-1'], 3));
  expect(asideOf(['upper-A', 'upper-B'], 3)).not.toEqual(asideOf(['upper-A', 'upper-B'], 4));
});

test('at least one image of a class is kept aside, and never the only one', () => {
  const asideOf = (kept: number) =>
    selectionTask(set, classes, kept, { share: 0.01, seed: 0 }).val.length;
  expect([1, 2, 30].map(asideOf)).toEqual([0, 3, 3]);
});
