import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bytesOf, madeModel, node, tensor } from '../../../test/made-onnx.js';
import { UsageError } from '../../base/errors.js';
import { printStudy } from './print-study.js';
import { readStudy, readStudyFile } from './read-study.js';
import { treatmentKinds } from '../treatments.js';
import { dataChoices } from '../study.js';
import { problemsOf } from '../../../test/problems.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-study-'));
afterAll(() => rmSync(directory, { recursive: true }));

function write(text: string, name = 'study.yaml'): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** The problems of a study file, as "line: message". */
const problems = (text: string, settings: string[] = []): string[] =>
  problemsOf(() => readStudy(write(text), settings)).map(
    ({ line, message }) => `${line ?? '-'}: ${message}`,
  );

const full = `
name: tiny-imagenet-halves
data: {source: "tiny-imagenet-100-[0-3]of5.tar.gz", size: 64, crop: 56, mirror: true, mean: source}
tasks: {split: random-halves, seeds: [0, 1]}
network: alex64
solver: {lr: 0.01, momentum: 0.9, weightDecay: 0.0005, batch: 128, epochs: 24, lrSteps: [0.6, 0.85], gamma: 0.1, testEvery: 1epoch}
treatments: [base, BnB, BnB+, AnB, AnB+, random, warm-restart]
layers: 1..7
targets: [A, B]
imagesPerClass: all
repeats: 1
seed: 0
precision: fp32
statistic: final
keep: bases
`;

test('the sample of the design is accepted, and says what the defaults say', () => {
  const study = readStudy(write(full));
  expect(study.tasks).toEqual([
    {
      kind: 'random-halves',
      data: { source: [join(directory, 'tiny-imagenet-100-[0-3]of5.tar.gz')], size: 64 },
      seeds: [0, 1],
    },
  ]);
  expect(study.layers).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const short = 'name: tiny-imagenet-halves\ndata: {source: "tiny-imagenet-100-[0-3]of5.tar.gz"}\n';
  const tasks = 'tasks: {split: random-halves, seeds: [0, 1]}\nnetwork: alex64\n';
  expect(readStudy(write(short + tasks))).toEqual(study);
});

test.each([
  ['tasks: {split: natural-man-made}', 'natural-man-made'],
  ['tasks: {split: whole}', 'whole'],
  ['tasks: {classes: {A: [a, b], B: [c, d]}}', 'classes'],
  ['tasks: {A: {data: x.tar}, B: {data: {source: [y.tar, z.tar]}}}', 'two-sets'],
  ['', 'random-halves'],
])('%s', (line, kind) => {
  const study = readStudy(write(`name: s\ndata: {source: d}\nnetwork: tiny32\n${line}\n`));
  expect(study.tasks.map((each) => each.kind)).toEqual([kind]);
});

test.each([
  ['{A: {under: n00021939}, B: rest}', { A: [{ under: ['n00021939'], not: [] }], B: 'rest' }],
  [
    '{A: rest, B: [{under: [n00004475, n00017222], not: n02084071}, n01440764]}',
    { A: 'rest', B: [{ under: ['n00004475', 'n00017222'], not: ['n02084071'] }, 'n01440764'] },
  ],
  ['{A: [a, b], B: [rest, d]}', { A: ['a', 'b'], B: ['rest', 'd'] }],
])('classes: %s, and as printed', (classes, expected) => {
  const head = 'name: s\ndata: {source: d}\nnetwork: tiny32\n';
  const study = readStudy(write(`${head}tasks: {classes: ${classes}}\n`));
  expect(study.tasks).toMatchObject([{ kind: 'classes', classes: expected }]);
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
});

test('subtrees may choose the classes of one of two data sets, and are printed', () => {
  const tasks = 'tasks: {A: {data: x, classes: {under: n00021939}}, B: {data: y}}';
  const study = readStudy(write(`name: s\nnetwork: tiny32\n${tasks}\n`));
  expect(study.tasks).toMatchObject([
    { sets: { A: { classes: [{ under: ['n00021939'], not: [] }] }, B: { classes: null } } },
  ]);
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
});

