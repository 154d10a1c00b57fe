// What rests on single images, from answers made by hand and from drawn ones.
import { MersenneTwister19937, Random } from 'random-js';
import jStat from 'jstat';
import { expect, test } from 'vitest';
import { makeNetworks } from '../../../test/made-study.js';
import { buildResults } from './build.js';
import { buildByImage } from './by-image.js';
import type { ImageAnswers } from './image-pairs.js';
import type { ByImagePoint } from './by-image-types.js';
import { formatResults } from './json.js';
import { parseResults } from './parse.js';
import type { NetworkResult } from './types.js';

// Answers of classes in order, each a text of 1 and 0, one an image.
function answersOf(hash: string, classes: Readonly<Record<string, string>>): ImageAnswers {
  const all = Object.values(classes).join('');
  const bits = new Uint8Array(Math.ceil(all.length / 8));
  [...all].forEach((one, i) => {
    if (one === '1') bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  });
  const byClass = Object.entries(classes).map(
    ([name, text]) => [name, { right: text.split('1').length - 1, images: text.length }] as const,
  );
  return { imagesHash: hash, images: all.length, bits, byClass: new Map(byClass) };
}

const few = { weightLayers: 6, treatments: ['base', 'AnB'], layers: [3] } as const;
const onlyB = ({ target }: NetworkResult): boolean => target === 'B';

test('a class left out of the network and its base, by hand', () => {
  const networks = makeNetworks({ ...few, splits: 1 }).filter(onlyB);
  const answers = new Map([
    ['split0/baseB', answersOf('h', { p: '1100', q: '1000', r: '11' })],
    ['split0/A3B', answersOf('h', { p: '1111', q: '0000', r: '10' })],
  ]);
  const [part] = buildByImage(networks, answers)?.['random-halves'] ?? [];
  // 5 of 10 against 5 of 10; without p 1 of 6 against 3 of 6, without q 5 of 6 against 4 of 6,
  // without r 4 of 8 against 3 of 8.
  const changes = [100 / 6 - 50, 100 / 6, 12.5];
  const centre = changes.reduce((a, b) => a + b, 0) / 3;
  const variance = (2 / 3) * changes.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  const [point] = part?.matched.AnB ?? [];
  expect(point).toMatchObject({ n: 3, meanPt: 0, classes: 3, networks: 1, beyondLowPt: null });
  // t quantile of 2 degrees of freedom.
  expect(point?.highPt).toBeCloseTo(4.30265273 * Math.sqrt(variance), 5);
  expect(point?.lowPt).toBeCloseTo(-4.30265273 * Math.sqrt(variance), 5);
  // Two images are right in A3B alone, two in baseB alone.
  expect(part?.pairs).toHaveLength(1);
  expect(part?.pairs[0]).toMatchObject({
    ...{ network: 'split0/A3B', against: 'split0/baseB', images: 10, differencePt: 0, p: 1 },
    standardErrorPt: 10 * Math.sqrt(4),
  });
});

test('a pair counts what the network alone and what the base alone got right', () => {
  const networks = makeNetworks({ ...few, splits: 1 }).filter(onlyB);
  const answers = new Map([
    ['split0/baseB', answersOf('h', { p: '10000', q: '11000' })],
    ['split0/A3B', answersOf('h', { p: '01110', q: '11000' })],
  ]);
  const [part] = buildByImage(networks, answers)?.['random-halves'] ?? [];
  const [pair] = part?.pairs ?? [];
  // Three against one: 3 - 1 of 10 images, sqrt(4 - 2^2 / 10) / 10, and 2 (1 + 4) / 2^4.
  expect(pair?.differencePt).toBeCloseTo(20, 10);
  expect(pair?.standardErrorPt).toBeCloseTo(10 * Math.sqrt(3.6), 10);
  expect(pair?.p).toBeCloseTo(0.625, 10);
});

test('networks that answered other images are not paired, and those without answers left out', () => {
  const networks = makeNetworks({ ...few, splits: 2 }).filter(onlyB);
  const classes = { p: '10', q: '11' };
  const answers = new Map([
    ['split0/baseB', answersOf('one', classes)],
    ['split0/A3B', answersOf('other', classes)],
    ['split1/A3B', answersOf('one', classes)],
  ]);
  const [part] = buildByImage(networks, answers)?.['random-halves'] ?? [];
  expect(part?.pairs).toEqual([]);
  expect(part?.matched.AnB?.[0]?.networks).toBe(1);
  expect(buildByImage(networks, new Map())).toBeUndefined();
});

const right = { p: '11', q: '10', r: '11' };
const half = { p: '10', q: '10', r: '01' };

