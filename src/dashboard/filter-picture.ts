// A network's first-layer filters as a picture.
import { encodePng, tileFilters } from '../report/draw/filter-tiles.js';
import { firstConvolution } from '../report/report-data.js';
import { networkFiles } from '../runs/files.js';
import { stampOf } from '../runs/view.js';
import type { PlanEntry, PlanFile } from '../study/store/plan-file.js';
import { planPart } from '../study/store/plan-file.js';
import { readSafetensorsTensor } from '../tensor/safetensors.js';
import type { FolderGuard } from './folder-guard.js';

const LARGEST_FILE = 8 * 2 ** 30;
/** More numbers than a picture can show. */
const MOST_WEIGHTS = 2 ** 21;

/** Colour between tiles: mid-grey, for light pages and dark ones. */
const between = [128, 134, 140];

/** The PNG of a network; null if its weights are not there or have no first convolution.
 *  @throws RunStoreError if they are damaged */
export async function filterPicture(
  directory: string,
  guard: FolderGuard,
  { content, name }: PlanEntry,
  parts: PlanFile['parts'],
): Promise<Uint8Array | null> {
  const layer = firstConvolution(planPart(content['network'], parts)?.['layers']);
  if (layer === null || !hasWeights(directory, guard, name)) return null;
  const weights = readSafetensorsTensor(networkFiles(directory, name).weights, `${layer}.weight`);
  if (weights === null || weights.shape.length !== 4 || weights.data.length > MOST_WEIGHTS) {
    return null;
  }
  return encodePng(tileFilters(weights, between));
}

/** Whether a network's weights are there and may be read. */
export function hasWeights(directory: string, guard: FolderGuard, name: string): boolean {
  const { weights } = networkFiles(directory, name);
  return guard.fileProblem(weights, LARGEST_FILE) === null && stampOf(weights) !== null;
}