test('what is wrong with subtrees is said with its line', () => {
  const head = 'name: s\ndata: {source: d}\nnetwork: tiny32\ntasks:\n  classes:\n';
  const wanted = 'wanted a WordNet synset id: n and 8 digits, such as n02084071';
  expect(problems(`${head}    A: {under: dog}\n    B: {under: [n00021939, 21939]}\n`)).toEqual([
    `6: tasks.classes.A.under: found "dog", ${wanted}`,
    '7: tasks.classes.B.under.1: found 21939, wanted text',
  ]);
  expect(problems(`${head}    A: {below: n00021939}\n    B: other\n`)).toEqual([
    '6: tasks.classes.A: "under" is missing',
    '6: found unknown key of tasks.classes.A "below", wanted one of under, not',
    '7: tasks.classes.B: found "other", wanted one of rest',
  ]);
  expect(problems(`${head}    A: rest\n    B: rest\n`)).toEqual([
    '5: tasks.classes: found rest twice, wanted classes in A or B',
  ]);
  expect(problems(`${head}    A: [a]\n    B: [b, {under: n1}]\n`)).toEqual([
    '6: tasks.classes.A: found ["a"], wanted at least 2 items',
    `7: tasks.classes.B.1.under: found "n1", ${wanted}`,
  ]);
  const sets = 'tasks: {A: {data: x, classes: rest}, B: {data: y}}';
  expect(problems(`name: s\nnetwork: tiny32\n${sets}\n`)).toEqual([
    '3: tasks.A.classes: found "rest", wanted a list or a map of keys',
  ]);
});

test.each([
  ['layers: [5, 1]', [1, 5]],
  ['layers: 3', [3]],
  ['layers: all', [1, 2, 3, 4, 5]],
  ['layers: 2..4', [2, 3, 4]],
  ['layers: stages', [1, 3, 4, 5]],
  ['layers: conv3', [3]],
  ['layers: [conv4, 1, 4]', [1, 4]],
])('%s', (line, layers) => {
  expect(
    readStudy(write(`name: s\ndata: {source: glyphs}\nnetwork: glyph28\n${line}\n`)).layers,
  ).toEqual(layers);
});

test('iterations, stepSize and testEvery in iterations are accepted', () => {
  const solver = 'solver: {iterations: 450000, stepSize: 100000, testEvery: 1000}';
  const study = readStudy(write(`name: s\ndata: {source: d}\nnetwork: caffenet\n${solver}\n`));
  expect(study.solver).toMatchObject({
    length: { iterations: 450_000 },
    steps: { every: 100_000 },
    testEvery: { iterations: 1000 },
  });
});

test('order of images and use of JPEG records: read, completed, printed and checked', () => {
  const text = (data: string) => `name: s\ndata: {source: d${data}}\nnetwork: tiny32\n`;
  const read = (data: string) => readStudy(write(text(data)));
  expect(read('').shuffle).toBeUndefined();
  expect(read(', shuffle: full')).toEqual(read(''));
  expect(read(', shuffle: blocks').shuffle).toEqual({ block: 32, window: 128 });
  expect(read(', shuffle: {window: 8}').shuffle).toEqual({ block: 32, window: 8 });
  expect(read(', records: auto')).toEqual(read(''));
  expect(read(', records: stream').tasks[0]).toMatchObject({ data: { records: 'stream' } });
  const twoSets = `${text(', records: stream')}tasks: {A: {data: x}, B: {data: {source: y, records: decode}}}\n`;
  expect(readStudy(write(twoSets)).tasks[0]).toMatchObject({
    sets: { A: { data: { records: 'stream' } }, B: { data: { records: 'decode' } } },
  });
  for (const data of [', shuffle: blocks', ', shuffle: {block: 5}, records: stream']) {
    const study = read(data);
    expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  }
  const study = readStudy(write(twoSets));
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  expect(problems(text(', shuffle: random'))).toEqual([
    '2: data.shuffle: found "random", wanted full or blocks or a map of keys',
  ]);
  expect(problems(text(', shuffle: {block: 0}'))).toEqual([
    expect.stringContaining('2: data.shuffle: found {"block":0}, wanted full or blocks'),
  ]);
  expect(problems(text(', records: streamed'))).toEqual([
    '2: data.records: found "streamed", wanted one of auto, decode, stream (did you mean stream?)',
  ]);
});