test('networks that are not measured, or of a target of its own size, are left out', () => {
  const networks = makeNetworks({ ...few, splits: 3 }).map((each): NetworkResult => {
    if (each.split === 'split1') return { ...each, state: 'failed' };
    return each.split === 'split2' ? { ...each, family: 'target-size' } : each;
  });
  const answers = new Map(networks.map(({ name }) => [name, answersOf('h', right)] as const));
  const found = buildByImage(networks, answers) ?? {};
  expect(Object.keys(found)).toEqual(['random-halves']);
  expect(found['random-halves']?.[0]?.matched.AnB?.[0]?.networks).toBe(2);
});

test('two unlike targets stand apart, and bases are no treatment', () => {
  const networks = makeNetworks({ ...few, splits: 1 }).map((each): NetworkResult => ({
    ...each,
    family: 'classes',
  }));
  const answers = new Map(
    networks.map(({ name, treatment, target }) => {
      const isBetter = treatment === 'AnB' && target === 'B';
      return [name, answersOf(target ?? '', isBetter ? right : half)] as const;
    }),
  );
  const parts = buildByImage(networks, answers)?.classes ?? [];
  expect(parts.map(({ target, matched }) => [target, matched.AnB?.[0]?.meanPt])).toEqual([
    ['A', 0],
    ['B', expect.closeTo(100 / 3, 9)],
  ]);
  expect(Object.keys(parts[0]?.matched ?? {})).toEqual(['AnB']);
});

test('a difference is to the mean of several bases, each of which makes a pair', () => {
  const one = makeNetworks({ ...few, splits: 1 }).filter(onlyB);
  const further = one.filter(({ treatment }) => treatment === 'base');
  const networks = [...one, ...further.map((each) => ({ ...each, name: `${each.name}-2` }))];
  const answers = new Map([
    ['split0/baseB', answersOf('h', half)],
    ['split0/baseB-2', answersOf('h', { p: '11', q: '10', r: '01' })],
    ['split0/A3B', answersOf('h', right)],
  ]);
  const [part] = buildByImage(networks, answers)?.['random-halves'] ?? [];
  // 5 of 6 against 3 and 4 of 6.
  expect(part?.matched.AnB?.[0]?.meanPt).toBeCloseTo(25, 9);
  expect(part?.pairs.map(({ against }) => against)).toEqual(['split0/baseB', 'split0/baseB-2']);
});

test('two classes have no interval, nor have two units one beyond them', () => {
  const networks = makeNetworks({ ...few, splits: 1 });
  const pointFor = (classes: Readonly<Record<string, string>>) => {
    const answers = new Map(
      networks.map(
        ({ name, treatment }) =>
          [name, answersOf('h', treatment === 'base' ? classes : { ...classes, q: '01' })] as const,
      ),
    );
    return buildByImage(networks, answers)?.['random-halves']?.[0]?.matched.AnB?.[0];
  };
  expect(pointFor({ p: '10', q: '00' })).toMatchObject({ lowPt: null, beyondLowPt: null });
  const three = pointFor({ p: '10', q: '00', r: '11' });
  expect(three?.lowPt).not.toBeNull();
  expect(three?.beyondLowPt).toBeNull();
});

test('results carry it, and give it back when they are read', () => {
  const networks = makeNetworks({ ...few, splits: 2 });
  const classes = { p: '10', q: '11', r: '01' };
  const answers = new Map(networks.map(({ name }) => [name, answersOf('h', classes)] as const));
  const study = { name: 'made', weightLayers: 6, statistic: 'final' } as const;
  const byImage = buildByImage(networks, answers);
  const results = buildResults({ study, networks, byImage });
  const text = formatResults(results);
  expect(results.byImage?.['random-halves']?.[0]?.pairs).toHaveLength(4);
  expect(buildResults(parseResults(text)).byImage).toEqual(results.byImage);
  const damaged = text.replace('"standardErrorPt":0', '"standardErrorPt":"<b>"');
  expect(damaged).not.toBe(text);
  expect(() => parseResults(damaged)).toThrow(/standardErrorPt: found "<b>", wanted a number/);
});

interface Scatter {
  readonly classes: number;
  readonly networks: number;
}

// A drawn study: effects differ from class to class, and from network to network.
function drawStudy(seed: number, sd: Scatter, splits = 2) {
  const random = new Random(MersenneTwister19937.seed(seed));
  // Mean 0, deviation 1, light tails.
  const deviate = (): number => Math.sqrt(6) * (random.real(0, 1) + random.real(0, 1) - 1);
  const names = Array.from({ length: 24 }, (_, at) => `c${String(at).padStart(2, '0')}`);
  const effects = new Map(names.map((name) => [name, sd.classes * deviate()]));
  // Halves of the classes, others in each split.
  const halves = Array.from({ length: splits }, () => random.shuffle([...names]));
  const networks = makeNetworks({ ...few, splits });
  const answers = networks.map((network) => {
    const order = halves[Number(network.split.at(-1))] as string[];
    const own = network.target === 'A' ? order.slice(0, 12) : order.slice(12);
    const luck = sd.networks * deviate();
    const classes = own.map((name) => {
      const effect = network.treatment === 'base' ? 0 : (effects.get(name) as number);
      const right = (): string => (random.real(0, 1) < 0.5 + effect + luck ? '1' : '0');
      return [name, Array.from({ length: 20 }, right).join('')] as const;
    });
    return [network.name, answersOf(network.target ?? '', Object.fromEntries(classes))] as const;
  });
  return { networks, answers: new Map(answers) };
}

