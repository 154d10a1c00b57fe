// A run of the library that is aborted, or whose listener throws, loses nothing: the same call ends
// with the results of a run that was left alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, type RunEvent, type Study } from '../../src/index.js';
import { tinyStudy } from './tiny-study.js';

const executor = 'reference';

let folder: string;
let tiny: Study;
const before = process.env['SELFFER_CACHE_DIR'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-library-'));
  process.env['SELFFER_CACHE_DIR'] = join(folder, 'cache');
  tiny = await tinyStudy(folder, { iterations: 600, treatments: ['base', 'AnB'] });
  await run(tiny, { out: join(folder, 'whole'), executor });
});
afterAll(() => {
  if (before === undefined) delete process.env['SELFFER_CACHE_DIR'];
  else process.env['SELFFER_CACHE_DIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

const bytes = (out: string) => readFileSync(join(out, 'results.json'), 'utf8');

test('aborted, it saves and says so; the same call ends with the same results', async () => {
  const out = join(folder, 'aborted');
  const stop = new AbortController();
  const first = await run(tiny, {
    ...{ out, executor, signal: stop.signal },
    onEvent: ({ event }) => {
      if (event === 'step') stop.abort();
    },
  });
  expect(first).toMatchObject({ outcome: 'stopped', report: null });
  expect(first.unfinished.length).toBeGreaterThan(1);
  const second = await run(tiny, { out, executor });
  expect(second.outcome).toBe('finished');
  expect(bytes(out)).toBe(bytes(join(folder, 'whole')));
});

test('a listener that throws ends the run, and the folder can be used again', async () => {
  const out = join(folder, 'thrown');
  const onEvent = ({ event }: RunEvent): void => {
    if (event === 'test') throw new RangeError('mine');
  };
  await expect(run(tiny, { out, executor, onEvent })).rejects.toThrow('mine');
  await expect(run(tiny, { out, executor })).resolves.toMatchObject({ outcome: 'finished' });
  expect(bytes(out)).toBe(bytes(join(folder, 'whole')));
});

test('some networks only, then a study file that sets something else', async () => {
  const out = join(folder, 'some');
  const end = await run(tiny, { out, executor, only: ['baseA'] });
  expect(end.unfinished).toEqual([]);
  expect(end.results.networks.map(({ state }) => state)).toEqual([
    'done',
    'waiting',
    'waiting',
    'waiting',
  ]);
  const changed = run(join(out, 'study.yaml'), { out, executor, set: ['solver.lr=0.1'] });
  await expect(changed).rejects.toMatchObject({ code: 'identity' });
});