test('the whole data set has bases and random networks only', () => {
  const head = 'name: s\ndata: {source: d}\nnetwork: tiny32\ntasks: {split: whole}\n';
  expect(readStudy(write(head)).treatments).toEqual(['base', 'random']);
  expect(problems(`${head}treatments: [base, AnB]\n`)).toEqual([
    '5: treatments: found AnB, the whole data set has no second task; wanted base or random or base-long',
  ]);
});

test('all problems are reported at once, each with its line, in the order of the file', () => {
  const text = `name: s
data:
  source: d
  sise: 36
network: tiny32
solver:
  lr: fast
  epochs: 0
  testEvery: often
treatments: [base, BnC]
precison: fp32
`;
  expect(problems(text)).toEqual([
    '4: found unknown key of data "sise", did you mean "size"?',
    '7: solver.lr: found "fast", wanted a number',
    '8: solver.epochs: found 0, wanted more than 0',
    '9: solver.testEvery: found "often", wanted a number of iterations, or epochs such as 1epoch',
    `10: treatments.1: found "BnC", wanted one of ${treatmentKinds.join(', ')} (did you mean BnB?)`,
    '11: found unknown key "precison", did you mean "precision"?',
  ]);
});

test('problems that need the network are reported together too', () => {
  const text = `name: s
data: {source: d, size: 30, crop: 56}
network: tiny32
layers: 1..8
solver: {epochs: 2, iterations: 100, lrSteps: [0.5], stepSize: 10}
`;
  expect(problems(text)).toEqual([
    '2: data.size: found 30, wanted at least the crop of tiny32, 32',
    '2: data.crop: found 56, tiny32 takes 32',
    '4: layers: found 1..8, tiny32 can be cut after 1, 2, 3, 4, 5, 6, 7',
    '5: solver: found epochs and iterations, wanted one of them',
    '5: solver: found lrSteps and stepSize, wanted one of them',
  ]);
});

test('segments that a network does not have are named, with the nearest that it has', () => {
  expect(
    problems('name: s\ndata: {source: d}\nnetwork: tiny32\nlayers: [conv9, 2, 8, conv1]\n'),
  ).toEqual([
    '4: layers: found conv9, 8, tiny32 can be cut after 1, 2, 3, 4, 5, 6, 7',
    '4: layers: did you mean conv1 for conv9?',
  ]);
});

test('a network from a file has no usual size of stored images: data.size must be there', () => {
  write(prototxt, 'net.prototxt');
  const text = 'name: s\ndata: {source: d}\nnetwork: net.prototxt\n';
  const missing = /^data\.size is missing; wanted .* at least the crop of .*, 8 /;
  const said = problems(text);
  expect(said).toHaveLength(1);
  expect(said[0]?.replace(/^2: /, '')).toMatch(missing);
  const two =
    'name: s\nnetwork: net.prototxt\ntasks: {A: {data: x}, B: {data: {source: y, size: 8}}}\n';
  expect(problems(two)).toEqual([expect.stringMatching(/^3: data\.size is missing/)]);
});

test('problems of the schema and of the later checks are reported together', () => {
  const found = problems(`
name: x
data: {source: glyphs, sise: 36}
network: tiny33
treatments: [BnC]
layers: 1..9
`);
  expect(found.map((line) => line.split(':')[0])).toEqual(['3', '4', '5']);
  expect(found[1]).toContain('tiny33');
  const layers = problems(`
name: x
data: {source: glyphs, sise: 36}
network: glyph28
layers: 1..9
`);
  expect(layers.map((line) => line.split(':')[0])).toEqual(['3', '5']);
});

