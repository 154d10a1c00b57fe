// Folders of small pictures that are easy to tell apart, and a pretrained network for them, for
// tests of `advise` through the real command.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { fillUint32, streamKey } from '../../src/base/random-stream.js';

const command = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));

/** Runs the command. */
export function selffer(...args: readonly string[]) {
  return spawnSync(process.execPath, [command, ...args], { encoding: 'utf8' });
}

const SIDE = 28;

/** Writes `count` grey pictures of stripes for each of four classes, which differ in direction and
 *  width; with `mixed`, pictures and classes have nothing to do with each other. */
export async function writeStripes(folder: string, count: number, mixed = false): Promise<void> {
  for (let label = 0; label < 4; label++) {
    mkdirSync(join(folder, `class${label}`), { recursive: true });
    for (let image = 0; image < count; image++) {
      const words = new Uint32Array(SIDE * SIDE + 2);
      fillUint32(words, streamKey(['stripes', label]), image);
      const [phase = 0, other = 0] = words;
      const shown = mixed ? other % 4 : label;
      const pixels = Buffer.from(
        Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
          const along = shown % 2 === 0 ? at % SIDE : Math.floor(at / SIDE);
          const stripe = Math.floor((along + (phase % 7)) / (shown < 2 ? 2 : 5)) % 2;
          return 60 + 80 * stripe + ((words[at + 2] as number) % 60);
        }),
      );
      const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
      const path = join(folder, `class${label}`, `${image}.png`);
      await sharp(pixels, { raw }).png().toFile(path);
    }
  }
}

/** Trains a small network on half of the glyphs and exports it.
 *  @param rate hardly any leaves it as it was drawn   @returns the file */
export function trainedSource(folder: string, rate = 0.02): string {
  mkdirSync(folder, { recursive: true });
  const study = join(folder, 'source.yaml');
  writeFileSync(
    study,
    `name: source
data: {source: glyphs, mean: [100]}
network: glyph28
solver: {batch: 32, lr: ${rate}, iterations: 200, testEvery: 200}
treatments: [base]
targets: [A]
keep: all
`,
  );
  const out = join(folder, 'source');
  const file = join(folder, 'source.onnx');
  for (const args of [
    ['run', study, '--out', out, '--threads', '1', '--json'],
    ['export', out, 'split0/baseA', '--onnx', file, '--prepared'],
  ]) {
    const { status, stderr } = selffer(...args);
    if (status !== 0) throw new Error(stderr);
  }
  return file;
}