type Drawn = ReturnType<typeof drawStudy>;

function pointOf({ networks, answers }: Drawn): ByImagePoint {
  const part = buildByImage(networks, answers)?.['random-halves']?.[0];
  return part?.matched.AnB?.[0] as ByImagePoint;
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - average(values)) ** 2, 0);
}

// The interval for networks trained anew, written again from its formula.
function beyondByHand({ networks, answers }: Drawn, unitOf: (network: NetworkResult) => string) {
  const accuracy = (name: string, left: string | null): number => {
    const kept = [...(answers.get(name)?.byClass ?? [])].filter(([each]) => each !== left);
    const sum = (of: 'right' | 'images') => kept.reduce((all, [, count]) => all + count[of], 0);
    return sum('right') / sum('images');
  };
  const transfers = networks.filter(({ treatment }) => treatment === 'AnB');
  const over = ({ name, split, target }: NetworkResult, left: string | null): number =>
    100 * (accuracy(name, left) - accuracy(`${split}/base${target}`, left));
  const effect = (left: string | null, unit: string | null): number =>
    average(
      transfers.map((each) => over(each, unit === null || unitOf(each) === unit ? left : null)),
    );
  const full = effect(null, null);
  const units = [...new Set(transfers.map(unitOf))];
  const classesOf = (unit: string | null) =>
    transfers
      .filter((each) => unit === null || unitOf(each) === unit)
      .flatMap(({ name }) => [...(answers.get(name)?.byClass.keys() ?? [])]);
  const changes = (unit: string | null) =>
    [...new Set(classesOf(unit))].map((name) => effect(name, unit) - full);
  const jackknife = (values: readonly number[]) =>
    ((values.length - 1) / values.length) * squares(values);
  const classes = changes(null);
  const values = units.map((unit) =>
    average(transfers.filter((each) => unitOf(each) === unit).map((each) => over(each, null))),
  );
  const ofUnits = squares(values) / (values.length - 1) / values.length;
  const further = ofUnits - jackknife(units.flatMap(changes));
  const variance = jackknife(classes) + further;
  const degrees =
    variance ** 2 /
    (jackknife(classes) ** 2 / (classes.length - 1) + further ** 2 / (units.length - 1));
  const half = jStat.studentt.inv(0.975, degrees) * Math.sqrt(variance);
  return { further, variance, ofUnits, low: full - half, high: full + half };
}

test.each([
  ['(split, target) pairs', 2, ({ split, target }: NetworkResult) => `${split}${target}`],
  ['splits', 4, ({ split }: NetworkResult) => split],
])('both directions are put together over %s', (_, splits, unitOf) => {
  const study = drawStudy(4, { classes: 0.1, networks: 0.04 }, splits);
  const wanted = beyondByHand(study, unitOf);
  // A case in which nothing is clipped.
  expect(wanted.further).toBeGreaterThan(0);
  expect(wanted.variance).toBeGreaterThan(wanted.ofUnits);
  const { beyondLowPt, beyondHighPt } = pointOf(study);
  expect(beyondLowPt).toBeCloseTo(wanted.low, 8);
  expect(beyondHighPt).toBeCloseTo(wanted.high, 8);
});

const STUDIES = 300;

test.each([
  ['classes differ, networks do not', { classes: 0.1, networks: 0 }],
  ['both differ', { classes: 0.1, networks: 0.04 }],
])('intervals cover the truth of all classes, which is 0: %s', (_, sd) => {
  const points = Array.from({ length: STUDIES }, (_, study) => pointOf(drawStudy(study, sd)));
  const covers = (low: number | null, high: number | null): boolean =>
    (low ?? 1) <= 0 && (high ?? -1) >= 0;
  const beyond = points.filter((each) => covers(each.beyondLowPt, each.beyondHighPt)).length;
  expect(beyond / STUDIES).toBeGreaterThan(0.93);
  const classes = points.filter((each) => covers(each.lowPt, each.highPt)).length;
  // What it speaks of are these networks: where others differ, it is too narrow for them.
  const [low, high] = sd.networks === 0 ? [0.93, 0.99] : [0.8, 0.93];
  expect(classes / STUDIES).toBeGreaterThan(low);
  expect(classes / STUDIES).toBeLessThan(high);
});