test('a misspelt preset, split or missing key is named', () => {
  expect(problems('name: s\ndata: {source: d}\nnetwork: alex46\n')).toEqual([
    '3: network: found "alex46", wanted one of glyph28, tiny32, alex64, caffenet, resnet20, vit-tiny32, resnet18, resnet50, vgg11-bn, mobilenet-v2, efficientnet-b0 (did you mean alex64?)',
  ]);
  expect(
    problems(
      'name: s\nnetwork: tiny32\ndata: {source: d}\ntasks: {split: random-halfs, seeds: [0]}\n',
    ),
  ).toEqual([
    '4: tasks.split: found "random-halfs", wanted one of random-halves, natural-man-made, whole (did you mean random-halves?)',
  ]);
  expect(problems('data: {source: d}\n')).toEqual([
    '1: the study: "name" is missing',
    '1: the study: "network" is missing',
  ]);
  expect(problems('name: s\nnetwork: tiny32\n')).toEqual([
    '1: data.source is missing; wanted glyphs, a folder, or tar shards',
  ]);
});

test('lists of tasks and of images are checked item by item', () => {
  const head = 'name: s\ndata: {source: d}\nnetwork: tiny32\n';
  expect(
    problems(
      `${head}tasks:\n  - {split: random-halves}\n  - {split: natural}\nimagesPerClass: [0]\n`,
    ),
  ).toEqual([
    '6: tasks.1.split: found "natural", wanted one of random-halves, natural-man-made, whole',
    expect.stringContaining('7: imagesPerClass'),
  ]);
  expect(problems(`${head}tasks:\n  - {split: whole}\n  - {split: whole}\n`)).toEqual([
    '6: tasks: found whole twice, wanted each kind once',
  ]);
  expect(problems(`${head}imagesPerClass: [1, all]\n`)).toEqual([
    '4: imagesPerClass: found a list, wanted one number, all, or {source: all, target: [..]} (a list only with tasks: {split: whole})',
  ]);
});

test('broken YAML and a missing file name the place', () => {
  expect(problems('name: s\nnetwork: {a: 1}}\n')[0]).toMatch(/^2: /);
  expect(problems('name: s\nname: t\n')[0]).toMatch(/^2: found the key "name" twice/);
  expect(() => readStudy(join(directory, 'none.yaml'))).toThrow(/the file does not exist/);
});

test('extends: keys of the extending file win, and withdraw their alternative', () => {
  write(
    'name: a\ndata: {source: d}\nnetwork: tiny32\nsolver: {epochs: 3, lr: 0.02}\ntasks: {split: random-halves, seeds: [4]}\n',
    'a.yaml',
  );
  const study = readStudy(
    write('extends: a.yaml\nname: b\nsolver: {iterations: 7}\ntasks: {split: whole}\n'),
  );
  expect(study.name).toBe('b');
  expect(study.solver.length).toEqual({ iterations: 7 });
  expect(study.solver.lr).toBe(0.02);
  expect(study.tasks.map(({ kind }) => kind)).toEqual(['whole']);
});

test('extends: of several files the later wins, and lists of tasks keep their own places', () => {
  mkdirSync(join(directory, 'deep'), { recursive: true });
  write(
    'name: a\ndata: {source: d}\nnetwork: caffenet\nsolver: {iterations: 9, stepSize: 3}\ntreatments: [base, AnB]\n',
    'a.yaml',
  );
  write(
    'network: tiny32\ndata: {source: small}\nsolver: {epochs: 2}\ntasks: [{split: whole}, {A: {data: x}, B: {data: y}}]\n',
    'deep/small.yaml',
  );
  const study = readStudy(write('extends: [a.yaml, deep/small.yaml]\nname: b\n'));
  expect(study.name).toBe('b');
  expect(study.network.name).toBe('tiny32');
  expect(study.treatments).toEqual(['base', 'AnB']);
  expect(study.solver).toMatchObject({ length: { epochs: 2 }, steps: { every: 3 } });
  expect(dataChoices(study).map(({ source }) => source[0])).toEqual(
    ['small', 'x', 'y'].map((name) => join(directory, 'deep', name)),
  );
  expect(() =>
    readStudy(write('extends: [a.yaml, deep/small.yaml]\nname: b\n'), ['tasks.seeds=[1]']),
  ).toThrow(/tasks are a list of 2; set it whole/);
});

