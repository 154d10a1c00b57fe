// `advise` and `predict` through the real command and processes.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Advice } from '../../src/advise/advice.js';
import { selffer, trainedSource, writeStripes } from './made-photographs.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-advise-'));
const photographs = join(folder, 'photographs');
let source: string;

beforeAll(async () => {
  source = trainedSource(folder);
  await writeStripes(photographs, 40);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

function asked(out: string, data = photographs, ...options: readonly string[]): readonly string[] {
  const place = ['--out', join(folder, out), '--budget', '120s', '--threads', '1', '--no-mirror'];
  return ['advise', source, '--data', data, ...place, '--json', ...options];
}

function adviceOf(...args: readonly string[]): Advice {
  const { status, stdout, stderr } = selffer(...args);
  expect(status, stderr + stdout).toBe(0);
  return JSON.parse(stdout) as Advice;
}

test('an answer, a page and a network that predicts as onnxruntime does', async () => {
  const best = join(folder, 'best.onnx');
  const advice = adviceOf(...asked('whole', photographs, '--save', best));
  expect(advice.schema).toBe('selffer.advice/1');
  expect(advice.preprocessing.from).toBe('the file');
  expect(advice.data).toMatchObject({ train: 96, selection: 32, test: 32, guessing: 0.25 });
  expect(advice.arms[0]?.accuracy).toBeGreaterThan(0.8);
  expect(advice.arms.map(({ family }) => family)).toContain('scratch');
  const page = readFileSync(join(folder, 'whole', 'report.html'), 'utf8');
  expect(page).toContain(advice.answer[0]?.slice(0, 20));
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(8);

  const images = readdirSync(join(photographs, 'class2')).map((name) =>
    join(photographs, 'class2', name),
  );
  const { status, stdout, stderr } = selffer('predict', best, ...images, '--json');
  expect(status, stderr).toBe(0);
  const { predictions } = JSON.parse(stdout) as { predictions: { class: string }[] };
  const session = await InferenceSession.create(best);
  for (const [at, image] of images.entries()) {
    const pixels = await sharp(image).greyscale().raw().toBuffer();
    const input = new Tensor('float32', Float32Array.from(pixels), [1, 1, 28, 28]);
    const output = Object.values(await session.run({ data: input }))[0] as Tensor;
    const logits = [...(output.data as Float32Array)];
    const top = advice.data.classes[logits.indexOf(Math.max(...logits))];
    expect(predictions[at]?.class).toBe(top);
  }
});

test('a network of a study, in its folder: prepared as its run was', () => {
  const place = ['--out', join(folder, 'run'), '--budget', '60s', '--threads', '1', '--no-mirror'];
  const run = `${join(folder, 'source')}:split0/baseA`;
  const advice = adviceOf('advise', run, '--data', photographs, ...place, '--json');
  expect(advice.preprocessing).toMatchObject({ from: 'its run', chosen: { mean: [100] } });
  expect(advice.model).toMatchObject({ given: run, file: join(folder, 'run', 'source.onnx') });
  // The same network as that of the file: its features are worth the same.
  const ofFile = JSON.parse(readFileSync(join(folder, 'whole', 'advice.json'), 'utf8')) as Advice;
  // The first cuts are left out where there is little time.
  const worth = ({ cheap }: Advice) => cheap.cuts.map(({ name, logMe }) => [name, logMe]);
  const both = Math.min(advice.cheap.cuts.length, ofFile.cheap.cuts.length);
  expect(both).toBeGreaterThanOrEqual(3);
  expect(worth(advice).slice(-both)).toEqual(worth(ofFile).slice(-both));
  expect(advice.arms[0]?.accuracy).toBeGreaterThan(0.8);
});

test('several networks: one final test, the words say which; killed and asked again', async () => {
  trainedSource(join(folder, 'other'), 1e-9);
  const run = join(folder, 'other', 'source', 'runs', 'split0', 'baseA');
  const best = join(folder, 'best-of-two.onnx');
  const place = ['--out', join(folder, 'several'), '--budget', '150s', '--threads', '1'];
  const given = ['advise', run, source, '--data', photographs, ...place, '--no-mirror', '--json'];
  const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
  const child = spawn(process.execPath, [bin, ...given], { stdio: 'ignore' });
  await setTimeout(9000);
  child.kill('SIGKILL');
  const advice = adviceOf(...given, '--save', best);
  const { sources = [], answer, arms } = advice;
  expect(answer[0]).toMatch(/^Of the 2 networks |^Nothing can be learned/);
  expect(sources.map(({ name }) => name).sort()).toEqual(['source', 'source-split0-baseA']);
  expect(sources.map(({ isTrained }) => isTrained)).toEqual([true, true]);
  expect(sources.map((each) => each.best?.chosenLessThis === null)).toEqual([true, false]);
  expect(advice.model).toEqual(sources[0]?.model);
  // The best way of the chosen one is among its ways, where its study is.
  expect(arms.map(({ study, network }) => [study, network])).toContainEqual([
    ...[sources[0]?.best?.study, sources[0]?.best?.network],
  ]);
  for (const { study } of arms) expect(existsSync(join(folder, 'several', study))).toBe(true);
  expect(readFileSync(join(folder, 'several', 'report.html'), 'utf8')).toContain(
    'The networks beside each other',
  );
  expect(selffer('predict', best, join(photographs, 'class0', '0.png'), '--json').status).toBe(0);
  expect(adviceOf(...given)).toEqual(advice);
  const twice = selffer('advise', source, source, '--data', photographs, '--out', `${best}.twice`);
  expect(twice.stderr).toMatch(/source\.onnx is there twice/);
});

test('asked again: the same answer without training; of something else: refused', () => {
  const started = performance.now();
  const advice = adviceOf(...asked('whole'));
  expect(performance.now() - started).toBeLessThan(60_000);
  expect(advice.answer.length).toBeGreaterThan(1);
  const { status, stderr, stdout } = selffer(...asked('whole', photographs, '--seed', '1'));
  expect(status).toBe(2);
  expect(stdout + stderr).toMatch(/holds an advice on another network/);
});

test('labels that say nothing: nothing can be learned', async () => {
  const mixed = join(folder, 'mixed');
  await writeStripes(mixed, 40, true);
  const advice = adviceOf(...asked('nothing', mixed));
  expect(advice.outcome, JSON.stringify(advice.arms)).toBe('nothing can be learned');
  expect(advice.answer[0]).toMatch(/Nothing can be learned/);
});

test('a source of random weights is not recommended', () => {
  const random = trainedSource(join(folder, 'random'), 1e-9);
  const place = ['--out', join(folder, 'random-advice'), '--budget', '120s', '--threads', '1'];
  const advice = adviceOf('advise', random, '--data', photographs, ...place, '--json');
  expect(advice.outcome).toBe('the source brings nothing');
});

test('killed at some moments and started again: the same answer', async () => {
  // What was decided by the clock is the same in both.
  const decided = ['asked', 'data', 'preprocessing', 'cheap-stage', 'round-1', 'round-2'];
  for (const name of decided) {
    cpSync(join(folder, 'whole', `${name}.json`), join(folder, 'killed', `${name}.json`));
  }
  cpSync(join(folder, 'whole', 'images.store'), join(folder, 'killed', 'images.store'));
  const sizes = join(folder, 'whole', 'curve-sizes.json');
  if (existsSync(sizes)) cpSync(sizes, join(folder, 'killed', 'curve-sizes.json'));
  for (const milliseconds of [2500, 4000, 6500]) {
    const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
    const child = spawn(process.execPath, [bin, ...asked('killed')], { stdio: 'ignore' });
    await Promise.race([setTimeout(milliseconds), new Promise((end) => child.on('close', end))]);
    child.kill('SIGKILL');
  }
  const advice = adviceOf(...asked('killed'));
  const whole = adviceOf(...asked('whole'));
  const numbers = ({ arms, curve, extrapolation, outcome }: Advice) => ({
    arms: arms.map((arm) => ({ ...arm, trainSeconds: 0 })),
    ...{ curve, extrapolation, outcome },
  });
  expect(numbers(advice)).toEqual(numbers(whole));
});
