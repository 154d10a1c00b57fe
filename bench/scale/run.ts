// What a store of a million small images costs before its pixels do: opening, memory, order, single
// reads.
// Usage: npm run bench:scale -- [--images N] [--size PX] [--rounds N] [--work DIR] [--out DIR]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';
import { writeMadeStore } from '../made-store.js';
import { median } from '../median.js';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '1000000' },
    size: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '7' },
    work: { type: 'string', default: tmpdir() },
    out: { type: 'string' },
  },
});

/** What the subject measures, in this order. */
const MEASUREMENTS = [
  ...['open', 'task', 'names', 'full order', 'block order'],
  ...['reads, file cache', 'reads, disk', 'pass over all pixels'],
];

const environment = describeEnvironment('bench:scale', 1);
const subject = fileURLToPath(new URL('subject.js', import.meta.url));
const work = mkdtempSync(join(resolve(options.work), 'selffer-bench-scale-'));
const store = join(work, 'made.store');
const images = Number(options.images);
const val = Math.floor(images / 20);
const answers = new Map<string, Record<string, number>[]>();

/** Bytes of the store, and the milliseconds that writing it took. */
function write(): { readonly bytes: number; readonly ms: number } {
  const started = performance.now();
  const counts = { classes: 1000, train: images - val, val };
  writeMadeStore({ path: store, size: Number(options.size), ...counts });
  return { ms: performance.now() - started, bytes: statSync(store).size };
}

function measure(): ReturnType<typeof write> {
  try {
    const written = write();
    for (let round = 0; round < Number(options.rounds); round++) {
      for (const what of MEASUREMENTS) {
        const answer = execFileSync(process.execPath, [subject, what, store], { encoding: 'utf8' });
        answers.set(what, [...(answers.get(what) ?? []), JSON.parse(answer)]);
      }
    }
    return written;
  } finally {
    rmSync(work, { recursive: true });
  }
}

const { bytes, ms: writeMs } = measure();
console.log(
  `${images} images of ${options.size} px, ${(bytes / 1e9).toFixed(2)} GB, written in ${(writeMs / 1000).toFixed(1)} s`,
);
const medians = Object.fromEntries(
  [...answers].map(([what, rounds]) => {
    const keys = Object.keys(rounds[0] ?? {});
    const values = keys.map((key) => [key, median(rounds.map((round) => Number(round[key])))]);
    console.log(
      `${what.padEnd(22)} ${values.map(([key, value]) => `${key} ${Number(value).toPrecision(4)}`).join('  ')}`,
    );
    return [what, Object.fromEntries(values)];
  }),
);
if (options.out !== undefined) {
  mkdirSync(options.out, { recursive: true });
  const record = {
    environment,
    options,
    storeBytes: bytes,
    writeMs,
    medians,
    rounds: Object.fromEntries(answers),
  };
  writeFileSync(join(options.out, 'result.json'), `${JSON.stringify(record, null, 1)}\n`);
}
