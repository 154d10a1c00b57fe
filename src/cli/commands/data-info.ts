// `selffer data info STORE`: counts, statistics, copies and leaks.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DataInfo, Duplicates, ImageName } from '../../data/info/data-info.js';
import { formText } from '../../data/image-form.js';
import { inspectStore } from '../../data/info/inspect-store.js';
import { partNames, type PartName, partWords } from '../../data/parts.js';
import { colours, print, printJson, remark } from '../output.js';
import { formatSize } from '../../base/quantities.js';

const EXAMPLES = 5;

/** Adds the command. */
export function addDataInfo(data: Command): void {
  data
    .command('info')
    .description('look at every image of a store: counts, means, a contact sheet, copies and leaks')
    .argument('<store>', 'a store made by selffer data pack, or one of the cache')
    .option('--out <path>', 'write PATH.info.json and the pictures there (default: the store)')
    .option('--json', 'print one JSON object, every group of copies in it')
    .addHelpText('after', '\nExample:\n  selffer data info imagenet-256.store')
    .action(async (store: string, options: { json?: boolean; out?: string }) => {
      const beside = resolve(options.out ?? store);
      const found = await inspectStore(resolve(store), showShare, beside);
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      const { unwritten, ...info } = found;
      if (options.json) printJson(info);
      else printInfo(info);
      sayFiles(beside, unwritten, options.json === true);
    });
}

function showShare(fraction: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\rlooking at images: ${Math.floor(100 * fraction)} %\u001b[K`);
}

function printInfo(info: DataInfo): void {
  const { classes, images, recordBytes, store } = info;
  const range = (part: PartName) => {
    const counts = classes.map((each) => each[part]);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return least === most ? `${least} a class` : `${least} to ${most} a class`;
  };
  const numbers = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(' ');
  print(`${store}: ${classes.length} classes, ${formText(info)}, ${formatSize(info.storeBytes)}`);
  for (const part of partNames) {
    if (part === 'test' && images.test === 0) continue;
    print(`${partWords[part].padEnd(14)}${images[part]} images, ${range(part)}`);
  }
  print(
    `record        ${recordBytes.least} to ${recordBytes.most} bytes, median ${recordBytes.median}`,
  );
  print(
    `channels      mean ${numbers(info.channelMean)}, standard deviation ${numbers(info.channelDeviation)} (training, 0 to 255)`,
  );
  printCopies('equal pixels', info.exact);
  printCopies('look alike', info.near);
  if (info.unjudged > 0) print(`${info.unjudged} images are too plain to be compared by looks`);
  for (const warning of info.warnings) remark(`${colours.yellow('warning')} ${warning}`);
}

function sayFiles(beside: string, unwritten: string | undefined, asJson: boolean): void {
  if (unwritten !== undefined) {
    remark(
      `${colours.yellow('warning')} the pictures and the list of every copy could not be written: ${unwritten}. --out PATH writes them elsewhere.`,
    );
  } else if (!asJson) {
    print(`see ${beside}.contact-sheet.png, .mean.png and .info.json (every class and copy)`);
  }
}

function printCopies(what: string, found: Duplicates): void {
  const { groups, withinTrain, withinVal, betweenTrainAndVal, betweenClasses, members } = found;
  print(
    `${what.padEnd(14)}${groups} groups: ${withinTrain} within training, ${withinVal} within validation, ${betweenTrainAndVal} across both, ${betweenClasses} across classes`,
  );
  for (const group of members.slice(0, EXAMPLES))
    print(`  ${group.slice(0, 4).map(imageText).join(' = ')}`);
}

function imageText({ part, class: className, name, record }: ImageName): string {
  return `${part}/${className}/${name ?? `#${record}`}`;
}
