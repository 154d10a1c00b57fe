import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { WorkerEvent } from '../train/events.js';
import type { GangJob } from '../train/job.js';
import type { GangEnd, GangRun } from '../study/run/launcher.js';
import { localLauncher, startWorker } from './local.js';

const directory = mkdtempSync(join(tmpdir(), 'selffer-launch-'));
afterAll(() => rmSync(directory, { recursive: true }));

const job = {
  name: 'gang',
  threads: 3,
  executor: 'onednn',
  studyDirectory: directory,
} as unknown as GangJob;
const say = (event: object): string => `console.log(${JSON.stringify(JSON.stringify(event))});`;

let count = 0;
function script(body: string): string {
  const path = join(directory, `worker${count++}.mjs`);
  writeFileSync(path, body);
  return path;
}

async function run(
  body: string,
  act: (run: GangRun, event: WorkerEvent) => void = () => {},
): Promise<{ end: GangEnd; events: WorkerEvent[] }> {
  const events: WorkerEvent[] = [];
  const started = startWorker({ workerScript: script(body) }, job, (event) => {
    events.push(event);
    act(started, event);
  });
  return { end: await started.end, events };
}

const step = { event: 'step', iteration: 1, iterations: 2, images: 8, seconds: 1 };

test('a worker gets its job and environment, and its events arrive in order', async () => {
  const { end, events } = await run(`
    import { readFileSync } from 'node:fs';
    const [, , option, path, attached] = process.argv;
    if (option === '--job' && attached === '--attached') {
      const job = JSON.parse(readFileSync(path, 'utf8'));
      console.log(JSON.stringify({ event: 'test', network: job.name, iteration: Number(process.env.OMP_NUM_THREADS), accuracy: 0, loss: 0 }));
      ${say({ event: 'finished' })}
      process.exit();
    }`);
  expect(end).toEqual({ outcome: 'finished' });
  expect(events).toMatchObject([
    { event: 'test', network: 'gang', iteration: 3 },
    { event: 'finished' },
  ]);
});

test('a job file is there while its gang is trained, and no longer', async () => {
  const isThere = (): boolean => existsSync(join(directory, 'jobs', 'gang.json'));
  const { end } = await run(`${say(step)} ${say({ event: 'finished' })}`, () =>
    expect(isThere()).toBe(true),
  );
  expect(end).toEqual({ outcome: 'finished' });
  expect(existsSync(join(directory, 'jobs'))).toBe(false);
});

test('a job that cannot be written is a failure of its gang', async () => {
  writeFileSync(join(directory, 'file'), '');
  const broken = { ...job, studyDirectory: join(directory, 'file'), networks: [] };
  const { submit } = localLauncher({ workerScript: script('') });
  const run = submit([{ job: broken, after: [] }]);
  const events = [];
  for await (const event of run.events) events.push(event);
  expect(events.at(-1)).toMatchObject({
    event: 'over',
    end: {
      outcome: 'failed',
      code: 'file',
      message: expect.stringContaining('gang.json: cannot be written'),
    },
  });
  expect(await run.end).toEqual({ outcome: 'finished', failure: null });
});

test('a worker that dies by a signal has failed, with its last words', async () => {
  const { end, events } = await run(
    `${say(step)} console.error('boom'); process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000);`,
  );
  expect(events).toEqual([step]);
  expect(end).toMatchObject({ outcome: 'failed', code: 'native' });
  expect((end as { message: string }).message).toMatch(/SIGSEGV[^]*boom/);
});

test('a worker that ends without a word has failed', async () => {
  expect((await run('process.exit(0);')).end).toMatchObject({
    outcome: 'failed',
    message: 'the worker ended with status 0 before it had finished',
  });
});

test('a crash after the last word harms nothing', async () => {
  const { end } = await run(`${say({ event: 'finished' })} process.exit(9);`);
  expect(end).toEqual({ outcome: 'finished' });
});

test('an error event is the reason, with its hint', async () => {
  const error = { event: 'error', code: 'executor-missing', message: 'no library', hint: 'apt' };
  expect((await run(`${say(error)} process.exit(1);`)).end).toEqual({
    outcome: 'failed',
    code: 'executor-missing',
    message: 'no library',
    hint: 'apt',
  });
});

test('what a library prints is not an event', async () => {
  const { end, events } = await run(
    `console.log('onednn_verbose,info'); console.log('{"a": 1}'); ${say({ event: 'finished' })} process.exit();`,
  );
  expect(events).toEqual([{ event: 'finished' }]);
  expect(end.outcome).toBe('finished');
});

