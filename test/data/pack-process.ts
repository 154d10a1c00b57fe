// `selffer data pack` as a process of its own that can be killed when it has come so far, and a
// folder that keeps it busy.
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** What a process is given besides. */
export interface PackProcessOptions {
  /** Options of Node. */
  readonly node?: readonly string[];
  /** Called every 2 ms while the process runs. */
  readonly onTick?: (pid: number) => void;
}

/** Threads of a process (Linux); 0 if it has ended. */
export function threadsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).length;
  } catch {
    return 0;
  }
}

/** Runs `selffer data pack ARGS`; sends `signal` as soon as `isTime()`. */
export function packProcess(
  args: readonly string[],
  signal?: NodeJS.Signals,
  isTime: () => boolean = () => false,
  { node = [], onTick = () => undefined }: PackProcessOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, bin, 'data', 'pack', ...args]);
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (text.out += String(chunk)));
    child.stderr.on('data', (chunk) => (text.err += String(chunk)));
    const timer = setInterval(() => {
      if (child.pid !== undefined) onTick(child.pid);
      if (!isTime()) return;
      clearInterval(timer);
      child.kill(signal);
    }, 2);
    child.once('error', reject);
    child.once('close', (status, by) => {
      clearInterval(timer);
      resolve({ status, signal: by, ...text });
    });
  });
}

/** Bytes of a file; 0 if it is not there. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Files that the journal beside a store knows of. */
export function journaled(store: string): number {
  return sizeOf(`${store}.journal`) === 0
    ? 0
    : readFileSync(`${store}.journal`, 'utf8').split('\n').length - 2;
}

/** A folder of `count` large photographs that differ in what they show; `distinct` files, the rest
 *  links to them. */
export async function writeBusyFolder(folder: string, count: number): Promise<void> {
  const [width, height, distinct] = [1400, 1000, 8];
  const originals: string[] = [];
  for (let at = 0; at < distinct; at++) {
    const noise = Buffer.alloc(3 * width * height);
    for (let i = 0; i < noise.length; i++) noise[i] = (Math.imul(i + at, 2654435761) >>> 16) & 0xff;
    const path = join(folder, `${at}.original.jpg`);
    mkdirSync(folder, { recursive: true });
    const raw = { width, height, channels: 3 } as const;
    writeFileSync(path, await sharp(noise, { raw }).jpeg({ quality: 90 }).toBuffer());
    originals.push(path);
  }
  for (let at = 0; at < count; at++) {
    const place = join(folder, at % 10 === 0 ? 'val' : 'train', at % 4 < 2 ? 'a' : 'b');
    mkdirSync(place, { recursive: true });
    symlinkSync(originals[(at * 5 + (at >> 3)) % distinct]!, join(place, `${at}.jpg`));
  }
}
