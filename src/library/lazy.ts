// Functions whose modules take long to load (images, figures, connections): a program that imports
// the library loads them with its first call.
import type { fetchDataSet as fetch } from '../data/fetch/fetch-data-set.js';
import type { prepareStore as prepare } from '../data/prepare/store.js';
import type { writeReport as write } from '../report/write-report.js';
import type { trainGang as train } from '../train/train-gang.js';

/** Makes a source of images ready to be opened: decodes it into the cache unless it is there.
 *  @throws DataError naming what was looked for and where */
export const prepareStore: typeof prepare = async (...args) =>
  (await import('../data/prepare/store.js')).prepareStore(...args);

/** Gets a data set of the catalogue from its publisher or a mirror.
 *  @throws FetchError */
export const fetchDataSet: typeof fetch = async (...args) =>
  (await import('../data/fetch/fetch-data-set.js')).fetchDataSet(...args);

/** Writes a report's files from what `reportData` gathered; {@link makeReport} does both. */
export const writeReport: typeof write = async (...args) =>
  (await import('../report/write-report.js')).writeReport(...args);

/** Trains every network of a gang that has not ended, from its checkpoint if it has one.
 *  @throws RunStoreError if another process trains one of them */
export const trainGang: typeof train = async (...args) =>
  (await import('../train/train-gang.js')).trainGang(...args);
