// What a network file says of the images that it reads: their shape, and how they are prepared.
import { wrongIntegers } from '../../../base/wrong-integers.js';
import type { NetworkInput } from '../../network.js';
import type { CaffeLayer } from './caffe-layers.js';
import { Fields } from './fields.js';
import type { Issues } from './issues.js';
import type { Place } from './tokens.js';

/** Where the images come from: a data layer, or an input that the file declares (`input:`). */
export interface ImageSource {
  readonly layer: CaffeLayer | null;
  /** Which of the layer's tops, or of the file's inputs. */
  readonly index: number;
}

/** What a file says of its images; null where it says nothing. */
export interface SaidOfImages {
  /** Height of the input, which is its width but for inputs of a declared shape. */
  readonly crop: number | null;
  /** Images of a minibatch. */
  readonly batch: number | null;
  /** Whether images are mirrored at random. */
  readonly mirror: boolean | null;
  /** What is subtracted from each channel; of colours red first, as our images are. */
  readonly mean: readonly number[] | null;
  /** The factor after it. */
  readonly scale: number | null;
}

/** What the study knows where the file says nothing. */
export interface ImageDefaults {
  /** Height and width of the images. */
  readonly size?: number;
  /** Their channels; otherwise 3. */
  readonly channels?: number;
}

const START: Place = { line: 1, column: 1 };

/** The input of the network, and what the file itself says of it. */
export function readImages(
  file: Fields,
  { layer, index }: ImageSource,
  defaults: ImageDefaults,
  issues: Issues,
): { readonly input: NetworkInput; readonly said: SaidOfImages } {
  const parameters = layer?.parameters ?? new Fields([], issues);
  const shape = layer === null ? shapeOfInput(file, index) : shapeOfLayer(parameters, index);
  const written = extentOf(shape, parameters);
  const { size = 0 } = defaults;
  const height = written.height || size;
  const place = layer?.place ?? START;
  if (shape !== null && shape.length !== 4) {
    issues.add(
      place,
      `the input has the dimensions ${shape.join(', ')}, wanted 4: images, channels, height, width`,
    );
  } else if (height === 0) {
    issues.add(
      place,
      'the network has no crop_size, so its input is not known: write crop_size, or data.size of the study',
    );
  }
  const channels = channelsOf(shape, parameters, defaults);
  const said: SaidOfImages = {
    crop: written.height || null,
    batch: batchOf(parameters, place, issues),
    mirror: parameters.flag('mirror', null),
    mean: meanOf(parameters, channels, issues),
    scale: parameters.number(['scale'], null),
  };
  const input: NetworkInput = {
    channels,
    height: height || 1,
    width: written.width || size || 1,
    scale: [said.scale ?? 1],
    mean: said.mean ?? 'image',
  };
  return { input, said };
}

/** Height and width as written, 0 where they are not: a crop is square, other inputs need not
 *  be. */
function extentOf(
  shape: readonly number[] | null,
  parameters: Fields,
): { readonly height: number; readonly width: number } {
  // 0 is Caffe's "not cropped".
  const crop = parameters.number(['crop_size', 'cropsize'], 0);
  if (crop !== 0) return { height: crop, width: crop };
  if (shape !== null) return { height: shape[2] ?? 0, width: shape[3] ?? 0 };
  return {
    height: parameters.number(['new_height'], 0),
    width: parameters.number(['new_width'], 0),
  };
}

/** N, C, H, W of an input that the file declares. */
function shapeOfInput(file: Fields, index: number): readonly number[] | null {
  const dims = file.numbers('input_dim');
  const shapes = file.messages('input_shape').map((shape) => shape.numbers('dim'));
  if (shapes.length > 0) return shapes[index] ?? null;
  return dims.length > 0 ? dims.slice(4 * index, 4 * index + 4) : null;
}

/** N, C, H, W as far as a data layer declares them; one shape for all tops, or one each. */
function shapeOfLayer(parameters: Fields, index: number): readonly number[] | null {
  const shapes = parameters.messages('shape').map((shape) => shape.numbers('dim'));
  if (shapes.length > 0) return shapes[index] ?? shapes[0] ?? null;
  const [channels, height, width] = ['channels', 'height', 'width'].map(
    (name) => parameters.numbers(name)[0],
  );
  if (channels === undefined || height === undefined || width === undefined) return null;
  return [1, channels, height, width];
}

function channelsOf(
  shape: readonly number[] | null,
  parameters: Fields,
  { channels = 3 }: ImageDefaults,
): number {
  const isGrey = !parameters.flag('is_color', true) || parameters.flag('force_gray', false);
  return shape?.[1] ?? (isGrey ? 1 : channels);
}

function batchOf(parameters: Fields, place: Place, issues: Issues): number | null {
  const batch = parameters.number(['batch_size', 'batchsize'], null);
  for (const problem of wrongIntegers('batch_size', batch ?? 1, 1)) issues.add(place, problem);
  return batch;
}

function meanOf(parameters: Fields, channels: number, issues: Issues): readonly number[] | null {
  const [file] = parameters.all('mean_file', 'meanfile');
  if (file !== undefined) {
    issues.remark(
      file,
      'mean_file is not read: the mean image of the training images is subtracted (data.mean of the study)',
    );
  }
  const mean = parameters.numbers('mean_value');
  if (mean.length === 0) return null;
  if (mean.length !== 1 && mean.length !== channels) {
    issues.add(
      parameters.placeOf(START, 'mean_value'),
      `found ${mean.length} mean_values, wanted 1 or ${channels}`,
    );
  }
  const values = Array.from({ length: channels }, (_, channel) => mean[channel] ?? mean[0] ?? 0);
  // Caffe reads colours as blue, green, red; we as red, green, blue.
  return channels === 3 ? values.reverse() : values;
}
