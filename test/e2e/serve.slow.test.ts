// A study that is started, stopped and resumed through the server of the live page, as the page
// does it, and one whose run serves its own page: real commands, real training.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { StudiesAnswer, StudyState } from '../../src/dashboard/api.js';

const selffer = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'selffer-serve-'));
const study = join(root, 'study.yaml');
const folder = join(root, 'out');

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

beforeAll(() => {
  writeFileSync(
    study,
    `name: served
data: {source: glyphs}
network: glyph28
solver: {batch: 32, lr: 0.02, iterations: 300, testEvery: 25}
imagesPerClass: 40
treatments: [base, AnB]
layers: [2]
`,
  );
  const args = [selffer, 'run', study, '--out', folder, '--only', 'baseA'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Starts a command that serves; resolves with its address, and what it prints so far. */
async function started(...args: readonly string[]): Promise<{
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<number | null>;
}> {
  const child = spawn(process.execPath, [selffer, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let output = '';
  const url = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /"event":"serving","url":"([^"]+)"/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url, ended };
}

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

async function studyUrl(url: string): Promise<string> {
  const { studies } = await read<StudiesAnswer>(`${url}api/studies`);
  return `${url}api/studies/${studies[0]?.id}`;
}

function post(url: string): Promise<Response> {
  const headers = { 'X-Selffer': '1', 'Content-Type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: '{}' });
}

/** Looks until `is` holds. */
async function until(url: string, is: (state: StudyState) => boolean): Promise<StudyState> {
  for (;;) {
    const state = await read<StudyState>(url);
    if (is(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const trained = ({ networks }: StudyState): number =>
  networks.filter(({ state }) => state === 'done').length;

test('started, stopped, resumed to its end, and what is known meanwhile', async () => {
  const { child, url, ended } = await started('serve', folder, '--port', '0');
  const at = await studyUrl(url);
  expect((await read<StudyState>(at)).run.state).toBe('idle');
  expect((await post(`${at}/stop`)).status).toBe(409);
  expect((await post(`${at}/start`)).status).toBe(200);
  expect((await post(`${at}/start`)).status).toBe(409);
  const running = await until(at, ({ networks, run }) =>
    Boolean(
      run.imagesPerSecond &&
      networks.some(({ state, iteration }) => state === 'running' && iteration),
    ),
  );
  expect(running.run).toMatchObject({ state: 'running', holder: /^process \d+ on / });
  if (process.platform === 'linux') expect(running.run.residentBytes).toBeGreaterThan(1e8);
  expect((await post(`${at}/stop`)).status).toBe(200);
  expect((await read<StudyState>(at)).run.state).toMatch(/^(stopping|idle)$/);
  const stopped = await until(at, ({ run }) => run.state === 'idle');
  expect(stopped.problems).toEqual([]);
  expect(trained(stopped)).toBeLessThan(4);
  expect(existsSync(join(folder, 'live.json'))).toBe(false);
  expect((await post(`${at}/start`)).status).toBe(200);
  const done = await until(at, ({ run }) => run.state === 'idle');
  expect(done.problems).toEqual([]);
  expect(trained(done)).toBe(4);
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('what goes wrong with a run is said in words', async () => {
  const broken = join(root, 'broken');
  spawnSync('cp', ['-r', folder, broken]);
  writeFileSync(join(broken, 'study.yaml'), 'name: served\ndata: {source: nowhere}\n');
  const { url } = await started('serve', broken, '--port', '0');
  const at = await studyUrl(url);
  expect((await post(`${at}/start`)).status).toBe(200);
  const { problems } = await until(at, ({ run }) => run.state === 'idle');
  expect(problems[0]).toMatch(/study\.yaml:1:1: .*"network" is missing/);
  rmSync(join(broken, 'study.yaml'));
  const refused = await post(`${at}/start`);
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain('no study.yaml');
});

test('Ctrl-C lets the runs that were started here save', async () => {
  const out = join(root, 'interrupted');
  spawnSync('cp', ['-r', folder, out]);
  rmSync(join(out, 'runs/split0/baseB'), { recursive: true });
  const { child, url, ended } = await started('serve', out, '--port', '0');
  const at = await studyUrl(url);
  await post(`${at}/start`);
  await until(at, ({ networks }) => networks.some(({ state }) => state === 'running'));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(existsSync(join(out, 'lock.json'))).toBe(false);
  expect(existsSync(join(out, 'runs/split0/baseB/checkpoint.safetensors'))).toBe(true);
});

test('a run serves its own page until it ends, and can be stopped from there', async () => {
  const out = join(root, 'own');
  const { url, ended } = await started('run', study, '--out', out, '--serve', '0');
  const at = await studyUrl(url);
  const running = await until(at, ({ networks, run }) => {
    const isHeard = networks.some(
      ({ state, iteration }) => state === 'running' && iteration !== null,
    );
    return isHeard && run.imagesPerSecond !== null;
  });
  expect(running.run.state).toBe('running');
  expect((await post(`${at}/start`)).status).toBe(409);
  expect((await post(`${at}/stop`)).status).toBe(200);
  expect(await ended).toBe(130);
  await expect(fetch(at)).rejects.toThrow();
  expect(existsSync(join(out, 'lock.json'))).toBe(false);
  const plan = JSON.parse(readFileSync(join(out, 'plan.json'), 'utf8')) as { networks: object[] };
  expect(plan.networks).toHaveLength(4);
});
