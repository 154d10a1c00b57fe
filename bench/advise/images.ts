// The images of a setting as folders: what the user has, and what the truth is measured with.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { permutation, streamKey } from '../../src/base/random-stream.js';
import { GLYPH_SIDE, loadGlyphs } from '../../src/data/glyphs/glyphs.js';
import { naturalManMade } from '../../src/data/classes/natural-man-made.js';
import type { Setting, TargetName } from './settings.js';

/** Parts of the test images: what is compared is compared in each, so that its scatter is known. */
export const FOLDS = 10;

/** Folders of a setting's images. */
export interface Folders {
  readonly user: string;
  readonly folds: readonly string[];
}

/** Where images come from. */
export interface Places {
  /** Everything that is made. */
  readonly work: string;
  /** Archives of Tiny ImageNet, one a fifth of 100 classes. */
  readonly data: string;
}

/** The classes of the glyphs in two halves: sources learn the first. */
export function glyphHalves(): readonly [readonly string[], readonly string[]] {
  const drawn = drawnOrder(loadGlyphs().classes, 'glyph classes');
  const half = drawn.length / 2;
  return [drawn.slice(0, half).sort(), drawn.slice(half).sort()];
}

/** Makes the folders unless they are there. Images are drawn without regard to anything but their
 *  class; none is on both sides. */
export async function makeImages(setting: Setting, places: Places): Promise<Folders> {
  const root = join(places.work, 'settings', setting.name, 'images');
  const folders = {
    user: join(root, 'user'),
    folds: Array.from({ length: FOLDS }, (_, fold) => join(root, `fold${fold}`)),
  };
  const isMade = join(root, 'made');
  if (existsSync(isMade)) return folders;
  const { target, classes, perClass, testPerClass } = setting;
  const names = drawnOrder(classesOf(target), `classes ${target}`).slice(0, classes);
  for (const name of names) {
    const images = drawnOrder(imagesOf(target, name, places), `images ${target} ${name}`);
    const wanted = images.slice(0, perClass + testPerClass);
    for (const [at, image] of wanted.entries()) {
      const fold = folders.folds[(at - perClass) % FOLDS];
      const folder = join(at < perClass || fold === undefined ? folders.user : fold, name);
      mkdirSync(folder, { recursive: true });
      await image(folder, at);
    }
  }
  writeFileSync(isMade, '');
  return folders;
}

type Writer = (folder: string, at: number) => Promise<void>;

function drawnOrder<T>(items: readonly T[], word: string): T[] {
  const order = permutation(items.length, streamKey(['truth of advice', word]));
  return Array.from(order, (at) => items[at] as T);
}

function classesOf(target: TargetName): readonly string[] {
  if (target === 'glyphs') return glyphHalves()[1];
  const { A: manMade, B: natural } = naturalManMade(tinyClasses());
  if (target === 'photographs') return tinyClasses();
  return target === 'natural' ? natural : manMade;
}

let known: readonly string[] = [];

/** Unpacks the archives unless it was done. */
export function unpackTiny({ work, data }: Places): void {
  const folder = join(work, 'tiny-imagenet');
  const isDone = join(folder, 'unpacked');
  if (!existsSync(isDone)) {
    mkdirSync(folder, { recursive: true });
    const archives = readdirSync(data).filter((name) => name.endsWith('of5.tar.gz'));
    for (const name of archives) {
      const { status } = spawnSync('tar', ['-xzf', join(data, name), '-C', folder, 'train']);
      if (status !== 0) throw new Error(`${name} cannot be unpacked`);
    }
    writeFileSync(isDone, '');
  }
  known = readdirSync(join(folder, 'train')).sort();
}

function tinyClasses(): readonly string[] {
  if (known.length === 0) throw new Error('unpack Tiny ImageNet first');
  return known;
}

function imagesOf(target: TargetName, name: string, { work }: Places): readonly Writer[] {
  if (target === 'glyphs') return glyphImages(name);
  const folder = join(work, 'tiny-imagenet/train', name);
  return readdirSync(folder)
    .sort()
    .map((file) => async (into) => {
      copyFileSync(join(folder, file), join(into, file));
      await Promise.resolve();
    });
}

// Every face of both parts: test faces are of the same kind as those that the user has.
function glyphImages(name: string): readonly Writer[] {
  const { classes, train, val } = loadGlyphs();
  const size = GLYPH_SIDE ** 2;
  const label = classes.indexOf(name);
  return [train, val].flatMap(({ images, labels }) =>
    Array.from(labels.keys())
      .filter((at) => labels[at] === label)
      .map((at): Writer => {
        const pixels = images.slice(at * size, (at + 1) * size);
        const raw = { width: GLYPH_SIDE, height: GLYPH_SIDE, channels: 1 } as const;
        return async (into, number) => {
          await sharp(pixels, { raw })
            .toColourspace('b-w')
            .png()
            .toFile(join(into, `${number}.png`));
        };
      }),
  );
}
