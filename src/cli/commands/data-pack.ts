// `selffer data pack SOURCE... --out STORE`: folders or archives of images to one store.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Resize } from '../../data/decode.js';
import { packImages } from '../../data/pack/pack-images.js';
import { countReasons, type PackReport } from '../../data/pack/report.js';
import { parseCount } from '../options.js';
import { colours, print, printJson, remark } from '../output.js';
import { packDisplay } from '../pack-display.js';
import { formatSize } from '../quantities.js';
import { sayRecognised } from '../recognised.js';

interface PackOptions {
  readonly out: string;
  readonly size: number;
  readonly resize: Resize;
  readonly records: 'raw' | 'jpeg';
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addDataPack(data: Command): void {
  data
    .command('pack')
    .description(
      'decode images and write them into one store; the same command goes on after an interruption',
    )
    .argument(
      '<source...>',
      'a folder with train/ and val/, archives of one (globs and ranges allowed), ILSVRC2012, Tiny ImageNet, CIFAR or MNIST as published, WebDataset shards, Parquet image sets, or a store of JPEG records',
    )
    .requiredOption('--out <store>', 'the store to write; its report goes to <store>.report.json')
    .requiredOption('--size <pixels>', 'height and width of the stored images', parseCount)
    .addOption(
      new Option(
        '--resize <how>',
        'warp to a square, or scale the shorter side and crop the centre',
      )
        .choices(['warp', 'crop'])
        .default('warp'),
    )
    .addOption(
      new Option(
        '--records <kind>',
        'raw: channels x size x size bytes an image; jpeg: quality 95, smaller, but studies decode it again',
      )
        .choices(['raw', 'jpeg'])
        .default('raw'),
    )
    .option('--strict', 'stop at the first file that cannot be used instead of leaving it out')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  selffer data pack imagenet --out imagenet-256.store --size 256',
    )
    .action(async (source: string[], options: PackOptions) => {
      const report = await pack(source, options);
      if (options.json) printJson(report);
      else printReport(report);
    });
}

async function pack(source: readonly string[], options: PackOptions): Promise<PackReport> {
  const { size, resize, records, strict: isStrict = false } = options;
  const display = packDisplay();
  try {
    return await packImages(
      {
        ...{ source, size, resize, records, isStrict, onSources: sayRecognised },
        baseDirectory: process.cwd(),
        out: resolve(options.out),
      },
      display.on,
    );
  } finally {
    display.close();
  }
}

function printReport(report: PackReport): void {
  const { store, images, classes, skipped, remarks, emptyClasses } = report;
  for (const [reason, files] of countReasons(skipped)) {
    remark(`${colours.yellow('left out')} ${files} files: ${reason}`);
  }
  for (const [reason, files] of countReasons(remarks)) {
    remark(colours.dim(`kept ${files} files: ${reason}`));
  }
  for (const part of ['train', 'val'] as const) {
    const count = emptyClasses[part].length;
    if (count === 0) continue;
    const first = emptyClasses[part].slice(0, 5).join(', ');
    remark(
      `${colours.yellow('warning')} ${count} classes have no ${part} image (${first}${count > 5 ? ', ...' : ''}): studies refuse this store`,
    );
  }
  print(
    `${store}: ${images.train} training and ${images.val} validation images of ${classes} classes, ${formatSize(report.sizeBytes)}`,
  );
  if (skipped.length + remarks.length > 0) print(`every file by name: ${store}.report.json`);
}
