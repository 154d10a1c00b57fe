// Folders of trained networks, for tests that train the same networks in several ways.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { NetworkJob } from '../../src/train/job.js';

/** Folders that are removed together. */
export class Folders {
  readonly #all: string[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** An empty one. */
  fresh(): string {
    const folder = mkdtempSync(join(tmpdir(), this.#prefix));
    this.#all.push(folder);
    return folder;
  }

  /** One with all that lies in another. */
  copyOf(other: string): string {
    const folder = this.fresh();
    cpSync(other, folder, { recursive: true });
    return folder;
  }

  remove(): void {
    for (const folder of this.#all) rmSync(folder, { recursive: true, force: true });
  }
}

/** Expects a network's tests and weights in two folders to be equal, byte for byte. */
export function expectSameRun(a: string, b: string, { directory, name }: NetworkJob): void {
  for (const file of ['metrics.jsonl', 'weights.safetensors']) {
    const [first, second] = [a, b].map((folder) => readFileSync(join(folder, directory, file)));
    expect(first?.equals(second as Buffer), `${name} ${file}`).toBe(true);
  }
}