test('a problem in an extended file names that file', () => {
  write('name: a\ndata: {source: d}\nnetwork: tiny33\n', 'a.yaml');
  const path = write('extends: a.yaml\nname: b\n');
  expect(() => readStudy(path)).toThrow(/a\.yaml:3:1: network: found "tiny33"/);
});

test('files that extend each other are refused', () => {
  write('extends: y.yaml\n', 'x.yaml');
  expect(() => readStudy(write('extends: x.yaml\n', 'y.yaml'))).toThrow(/extends this file/);
});

test('settings win over the file and are named in messages', () => {
  const study = readStudy(write(full), ['solver.epochs=2', 'tasks.seeds=[7]', 'keep=none']);
  expect(study.solver.length).toEqual({ epochs: 2 });
  expect(study.tasks).toMatchObject([{ seeds: [7] }]);
  expect(study.keep).toBe('none');
  expect(readStudy(write(full), ['solver.iterations=9']).solver.length).toEqual({ iterations: 9 });
  expect(() => readStudy(write(full), ['solver.epoch=2'])).toThrow(
    '--set solver.epoch=2: found unknown key of solver "epoch", did you mean "epochs"?',
  );
  expect(() => readStudy(write(full), ['epochs'])).toThrow(UsageError);
});

test('outputs replaces the classes of the last layer', () => {
  const study = readStudy(write(`${full}outputs: 1000\n`));
  expect(study.network.layers.at(-1)).toMatchObject({ outputs: 1000 });
});

test.each([
  full,
  'name: s\ndata: {source: [a.tar, b.tar], mean: target}\nnetwork: tiny32\ntasks: {classes: {A: [a, b], B: [c, d]}}\nsolver: {iterations: 9, stepSize: 3, testEvery: 4}\noutputs: 1000\n',
  'name: s\nnetwork: alex64\ntasks: {A: {data: x.tar}, B: {data: {source: y.tar, size: 64}, classes: [p, q]}}\nimagesPerClass: 7\n',
  'name: s\ndata: {source: glyphs}\nnetwork: glyph28\ntasks: {split: whole}\nimagesPerClass: [1, 5, all]\nstatistic: top10\nkeep: none\n',
  'name: s\ndata: {source: d}\nnetwork: tiny32\ntasks: [{split: random-halves, seeds: [0, 3]}, {split: natural-man-made}, {A: {data: x}, B: {data: y}}]\n',
])('study.yaml as run reads back as the same study', (text) => {
  const study = readStudy(write(text));
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
});

const prototxt = `input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 4 kernel_size: 3 weight_filler { type: "msra" } } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "fc2" type: "InnerProduct" bottom: "conv1" top: "fc2"
  inner_product_param { num_output: 10 weight_filler { type: "gaussian" std: 0.01 } } }
`;

test('network and solver come from prototxts beside the study', () => {
  write(prototxt, 'net.prototxt');
  write(
    'base_lr: 0.02 lr_policy: "multistep" gamma: 0.5 stepvalue: 300 stepvalue: 700 max_iter: 1000 momentum: 0.8 test_interval: 50',
    'solver.prototxt',
  );
  const text =
    'name: s\ndata: {source: d, size: 8}\nnetwork: net.prototxt\nsolver: {prototxt: solver.prototxt, gamma: 0.25}\n';
  const study = readStudy(write(text));
  expect(study.network).toMatchObject({
    input: { height: 8, width: 8 },
    layers: [{ name: 'conv1' }, {}, { name: 'fc2' }],
  });
  expect(study.network.layers.at(-1)).toMatchObject({ outputs: 'classes' });
  expect(study.layers).toEqual([1]);
  expect(study.solver).toMatchObject({
    lr: 0.02,
    gamma: 0.25,
    momentum: 0.8,
    weightDecay: 0,
    length: { iterations: 1000 },
    steps: { fractions: [0.3, 0.7] },
    testEvery: { iterations: 50 },
  });
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  const shorter = readStudy(write(text), ['solver.epochs=2']);
  expect(shorter.solver.length).toEqual({ epochs: 2 });
});

