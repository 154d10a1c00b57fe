// `selffer data fetch NAME`: a known data set from its publisher or a mirror, checked, ready to be
// a study's data.
import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { UsageError } from '../../base/errors.js';
import { catalogue, type CatalogueEntry } from '../../data/fetch/catalogue.js';
import { type FetchedSet, fetchDataSet } from '../../data/fetch/fetch-data-set.js';
import { nearest } from '../../study/file/suggest.js';
import { fetchDisplay } from '../fetch-display.js';
import { colours, print, printJson, remark } from '../output.js';
import { formatSize } from '../../base/quantities.js';

interface FetchOptions {
  readonly out?: string;
  readonly from?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addDataFetch(data: Command): void {
  data
    .command('fetch')
    .description(
      'download a data set from its publisher, check it; the same command resumes after an interruption',
    )
    .argument('[name]', catalogue.map(({ name }) => name).join(', '))
    .option('--out <folder>', 'where its files go (default: ./<name>)')
    .option('--from <address>', 'a mirror: the web address below which the same files lie')
    .option('--list', 'say what can be fetched, from where, under which terms')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer data fetch cifar10 --out data/cifar10')
    .action(async (name: string | undefined, options: FetchOptions) => {
      if (options.list) return options.json ? printJson({ dataSets: catalogue }) : printList();
      const entry = entryOf(name);
      const found = await fetchWithDisplay(entry, options);
      if (options.json) printJson(found);
      else printFetched(found);
    });
}

function entryOf(name: string | undefined): CatalogueEntry {
  const names = catalogue.map((each) => each.name);
  const entry = catalogue.find((each) => each.name === name);
  if (entry !== undefined) return entry;
  if (name === undefined) {
    throw new UsageError(`data fetch: found no name, wanted one of ${names.join(', ')}`);
  }
  const guess = nearest(name, names);
  throw new UsageError(
    `data fetch: found "${name}", wanted one of ${names.join(', ')}${guess === null ? '' : ` (did you mean ${guess}?)`}`,
    {
      hint: 'selffer data fetch --list says what they are. Other data: any folder with train/<class>/ and val/<class>/.',
    },
  );
}

/** Fetches with progress on standard error; the terms of use come first. @throws as fetchDataSet */
async function fetchWithDisplay(
  entry: CatalogueEntry,
  { out, from }: Pick<FetchOptions, 'out' | 'from'>,
): Promise<FetchedSet> {
  remark(`${entry.title} (${entry.page})`);
  remark(colours.dim(`terms: ${entry.licence}`));
  const display = fetchDisplay();
  try {
    return await fetchDataSet(entry, resolve(out ?? entry.name), from ?? null, display.on);
  } finally {
    display.close();
  }
}

function printFetched({ files, source }: FetchedSet): void {
  for (const { path, bytes, from } of files) {
    const how = from === null ? 'was there' : `from ${from}`;
    print(`${shortPath(path)}: ${formatSize(bytes)}, SHA-256 as listed, ${how}`);
  }
  print(`use it in a study: data: {source: ${JSON.stringify(shortPath(source))}}`);
}

function shortPath(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}

function printList(): void {
  for (const { name, title, page, licence, addresses, files } of catalogue) {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    print(`${name.padEnd(15)}${title}`);
    print(`${' '.repeat(15)}${formatSize(bytes)} in ${files.map((file) => file.name).join(', ')}`);
    print(`${' '.repeat(15)}from ${addresses.join(', ')}; see ${page}`);
    print(`${' '.repeat(15)}terms: ${licence}`);
  }
}
