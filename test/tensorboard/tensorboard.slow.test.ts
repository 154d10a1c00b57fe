// The real TensorBoard, from PyPI, reads the event files of a run: while it trained, when it was
// resumed, and from `report` afterwards; its scalars are ours as float32, bit for bit.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, StudyFolder, writeTensorboard } from '../../src/index.js';
import { main } from '../../src/cli/main.js';
import { tinyStudy } from '../library/tiny-study.js';
import { pythonWith } from '../python.js';

const python = pythonWith('tensorboard==2.21.0', 'setuptools<81');

// Every scalar of every run that TensorBoard finds below a folder.
const program = `
import json, struct, sys
from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
multiplexer = EventMultiplexer(size_guidance={'tensors': 0, 'scalars': 0})
multiplexer.AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
found = {}
for name in multiplexer.Runs():
    run = multiplexer.GetAccumulator(name)
    for tag in run.Tags()['scalars']:
        found[name + ' ' + tag] = [[e.step, struct.pack('<f', e.value).hex()] for e in run.Scalars(tag)]
print(json.dumps(found))
`;

describe.skipIf(python.path === null)(`TensorBoard (${python.reason})`, () => {
  let folder: string;
  const before = process.env['SELFFER_CACHE_DIR'];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'selffer-tensorboard-'));
    process.env['SELFFER_CACHE_DIR'] = join(folder, 'cache');
    writeFileSync(join(folder, 'read.py'), program);
  });
  afterAll(() => {
    if (before === undefined) delete process.env['SELFFER_CACHE_DIR'];
    else process.env['SELFFER_CACHE_DIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  function readByTensorboard(directory: string): unknown {
    const { status, stdout, stderr } = spawnSync(
      python.path as string,
      [join(folder, 'read.py'), directory],
      { encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    return JSON.parse(stdout);
  }

  const bits = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return bytes.toString('hex');
  };

  /** What TensorBoard should say, from the folder's own metrics. */
  function ours(directory: string): Record<string, readonly (readonly [number, string])[]> {
    const study = new StudyFolder(directory);
    const networks = study.plan()!.networks;
    return Object.fromEntries(
      networks.flatMap(({ name }) =>
        (
          [
            ['test/accuracy', 'testAccuracy'],
            ['test/loss', 'testLoss'],
            ['train/loss', 'trainLoss'],
            ['train/learning_rate', 'learningRate'],
          ] as const
        ).map(([tag, key]) => [
          `${name} ${tag}`,
          study.tests(name).map((line) => [line.iteration, bits(line[key] as number)] as const),
        ]),
      ),
    );
  }

  test('scalars of a run that was stopped and resumed are ours, each once', async () => {
    const tiny = await tinyStudy(folder, { iterations: 600, treatments: ['base', 'AnB'] });
    const [out, tensorboard] = [join(folder, 'out'), join(folder, 'live')];
    const stop = new AbortController();
    const first = await run(tiny, {
      ...{ out, tensorboard, executor: 'reference', signal: stop.signal },
      onEvent: ({ event }) => {
        if (event === 'test') stop.abort();
      },
    });
    expect(first.outcome).toBe('stopped');
    const begun = readByTensorboard(tensorboard) as Record<string, unknown>;
    expect(begun).toMatchObject({
      'split0/baseA test/accuracy': ours(out)['split0/baseA test/accuracy'],
    });
    const second = await run(tiny, { out, tensorboard, executor: 'reference' });
    expect(second.outcome).toBe('finished');
    const found = readByTensorboard(tensorboard);
    expect(Object.keys(found as object)).toHaveLength(16);
    expect(found).toEqual(ours(out));
  });

  test('of a study that is done, by `report` and by the library', async () => {
    const [out, tensorboard] = [join(folder, 'out'), join(folder, 'after')];
    await main(['report', out, '--tensorboard', tensorboard]);
    expect(process.exitCode ?? 0).toBe(0);
    expect(readByTensorboard(tensorboard)).toEqual(ours(out));
    // What is written over it again is not there twice.
    await writeTensorboard(tensorboard, out);
    expect(readByTensorboard(tensorboard)).toEqual(ours(out));
  });

  test('TensorBoard sees a damaged record', () => {
    const path = join(folder, 'after/split0/baseA/events.out.tfevents.0000000000.selffer');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(readByTensorboard(join(folder, 'after'))).not.toEqual(ours(join(folder, 'out')));
  });
});