const dataLayer = `layer { name: "images" type: "Data" top: "data" top: "label"
  transform_param { crop_size: 8 mirror: false mean_value: 104 mean_value: 117 mean_value: 123 scale: 0.5 }
  data_param { batch_size: 16 } }
`;

test('what the data layer of a prototxt says holds where the study says nothing, and who set what', () => {
  write(prototxt.replace(/^.*\n/, dataLayer), 'net.prototxt');
  write('base_lr: 0.02 max_iter: 1000 lr_policy: "fixed"', 'solver.prototxt');
  const head = 'name: s\ndata: {source: d, size: 8}\nnetwork: net.prototxt\n';
  const read = (text: string, settings: string[] = []) =>
    readStudyFile(write(head + text), settings);
  const { study, setBy } = read('solver: {prototxt: solver.prototxt, gamma: 0.5}\n', [
    'solver.epochs=2',
  ]);
  expect(study).toMatchObject({ mirror: false, mean: 'source', solver: { batch: 16, lr: 0.02 } });
  expect(study.network.input).toMatchObject({ mean: [123, 117, 104], scale: [0.5], height: 8 });
  expect(setBy).toMatchObject({
    crop: 'network file',
    batch: 'network file',
    mirror: 'network file',
    mean: 'network file',
    scale: 'network file',
    lr: 'solver file',
    momentum: 'solver file',
    weightDecay: 'solver file',
    length: 'command line',
    steps: 'solver file',
    gamma: 'study file',
    testEvery: 'default',
  });
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  const own = read('solver: {batch: 32}\n', ['data.mirror=true', 'data.mean=target']);
  expect(own.study).toMatchObject({ mirror: true, mean: 'target', solver: { batch: 32 } });
  expect(own.study.network.input.mean).toBe('image');
  expect(own.setBy).toMatchObject({ batch: 'study file', mean: 'command line', lr: 'default' });
  expect(read('', ['data.mean=[9]']).study.network.input.mean).toEqual([9, 9, 9]);
  const preset = readStudyFile(write('name: s\ndata: {source: d}\nnetwork: tiny32\n'));
  expect(preset.setBy).toMatchObject({ crop: 'preset', scale: 'preset', batch: 'default' });
  expect(problems(`${head}`, ['data.mean=[1, 2]'])).toEqual([
    '-: data.mean: found 2 numbers, wanted 1 or 3',
  ]);
});

test('numbers of a solver file pass the same checks as those of the study', () => {
  write(prototxt, 'net.prototxt');
  const path = write(
    'name: s\ndata: {source: d, size: 8}\nnetwork: net.prototxt\nsolver: {prototxt: solver.prototxt}\n',
  );
  const found = (text: string) => {
    write(text, 'solver.prototxt');
    try {
      readStudy(path);
      return '';
    } catch (error) {
      return (error as Error).message.replaceAll(directory, '');
    }
  };
  const [rate, end] = ['base_lr: 0.01', 'max_iter: 100'];
  expect(found(`base_lr: -0.01\n${end}`)).toBe(
    '/solver.prototxt:1:1: base_lr: found -0.01, wanted more than 0',
  );
  expect(found(`${rate}\nmax_iter: 0`)).toBe(
    '/solver.prototxt:2:1: max_iter: found 0, wanted at least 1',
  );
  expect(found(`${rate}\nmax_iter: -5`)).toMatch(/max_iter: found -5, wanted at least 1/);
  expect(found(`${rate}\nmax_iter: 2.5`)).toMatch(/max_iter: found 2.5, wanted a whole number/);
  expect(found(`${rate}\nmax_iter: 9007199254740993`)).toMatch(/wanted at most 1000000000/);
  expect(found(`${rate}\n${end}\nmomentum: 1`)).toMatch(/:3:1: momentum: found 1, wanted less/);
  expect(found(`${rate}\n${end}\ntest_interval: -1`)).toMatch(/test_interval: found -1/);
  expect(found(`base_lr: nan\n${end}`)).toMatch(/base_lr: found nan, wanted a number/);
  expect(found(`${rate}\n${end}`)).toBe('');
});

