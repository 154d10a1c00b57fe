// The door to data sets: whatever the source, a study prepares it once and workers open it by its
// path.
import { DataError } from '../../base/errors.js';
import { glyphSet } from '../store/glyph-set.js';
import { extentText } from '../image-form.js';
import { byPart } from '../parts.js';
import { classCounts } from '../store/manifest.js';
import { GLYPHS } from '../glyphs/glyphs.js';
import type { StoreInfo, StoreRequest } from './find-prepared.js';
import { type ImagesSurvey, surveyImages } from './survey-images.js';
import { type DecodeProgress, prepareImages } from './prepare-images.js';

export { GLYPHS } from '../glyphs/glyphs.js';
export { openStore } from '../store/open-store.js';
export type { RecordsUse, StoreInfo, StoreRequest } from './find-prepared.js';
export type { DecodeProgress } from './prepare-images.js';

/** What is known of a source without decoding it, see {@link surveyImages}.
 *  @throws DataError as {@link prepareStore} does */
export async function surveyStore(request: StoreRequest): Promise<ImagesSurvey> {
  if (![request.source].flat().includes(GLYPHS)) return surveyImages(request);
  const { classes, form, counts, manifestHash } = await prepareStore(request);
  return { classes, form, counts, manifestHash, cacheBytes: 0 };
}

/** Makes a source ready to be opened, see {@link prepareImages}: decodes it into the cache unless
 *  it is there. For the built-in `glyphs` there is nothing to do.
 *  @throws DataError naming what was looked for and where; or a size that glyphs do not have */
export async function prepareStore(
  request: StoreRequest,
  onProgress?: (progress: DecodeProgress) => void,
): Promise<StoreInfo> {
  const names = typeof request.source === 'string' ? [request.source] : request.source;
  if (!names.includes(GLYPHS)) return prepareImages(request, onProgress);
  if (names.length > 1) {
    throw new DataError(`data source ${names.join(', ')}: glyphs cannot be mixed with others`);
  }
  if (request.records === 'stream') {
    throw new DataError('data.records is stream: glyphs are not a store of JPEG records', {
      hint: 'Leave records out.',
    });
  }
  const set = glyphSet();
  const { height: side } = set.form;
  if (request.size !== side) {
    throw new DataError(
      `data source glyphs: its images are ${extentText(set.form)}, size is ${request.size}`,
      { hint: `Set size: ${side}.` },
    );
  }
  return {
    path: GLYPHS,
    classes: set.classes,
    counts: byPart((part) => classCounts(set[part].labels, set.classes.length)),
    form: { ...set.form, channels: 1 },
    manifestHash: set.manifestHash,
    skipped: [],
    sources: [GLYPHS],
  };
}
