// Reads mutated inputs one after another, in a process of its own with little memory:
//   node child.mjs READER SAMPLES SEED FIRST COUNT FAULTS
// SAMPLES has a folder for each sample; inputs that made a fault are kept in FAULTS. Prints one
// line of JSON.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SelfferError } from '../../dist/base/errors.js';
import { systemError } from '../../dist/base/system-error.js';
import { randomOf } from './mutate.mjs';
import { expectOurs, readers } from './readers.mjs';

const [reader, samplesFolder, seedText, firstText, countText, faultsFolder] = process.argv.slice(2);
const { mutate, read } = readers[reader];
const [seed, first, count] = [seedText, firstText, countText].map(Number);
const SLOW_MS = 1000;
const HANG_MS = 20_000;
const MOST_FAULTS = 8;

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
const samples = readdirSync(samplesFolder)
  .sort()
  .map((name) => join(samplesFolder, name));
// In memory where there is such a place: files are written to be read once.
const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'selffer-fuzz-'));
const faults = [];
let at = first;
let slowestMs = 0;

function keep(number, problem) {
  const folder = join(faultsFolder, `${reader.replaceAll(' ', '-')}-${seed}-${number}`);
  if (problem !== null && faults.length < MOST_FAULTS) {
    mkdirSync(faultsFolder, { recursive: true });
    cpSync(input, folder, { recursive: true });
    faults.push({ number, problem, folder });
  }
}

let input = '';
function prepare(number) {
  const random = randomOf(seed * 1_000_003 + number);
  const sample = samples[Math.floor(random() * samples.length)];
  input = join(scratch, 'in');
  rmSync(input, { recursive: true, force: true });
  cpSync(sample, input, { recursive: true });
  const files = filesBelow(sample);
  const file = files[Math.floor(random() * files.length)];
  writeFileSync(join(input, relative(sample, file)), mutate(readFileSync(file), random));
}

function problemOf(error) {
  const told = systemError(error) ?? error;
  if (!(told instanceof SelfferError)) return `${error?.stack ?? error}`;
  if (told.code === 'internal') return told.message;
  return told.message.length > 1e6 ? `a message of ${told.message.length} characters` : null;
}

// A read that never ends is ended with the process, by a thread that knows its input's number.
const shared = new Int32Array(new SharedArrayBuffer(8));
const hung = join(faultsFolder, `${reader.replaceAll(' ', '-')}-${seed}-`);
const watcher = new Worker(
  `const { cpSync, writeSync } = require('node:fs');
   const { workerData } = require('node:worker_threads');
   let last = -1, since = Date.now();
   setInterval(() => {
     const number = Atomics.load(workerData.shared, 0);
     if (number !== last) { last = number; since = Date.now(); }
     else if (Date.now() - since > workerData.hang) {
       const folder = workerData.hung + number;
       cpSync(workerData.input, folder, { recursive: true });
       const faults = [{ number, problem: 'hung', folder }];
       writeSync(1, JSON.stringify({ at: number, faults, slowestMs: workerData.hang, rssMiB: 0 }) + '\\n');
       process.kill(process.pid, 'SIGKILL');
     }
   }, 200);`,
  { eval: true, workerData: { shared, hang: HANG_MS, hung, input: join(scratch, 'in') } },
);
watcher.unref();

function say() {
  const { maxRSS } = process.resourceUsage();
  const line = { at, faults, slowestMs: Math.round(slowestMs), rssMiB: Math.round(maxRSS / 1024) };
  writeSync(1, `${JSON.stringify(line)}\n`);
}

expectOurs((error) => {
  const problem = problemOf(error);
  if (problem !== null) throw error;
});
process.on('uncaughtException', (error) => {
  keep(at, `uncaught: ${error?.stack ?? error}`);
  say();
  process.exit(0);
});
// An awaited promise that nobody settles any more.
process.on('beforeExit', () => {
  keep(at, 'fell silent: what is awaited never comes');
  say();
  process.exit(0);
});

for (; at < first + count && faults.length < MOST_FAULTS; at++) {
  prepare(at);
  Atomics.store(shared, 0, at);
  const before = process.cpuUsage();
  let problem = null;
  try {
    await read(input, join(scratch, 'out'));
  } catch (error) {
    problem = problemOf(error);
  }
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000;
  slowestMs = Math.max(slowestMs, ms);
  if (ms > SLOW_MS) problem ??= `took ${Math.round(ms)} ms`;
  keep(at, problem);
}
say();
rmSync(scratch, { recursive: true, force: true });
process.exit(0);