// A worker of the real protocol whose main thread is blocked, as native calls block it.
const host = new URL('../../src/launch/worker-host.ts', import.meta.url).pathname;
const busy = (rest: string): string => `
  import { hostWorker } from ${JSON.stringify(host)};
  await hostWorker(true, async ({ emit, shouldStop }) => {
    emit(${JSON.stringify(step)});
    ${rest}
  });`;

/** The host is TypeScript: compile it once into the test's folder. */
async function bundled(body: string): Promise<string> {
  const { default: ts } = await import('typescript');
  const compile = (path: string): string =>
    ts.transpileModule(readFileSync(path, 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    }).outputText;
  const errors = new URL('../base/errors.ts', import.meta.url).pathname;
  writeFileSync(join(directory, 'errors.mjs'), compile(errors));
  const systemErrors = new URL('../base/system-error.ts', import.meta.url).pathname;
  writeFileSync(
    join(directory, 'system-error.mjs'),
    compile(systemErrors).replace('./errors.js', './errors.mjs'),
  );
  writeFileSync(
    join(directory, 'worker-host.mjs'),
    compile(host)
      .replace('../base/errors.js', './errors.mjs')
      .replace('../base/system-error.js', './system-error.mjs'),
  );
  return script(body.replace(JSON.stringify(host), "'./worker-host.mjs'"));
}

test('a request to stop reaches a worker whose main thread never yields', async () => {
  const body = await bundled(
    busy(`while (!shouldStop()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    emit({ event: 'stopped', iteration: 1 });`),
  );
  const started = startWorker({ workerScript: body }, job, () => started.stop());
  expect(await started.end).toEqual({ outcome: 'stopped' });
});

test('a worker that has finished but does not end is ended', async () => {
  const { end } = await run(`${say({ event: 'finished' })} setInterval(() => {}, 1000);`);
  expect(end).toEqual({ outcome: 'finished' });
}, 30_000);

test('a request to stop that comes before the job was read is heard too', async () => {
  const body = await bundled(
    busy(`while (!shouldStop()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    emit({ event: 'stopped', iteration: 1 });`),
  );
  const started = startWorker({ workerScript: body }, job, () => {});
  started.stop();
  expect(await started.end).toEqual({ outcome: 'stopped' });
});

test('a worker whose work is done ends, though its parent lives', async () => {
  const body = await bundled(
    busy(`await new Promise((resolve) => setTimeout(resolve, 500));
    emit({ event: 'finished' });`),
  );
  const started = startWorker({ workerScript: body }, job, () => {});
  expect(await started.end).toEqual({ outcome: 'finished' });
});

test('a worker that is killed on request ends at once', async () => {
  const body = await bundled(busy('for (;;);'));
  const started = startWorker({ workerScript: body }, job, () => started.kill());
  expect(await started.end).toMatchObject({ outcome: 'failed' });
});

test('an exception in the worker is reported with its code', async () => {
  const body = await bundled(
    `import { DataError } from './errors.mjs';${busy("throw new DataError('no images', { hint: 'look' });")}`,
  );
  const started = startWorker({ workerScript: body }, job, () => {});
  expect(await started.end).toEqual({
    outcome: 'failed',
    code: 'data',
    message: 'no images',
    hint: 'look',
  });
});

test('a worker whose parent is killed dies, even in the middle of a native call', async () => {
  const worker = await bundled(busy('for (;;);'));
  // The parent starts the worker as the launcher does, says its pid, and waits.
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { spawn } from 'node:child_process';
       const child = spawn(process.execPath, [${JSON.stringify(worker)}], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
       child.stdout.once('data', () => console.log(child.pid));
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const pid = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
  });
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  while (isAlive(pid)) await sleep(10);
});

// A process that has ended but was not waited for is no longer alive.
function isAlive(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
}

test('a worker that is sent SIGTERM beside its launcher saves and ends', async () => {
  // As when a batch system ends a job: every process of it is sent the signal.
  const body = await bundled(
    busy(`emit({ event: 'warning', message: String(process.pid) });
    while (!shouldStop()) await new Promise((resolve) => setTimeout(resolve, 5));
    emit({ event: 'stopped', iteration: 1 });`),
  );
  const started = startWorker({ workerScript: body }, job, (event) => {
    if (event.event === 'warning') process.kill(Number(event.message), 'SIGTERM');
  });
  expect(await started.end).toEqual({ outcome: 'stopped' });
});
