// What a study says of its images.
import { GLYPH_SIDE, GLYPHS } from '../../data/glyphs/glyphs.js';
import type { HoldOut } from '../../data/hold-out/held-out.js';
import type { Channels } from '../../data/image-form.js';
import type { RecordsUse } from '../../data/prepare/store.js';
import type { Network } from '../../net/network.js';
import { isPresetName, storedSizes } from '../../net/presets/table.js';
import type { DataChoice } from '../study.js';
import type { Report } from './located.js';
import type { HoldOutText, SourceText, StudyText, TaskText } from './study-source.js';

/** One of two data sets: what it does not say, the shared `data:` says. */
export function resolveTaskData(
  pointer: string,
  task: TaskText,
  { data = {} }: StudyText,
  network: Network | null,
  report: Report,
): DataChoice | null {
  const own =
    typeof task.data === 'object' && !isList(task.data) ? task.data : { source: task.data };
  const source = own.source ?? data.source;
  if (source === undefined) {
    report(`${pointer}/data`, `${pointer.slice(1).replaceAll('/', '.')}.data.source is missing`);
    return null;
  }
  const { size, records, classes, channels, holdOut } = data;
  const shared = { size, records, classes, channels, holdOut };
  return dataChoice({ ...shared, ...own, source }, `${pointer}/data`, network, report);
}

function isList(data: TaskText['data']): data is readonly string[] {
  return Array.isArray(data);
}

/** What of `data:` says which images there are. */
interface DataText {
  readonly source: SourceText;
  readonly size?: number | undefined;
  readonly records?: RecordsUse | undefined;
  readonly classes?: readonly string[] | undefined;
  readonly channels?: Channels | undefined;
  readonly holdOut?: HoldOutText | undefined;
}

/** A data set as written, completed; what is wrong with it is reported. */
export function dataChoice(
  written: DataText,
  pointer: string,
  network: Network | null,
  report: Report,
): DataChoice {
  const { size: asked, records = 'auto', classes, channels, holdOut } = written;
  const sources = [written.source].flat();
  const isGlyphs = sources.includes(GLYPHS);
  const size = asked ?? (isGlyphs ? GLYPH_SIDE : usualSize(network));
  if (isGlyphs) checkGlyphs({ ...written, size: size ?? 0 }, pointer, network, report);
  if (network !== null && size === null) {
    report(
      pointer,
      `data.size is missing; wanted the height and width of stored images, at least the crop of ${network.name}, ${network.input.height} (only presets have a usual size)`,
    );
  } else if (network !== null && size !== null && size < network.input.height) {
    report(
      pointer,
      `data.size: found ${size}, wanted at least the crop of ${network.name}, ${network.input.height}`,
    );
  }
  return {
    ...{ source: sources, size: size ?? 0 },
    ...(records === 'auto' ? {} : { records }),
    ...(classes === undefined ? {} : { classes }),
    ...(channels === undefined ? {} : { channels }),
    ...(holdOut === undefined ? {} : { holdOut: resolveHoldOut(holdOut) }),
  };
}

// The built-in data set is what it is.
function checkGlyphs(
  { source, size, classes, channels = 1, holdOut }: DataText,
  pointer: string,
  network: Network | null,
  report: Report,
): void {
  if ([source].flat().length > 1) {
    report(pointer, 'data.source: glyphs cannot be mixed with other sources');
  }
  if (holdOut !== undefined || classes !== undefined || channels !== 1) {
    report(pointer, 'data: glyphs are what they are: no channels, no holdOut, no classes');
  }
  if (size !== GLYPH_SIDE) {
    report(pointer, `data.size: found ${size}, glyphs are ${GLYPH_SIDE}`);
  }
  if (network !== null && network.input.channels !== 1) {
    report(
      '/network',
      `network: ${network.name} takes ${network.input.channels} channels, glyphs have 1 (wanted glyph28)`,
    );
  }
}

function resolveHoldOut(written: HoldOutText): HoldOut {
  if (typeof written === 'number') return { share: written, seed: 0 };
  return { share: written.share, seed: written.seed ?? 0 };
}

function usualSize(network: Network | null): number | null {
  return network !== null && isPresetName(network.name) ? storedSizes[network.name] : null;
}