test('a network that does not say its crop takes the images whole', () => {
  write(
    prototxt.replace(/^.*\n/, dataLayer.replace(/crop_size: 8|mean_value: \d+/g, '')),
    'net.prototxt',
  );
  const read = (data: string) =>
    readStudyFile(write(`name: s\ndata: {source: d${data}}\nnetwork: net.prototxt\n`));
  const { study, setBy } = read(', size: 16');
  expect(study.network.input).toMatchObject({ height: 16, width: 16 });
  expect(setBy.crop).toBe('study file');
  expect(read(', size: 16, crop: 12').study.network.input.height).toBe(12);
  expect(read(', size: 16, channels: 1').study.network.input).toMatchObject({ channels: 1 });
  expect(() => read('')).toThrow(/write crop_size, or data.size of the study/);
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
});

test('a mean file is named as not read', () => {
  const layer = dataLayer.replace(/mean_value.*123/, 'mean_file: "m.binaryproto"');
  write(prototxt.replace(/^.*\n/, layer), 'net.prototxt');
  const path = write('name: s\ndata: {source: d, size: 8}\nnetwork: net.prototxt\n');
  expect(readStudyFile(path).remarks).toMatchObject([
    { line: 2, message: expect.stringMatching(/^mean_file is not read/) as string },
  ]);
});

test('a prototxt that is not a base network’s is refused', () => {
  const head = 'name: s\ndata: {source: d, size: 8}\n';
  const found = (content: string) => {
    write(content, 'net.prototxt');
    return problems(`${head}network: net.prototxt\n`);
  };
  const relative = prototxt.replace(
    'top: "conv1"\n',
    'top: "conv1" param { lr_mult: 0 } param { lr_mult: 0 }\n',
  );
  expect(found(relative)).toEqual([expect.stringMatching(/^3: .*has conv1 frozen, wanted a base/)]);
  expect(found(relative.replace(' param { lr_mult: 0 }', ''))).toEqual([
    expect.stringMatching(/has conv1 frozen, wanted a base/),
  ]);
  expect(found(prototxt.replaceAll('"fc2"', '"fc2-new"'))[0]).toMatch(/has layers named -new/);
  expect(found(prototxt.replace('weight_filler { type: "msra" }', ''))[0]).toMatch(
    /all weights of conv1 at one value, wanted a training file/,
  );
  const broken = () => readStudy(write(`${head}network: net.prototxt\n`));
  write(prototxt.replace('"ReLU"', '"MVN"'), 'net.prototxt');
  expect(broken).toThrow(/net\.prototxt:4:1: layer "relu1": type MVN is not supported/);
  expect(problems(`${head}network: none.prototxt\n`)[0]).toMatch(
    /none\.prototxt: the file does not/,
  );
});

