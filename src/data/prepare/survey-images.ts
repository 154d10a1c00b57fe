// What a data set has before anything of it is decoded: for dry runs.
import { inByteOrder } from '../classes/byte-order.js';
import { heldOf } from '../hold-out/held-out.js';
import { imageValues, type PixelForm } from '../image-form.js';
import { recordForm, refuseSize } from '../images/record.js';
import { type ByPart, byPart, partNames } from '../parts.js';
import { everyEntry } from '../sources/every-entry.js';
import { refuseEmpty } from '../store/refuse-empty.js';
import { imagesOf } from '../store/store-index.js';
import { findPrepared, type StoreRequest } from './find-prepared.js';

/** A data set as far as it is known without decoding. */
export interface ImagesSurvey {
  readonly classes: readonly string[];
  readonly form: PixelForm;
  /** Images of each class; files that will turn out unusable are counted too unless the data set
   *  is decoded. */
  readonly counts: ByPart<readonly number[]>;
  /** Null if it is not decoded yet. */
  readonly manifestHash: string | null;
  /** Bytes that decoding it will add to the cache; 0 if it is decoded, or read where it lies. */
  readonly cacheBytes: number;
}

/** Looks at a data set without decoding it: what is in the cache is asked, else files are counted;
 *  archives are read to their end.
 *  @throws DataError if a source is missing or damaged, or a class that is used has no images */
export async function surveyImages(request: StoreRequest): Promise<ImagesSurvey> {
  refuseSize(request.size);
  const found = await findPrepared(request);
  if (found.kind === 'ready') {
    const { classes, form, counts, manifestHash } = found.info;
    return { classes, form, counts, manifestHash, cacheBytes: 0 };
  }
  const { sources } = found;
  request.onSources?.(sources);
  const how = { resize: 'warp', records: 'raw' } as const;
  const form = await recordForm(found.request, sources, how);
  const tallies = new Map<string, { train: number; val: number; test: number }>();
  for await (const entry of everyEntry(sources, () => undefined)) {
    if (entry.kind === 'left out') continue;
    const tally = tallies.get(entry.class) ?? { train: 0, val: 0, test: 0 };
    tallies.set(entry.class, tally);
    if (entry.kind === 'file') tally[entry.part]++;
  }
  const { holdOut } = found.request;
  if (holdOut !== undefined) {
    for (const tally of tallies.values()) {
      const held = heldOf(tally.train, holdOut.share);
      tally.val += held;
      tally.train -= held;
    }
  }
  const classes = inByteOrder([...tallies.keys()]);
  const counts = byPart((part) => classes.map((name) => tallies.get(name)?.[part] ?? 0));
  const paths = sources.map(({ path }) => path);
  refuseEmpty({ classes, counts, skipped: [], sources: paths }, request.used);
  const images = partNames.reduce((sum, part) => sum + imagesOf({ counts }, part), 0);
  const { channels, height, width } = form;
  return {
    ...{ classes, counts, manifestHash: null },
    form: { channels, height, width },
    cacheBytes: found.kind === 'stream' ? 0 : images * imageValues(form),
  };
}
