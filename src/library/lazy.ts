// Functions whose modules take long to load (images, figures, connections): a program that imports
// the library loads them with its first call.
import type { CatalogueEntry } from '../data/fetch/catalogue.js';
import type { FetchPolicy } from '../data/fetch/failure.js';
import type { FetchedSet } from '../data/fetch/fetch-data-set.js';
import type { FetchEvent } from '../data/fetch/fetch-file.js';
import type { StoreInfo, StoreRequest } from '../data/prepare/find-prepared.js';
import type { DecodeProgress } from '../data/prepare/prepare-images.js';
import type { ReportData, ReportFiles } from '../report/write-report.js';
import type { GangJob } from '../train/job.js';
import type { TrainContext } from '../train/open-gang.js';

/** Makes a source of images ready to be opened: decodes it into the cache unless it is there.
 *  @throws DataError naming what was looked for and where */
export async function prepareStore(
  request: StoreRequest,
  onProgress?: (progress: DecodeProgress) => void,
): Promise<StoreInfo> {
  return (await import('../data/prepare/store.js')).prepareStore(request, onProgress);
}

/** Fetches what is missing of a data set of the {@link catalogue} into `directory`.
 *  @param from base address of a mirror; null: the publishers'
 *  @param on hears how far it is
 *  @throws FetchError if a file cannot be fetched or kept, UsageError for a mirror that is no
 *  address, DataError if another process is fetching into the same folder */
export async function fetchDataSet(
  entry: CatalogueEntry,
  directory: string,
  from: string | null,
  on: (event: FetchEvent) => void,
  policy?: FetchPolicy,
): Promise<FetchedSet> {
  const { fetchDataSet: fetch } = await import('../data/fetch/fetch-data-set.js');
  return fetch(entry, directory, from, on, policy);
}

/** Writes a report's files from what `reportData` gathered; {@link makeReport} does both. */
export async function writeReport(directory: string, data: ReportData): Promise<ReportFiles> {
  return (await import('../report/write-report.js')).writeReport(directory, data);
}

/** Writes the curves of all networks of a study's folder, as they are now, as event files of
 *  TensorBoard.
 *  @param to folder of the event files, one folder in it for each network
 *  @param directory folder of the study
 *  @throws RunStoreError if it is not a study's folder, FileError if they cannot be written */
export async function writeTensorboard(to: string, directory: string): Promise<void> {
  (await import('../tensorboard/write-scalars.js')).writeTensorboard(to, directory);
}

/** Trains every network of a gang that has not ended, from its checkpoint if it has one.
 *  @throws RunStoreError if another process trains one of them */
export async function trainGang(job: GangJob, context: TrainContext): Promise<void> {
  await (await import('../train/train-gang.js')).trainGang(job, context);
}
