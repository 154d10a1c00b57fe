// `data pack --dry-run`: how many images there are, and what each kind of record would take on
// disk.
import { imageValues } from '../image-form.js';
import { makeRecord, recordForm, type RecordForm } from '../images/record.js';
import type { ByPart } from '../parts.js';
import type { SourceFile } from '../source.js';
import { everyEntry } from '../sources/every-entry.js';
import { freeBytes } from './disk-room.js';
import { packedSources } from './pack-images.js';
import type { PackRequest } from './request.js';

// Enough for the mean size of a JPEG to a few per cent.
const FEWEST_SAMPLES = 64;

/** What packing a source would need. Files that will turn out unusable are counted too. */
export interface PackSurvey {
  readonly files: ByPart<number>;
  readonly classes: number;
  readonly raw: { readonly recordBytes: number; readonly bytes: number };
  /** Means of `samples` files spread over the source; null if none of them could be used. */
  readonly jpeg: {
    readonly recordBytes: number;
    readonly bytes: number;
    readonly samples: number;
  } | null;
  /** Where the store would be; null if the system does not say. */
  readonly freeBytes: number | null;
}

/** Counts the files of a source and compresses some of them. Archives are read to their end;
 *  nothing is written.
 *  @throws DataError if a source is missing, damaged or a store of raw records */
export async function surveyPack(
  request: PackRequest,
  onFiles: (files: number) => void = () => undefined,
): Promise<PackSurvey> {
  const sources = await packedSources(request);
  const how = { resize: request.resize, records: 'jpeg' } as const;
  const form = await recordForm(request, sources, how);
  const files = { train: 0, val: 0, test: 0 };
  let count = 0;
  const classes = new Set<string>();
  let sizes: number[] = [];
  let step = 1;
  const sample = async (file: SourceFile) => {
    const length = await compressedLength(file, form);
    if (length !== null) sizes.push(length);
    if (sizes.length < 2 * FEWEST_SAMPLES) return;
    // Every second one stays, and from here on every second one is taken: spread evenly, however
    // many there are.
    sizes = sizes.filter((_, at) => at % 2 === 0);
    step *= 2;
  };
  for await (const entry of everyEntry(sources, () => undefined)) {
    if (entry.kind === 'left out') continue;
    classes.add(entry.class);
    if (entry.kind === 'class') continue;
    if (count % step === 0) await sample(entry);
    files[entry.part]++;
    onFiles(++count);
  }
  const rawBytes = imageValues(form);
  const mean = Math.round(sizes.reduce((sum, each) => sum + each, 0) / sizes.length);
  const free = freeBytes(request.out);
  return {
    files,
    classes: classes.size,
    raw: { recordBytes: rawBytes, bytes: count * rawBytes },
    jpeg:
      sizes.length === 0 ? null : { recordBytes: mean, bytes: count * mean, samples: sizes.length },
    freeBytes: Number.isFinite(free) ? free : null,
  };
}

async function compressedLength(file: SourceFile, form: RecordForm): Promise<number | null> {
  try {
    return (await makeRecord(file, await file.read(), form)).length;
  } catch {
    return null; // packing will say why
  }
}
