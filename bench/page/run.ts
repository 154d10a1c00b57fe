// What the server of the live page takes for a study of two thousand networks and a million tests:
// time to the first answer, time of an update, memory.
// Usage: npm run bench:page -- [--splits N] [--tests N] [--rounds N] [--out DIR]
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';
import { median } from '../median.js';
import { endNetwork, writeMadeFolder } from './made-folder.js';

const { values: options } = parseArgs({
  options: {
    splits: { type: 'string', default: '38' },
    tests: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '7' },
    out: { type: 'string' },
  },
});

const root = fileURLToPath(new URL('../../..', import.meta.url));
const work = realpathSync(mkdtempSync(join(tmpdir(), 'selffer-bench-page-')));
const directory = join(work, 'made');
const rounds = Number(options.rounds);
const tests = Number(options.tests);
const numbers = new Map<string, number[]>();

function note(what: string, value: number): void {
  numbers.set(what, [...(numbers.get(what) ?? []), value]);
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const value = await work();
  note(`${what}, ms`, performance.now() - started);
  return value;
}

/** Starts the command. @returns it, and its address once it listens */
async function serve(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const args = [join(root, 'bin/selffer.js'), 'serve', directory, '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => {
      resolve((JSON.parse(text) as { readonly url: string }).url);
    });
  });
  return { child, url };
}

const residentMiB = ({ pid }: ChildProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** Milliseconds from `change` until a stream tells of the network. */
async function update(url: string, name: string, change: () => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let started = -1;
    const asked = get(`${url}/events`, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        // The whole study comes first, in pieces.
        if (started === -1 && text.endsWith('\n\n')) {
          started = performance.now();
          change();
        } else if (started !== -1 && text.includes('event: networks') && text.includes(name)) {
          note(
            'a change until the page is told (a look a second), ms',
            performance.now() - started,
          );
          asked.destroy();
          resolve();
        }
      });
    });
    asked.on('error', reject);
  });
}

async function round(plan: ReturnType<typeof writeMadeFolder>, at: number): Promise<void> {
  const { child, url } = await timed('start of the command', serve);
  const read = async (path: string): Promise<string> => (await fetch(url + path)).text();
  const { studies } = JSON.parse(await read('api/studies')) as { studies: { id: string }[] };
  const study = `api/studies/${studies[0]?.id}`;
  const state = await timed('first view: all networks', () => read(study));
  note('size of all networks, kB', state.length / 1000);
  note('memory after the first view, MiB', residentMiB(child));
  await timed('figures and answers', () => read(`${study}/figures`));
  await timed('one network', () => read(`${study}/networks/split0%2FA3B`));
  const last = plan.networks[plan.networks.length - 1 - at];
  if (last !== undefined) {
    await update(url + study, last.name, () => endNetwork(directory, last, at, tests));
  }
  const names = plan.networks.map(({ name }) => `network=${encodeURIComponent(name)}`);
  await timed('curves of all networks, read for the first time', async () => {
    for (let from = 0; from < names.length; from += 500) {
      await read(`${study}/curves?points=100&${names.slice(from, from + 500).join('&')}`);
    }
  });
  note('memory with all tests read, MiB', residentMiB(child));
  const some = names.slice(0, 50).join('&');
  await timed('50 curves, then', () => read(`${study}/curves?points=400&${some}`));
  await timed('all networks again', () => read(study));
  child.kill('SIGINT');
  await new Promise((resolve) => child.once('close', resolve));
}

try {
  const waiting = rounds + 1;
  const plan = writeMadeFolder(directory, { splits: Number(options.splits), tests, waiting });
  const points = (plan.networks.length - waiting) * tests;
  console.log(`${plan.networks.length} networks, ${points.toLocaleString('en-US')} tests`);
  for (let at = 0; at < rounds; at++) await round(plan, at);
  for (const [what, values] of numbers) {
    const most = Math.max(...values).toPrecision(4);
    console.log(`${what.padEnd(56)} median ${median(values).toPrecision(4)}  most ${most}`);
  }
  if (options.out !== undefined) {
    mkdirSync(options.out, { recursive: true });
    const environment = describeEnvironment('bench:page', 1);
    const record = { environment, options, points, numbers: Object.fromEntries(numbers) };
    writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(record, null, 1)}\n`);
  }
} finally {
  rmSync(work, { recursive: true });
}
