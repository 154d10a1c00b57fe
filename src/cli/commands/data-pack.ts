// `selffer data pack SOURCE... --out STORE`: folders or archives of images to one store.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Channels } from '../../data/image-form.js';
import type { Resize } from '../../data/images/resize.js';
import { freeBytes } from '../../data/pack/disk-room.js';
import { type ByPart, neededParts, partNames, partWords } from '../../data/parts.js';
import { packImages } from '../../data/pack/pack-images.js';
import { leakText } from '../../data/store/leak-text.js';
import { countReasons, type PackReport } from '../../data/pack/report.js';
import type { PackRequest } from '../../data/pack/request.js';
import { type PackSurvey, surveyPack } from '../../data/pack/survey.js';
import { listenForInterrupts } from '../interrupts.js';
import { parseChannels, parseCount, parseSeed, parseShare } from '../options.js';
import { colours, print, printJson, remark } from '../output.js';
import { packDisplay } from '../pack-display.js';
import { formatSize } from '../../base/quantities.js';
import { grouped } from '../quantities.js';
import { sayRecognised } from '../recognised.js';

interface PackOptions {
  readonly out: string;
  readonly size: number;
  readonly resize: Resize;
  readonly records: 'raw' | 'jpeg';
  readonly channels?: Channels;
  readonly holdOut?: number;
  readonly seed: number;
  readonly strict?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addDataPack(data: Command): void {
  data
    .command('pack')
    .description(
      'decode images and write them into one store; the same command resumes after an interruption',
    )
    .argument(
      '<source...>',
      'a folder with train/ and val/ (and test/), archives of one (globs and ranges allowed), ILSVRC2012, Tiny ImageNet, CIFAR or MNIST as published, WebDataset shards, Parquet image sets, or a store of JPEG records',
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
        'raw: channels x size x size bytes an image; jpeg: quality 95, smaller, but studies decode it again (--dry-run says how much each takes)',
      )
        .choices(['raw', 'jpeg'])
        .default('raw'),
    )
    .option('--channels <number>', 'bring all images to 1 channel, grey, or 3', parseChannels)
    .option(
      '--hold-out <share>',
      'hold out a share of each class for validation, of data that have no validation images; what looks alike stays together',
      parseShare,
    )
    .option('--seed <number>', 'the draw of --hold-out', parseSeed, 0)
    .option('--strict', 'stop at the first file that cannot be used instead of leaving it out')
    .option('--dry-run', 'only count the images and say how much disk raw and JPEG records take')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  selffer data pack imagenet --out imagenet-256.store --size 256\n  selffer data pack my-photos --out my-photos.store --size 64 --hold-out 0.2',
    )
    .action(async (source: string[], options: PackOptions) => {
      const { size, resize, records, strict: isStrict = false, out } = options;
      const { channels, holdOut: share, seed } = options;
      const request: PackRequest = {
        ...{ source, size, resize, records, isStrict },
        ...(channels === undefined ? {} : { channels }),
        ...(share === undefined ? {} : { holdOut: { share, seed } }),
        baseDirectory: process.cwd(),
        out: resolve(out),
      };
      if (options.dryRun) await survey(request, options.json === true);
      else await pack(request, options.json === true);
    });
}

async function pack(request: PackRequest, asJson: boolean): Promise<void> {
  const report = await packUntilStopped(
    asJson ? request : { ...request, onSources: sayRecognised },
  );
  if (report === null) {
    process.exitCode = 130;
    if (asJson) printJson({ event: 'end', outcome: 'stopped', store: request.out });
    else remark(`stopped; run the same command again to resume (${request.out})`);
  } else if (asJson) printJson(report);
  else printReport(report);
}

/** @returns null if the user stopped it */
async function packUntilStopped(request: PackRequest): Promise<PackReport | null> {
  const display = packDisplay(() => freeBytes(request.out));
  const { stop, kill, dispose } = listenForInterrupts(() => {
    remark('\nkeeping what is done; Ctrl-C again ends at once');
  });
  kill.addEventListener('abort', () => process.exit(130));
  try {
    return await packImages({ ...request, stop }, display.on);
  } catch (error) {
    if (stop.aborted && error === stop.reason) return null;
    throw error;
  } finally {
    dispose();
    display.close();
  }
}

async function survey(request: PackRequest, asJson: boolean): Promise<void> {
  const { isTTY } = process.stderr;
  const found = await surveyPack(request, (files) => {
    if (isTTY && files % 1000 === 0) process.stderr.write(`\rcounting: ${grouped(files)} files`);
  });
  if (isTTY) process.stderr.write('\r\u001b[K');
  if (asJson) printJson(found);
  else printSurvey(found, request);
}

function printSurvey(
  { files, classes, raw, jpeg, freeBytes: free }: PackSurvey,
  { records, out }: PackRequest,
): void {
  print(`${partsText(files, grouped)} files of ${classes} classes`);
  print(`--records raw   ${formatSize(raw.bytes)}, ${grouped(raw.recordBytes)} bytes an image`);
  if (jpeg !== null) {
    print(
      `--records jpeg  about ${formatSize(jpeg.bytes)}, ${grouped(jpeg.recordBytes)} bytes an image (mean of ${jpeg.samples})`,
    );
  }
  if (free === null) return;
  print(`free            ${formatSize(free)} where ${out} would be`);
  const needed = records === 'raw' ? raw.bytes : (jpeg?.bytes ?? 0);
  if (needed > free) {
    remark(`${colours.yellow('warning')} the store does not fit with --records ${records}`);
  }
}

/** "4 training and 2 validation", with "and 1 test" if there are some. */
function partsText(counts: ByPart<number>, text: (count: number) => string): string {
  const shown = partNames.filter((part) => part !== 'test' || counts.test > 0);
  const texts = shown.map((part) => `${text(counts[part])} ${partWords[part]}`);
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function printReport(report: PackReport): void {
  const { store, images, classes, skipped, remarks, emptyClasses } = report;
  for (const [reason, files] of countReasons(skipped)) {
    remark(`${colours.yellow('left out')} ${files} files: ${reason}`);
  }
  for (const [reason, files] of countReasons(remarks)) {
    remark(colours.dim(`kept ${files} files: ${reason}`));
  }
  for (const part of neededParts) {
    const empty = emptyClasses[part] ?? [];
    const count = empty.length;
    if (count === 0) continue;
    const first = empty.slice(0, 5).join(', ');
    remark(
      `${colours.yellow('warning')} ${count} classes have no ${part} image (${first}${count > 5 ? ', ...' : ''}): studies refuse this store`,
    );
  }
  const leak = leakText(report);
  if (leak !== null) remark(`${colours.yellow('warning')} ${leak}`);
  const each = Math.round(report.sizeBytes / Math.max(1, images.train + images.val + images.test));
  print(
    `${store}: ${partsText(images, String)} images of ${classes} classes, ${formatSize(report.sizeBytes)} (${report.records} records, ${grouped(each)} bytes an image with the index)`,
  );
  if (skipped.length + remarks.length > 0) print(`every file by name: ${store}.report.json`);
}
