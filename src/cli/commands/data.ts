// `selffer data ...`: what is done to data before a study.
import type { Command } from 'commander';
import { addDataFetch } from './data-fetch.js';
import { addDataInfo } from './data-info.js';
import { addDataPack } from './data-pack.js';

/** Adds the commands. */
export function addData(program: Command): void {
  const data = program
    .command('data')
    .description('fetch known data sets, pack images into one store, look at what is in it')
    .addHelpText(
      'after',
      '\nExample:\n  selffer data pack imagenet --out imagenet-256.store --size 256',
    );
  addDataFetch(data);
  addDataPack(data);
  addDataInfo(data);
}