test('images held out and channels: read, printed and checked', () => {
  const text = (data: string) => `name: s\ndata: {source: d${data}}\nnetwork: tiny32\n`;
  const read = (data: string) => readStudy(write(text(data)));
  expect(read(', holdOut: 0.2').tasks[0]).toMatchObject({
    data: { holdOut: { share: 0.2, seed: 0 } },
  });
  expect(read(', holdOut: {share: 0.1, seed: 7}, channels: 3').tasks[0]).toMatchObject({
    data: { holdOut: { share: 0.1, seed: 7 }, channels: 3 },
  });
  const own = '{A: {data: x}, B: {data: {source: y, holdOut: 0.5, channels: 1}}}';
  const twoSets = `${text(', holdOut: 0.2')}tasks: ${own}\n`;
  expect(readStudy(write(twoSets)).tasks[0]).toMatchObject({
    sets: {
      A: { data: { holdOut: { share: 0.2, seed: 0 } } },
      B: { data: { holdOut: { share: 0.5, seed: 0 }, channels: 1 } },
    },
  });
  for (const study of [
    read(', holdOut: {share: 0.1, seed: 7}, channels: 3'),
    readStudy(write(twoSets)),
  ]) {
    expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  }
  expect(dataChoices(readStudy(write(twoSets)))).toHaveLength(2);
  const some = read(', classes: [a, b]');
  expect(some.tasks[0]).toMatchObject({ data: { classes: ['a', 'b'] } });
  expect(readStudy(write(printStudy(some), 'printed.yaml'))).toEqual(some);
  expect(problems(text(', classes: [a]')).join()).toMatch(/^2: data.classes/);
  for (const wrong of ['0', '1', '-0.1', '{seed: 1}', 'half', '{share: 2}']) {
    expect(problems(text(`, holdOut: ${wrong}`)).join(), wrong).toMatch(/^2: data.holdOut/);
  }
  expect(problems(text(', channels: 2'))).toEqual([
    '2: data.channels: found 2, wanted one of 1, 3',
  ]);
  expect(problems('name: s\ndata: {source: glyphs, holdOut: 0.2}\nnetwork: glyph28\n')).toEqual([
    '2: data: glyphs are what they are: no channels, no holdOut, no classes',
  ]);
});

test('an ONNX file: its preparation of images is the study’s to say', () => {
  writeFileSync(join(directory, 'net.onnx'), bytesOf(madeModel(onnxNet)));
  const text = (data: string) => `name: s\ndata: {source: d, size: 8${data}}\nnetwork: net.onnx\n`;
  const prepared = ', mean: [1, 2, 3], scale: [0.5]';
  const { study, remarks, setBy } = readStudyFile(write(text(prepared)));
  expect(study.network.input).toEqual({
    ...{ channels: 3, height: 8, width: 8 },
    ...{ mean: [1, 2, 3], scale: [0.5] },
  });
  expect(setBy).toMatchObject({ scale: 'study file', mean: 'study file', crop: 'network file' });
  expect(remarks).toMatchObject([{ message: expect.stringMatching(/^the Softmax at its end/) }]);
  expect(readStudy(write(printStudy(study), 'printed.yaml'))).toEqual(study);
  expect(problems(text(''))[0]).toMatch(
    /net\.onnx does not say how its images are prepared: write data\.mean and data\.std/,
  );
  expect(problems(text(', mean: [1], scale: [1, 2]'))[0]).toMatch(
    /data\.scale: found 2 numbers, wanted 1 or 3/,
  );
  expect(problems('name: s\ndata: {source: d, size: 36, scale: 2}\nnetwork: tiny32\n')[0]).toMatch(
    /data\.scale: tiny32 has its own, 0\.015625/,
  );
  writeFileSync(join(directory, 'net.onnx'), 'nothing');
  expect(() => readStudy(write(text(prepared)))).toThrow(/net\.onnx: not an ONNX file, or damaged/);
});

const onnxNet = {
  nodes: [
    node('Conv', ['x', 'c.weight'], 'c'),
    node('Flatten', ['c'], 'f'),
    node('Gemm', ['f', 'w'], 'l', { transB: 1 }),
    node('Softmax', ['l'], 'y'),
  ],
  initializers: [
    tensor('c.weight', [3, 3, 1, 1], new Array<number>(9).fill(1)),
    tensor('w', [2, 192], new Array<number>(384).fill(1)),
  ],
};
