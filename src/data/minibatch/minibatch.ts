// Minibatches as a program is fed. A training minibatch is a function of (task, keys, iteration)
// and nothing else, so a network sees the same images alone, in a gang, after a resume and with any
// number of loaders.
import { DataError } from '../../base/errors.js';
import { type StreamKey, threefry4x32 } from '../../base/threefry.js';
import { BlockOrder, type BlockShuffle } from './block-order.js';
import { type Augmentation, drawPlace } from './augment.js';
import { cutRows, placesOf, recordsOf } from './cut-rows.js';
import { EpochOrder, type Order } from './epoch-order.js';
import { type Extent, extentText, imageValues } from '../image-form.js';
import type { AugmentationKeys, ImageSet, Minibatch, Task } from '../image-set.js';

/** How training minibatches are cut. The order cache hangs on `keys`: keep one object for a
 *  training run. */
export interface TrainBatchOptions {
  /** Images a minibatch. */
  readonly batch: number;
  /** The window cut out of each image. */
  readonly crop: Extent;
  /** How windows are cut instead; left out: at random, inside the image. */
  readonly augment?: Augmentation;
  /** Whether half of the images, drawn at random, are mirrored. */
  readonly mirror: boolean;
  readonly keys: AugmentationKeys;
  /** How near neighbours of the store stay to each other; left out: not at all. */
  readonly shuffle?: BlockShuffle;
}

/** How test minibatches are cut. */
export interface TestBatchOptions {
  readonly batch: number;
  readonly crop: Extent;
}

/** An empty minibatch of `batch` windows that fit a data set, to be filled again and again.
 *  @throws DataError if crop or batch do not fit */
export function allocateMinibatch(set: ImageSet, options: TestBatchOptions): Minibatch {
  const { batch, crop } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new DataError(`batch is ${batch}: wanted an integer from 1`);
  }
  for (const side of ['height', 'width'] as const) {
    if (Number.isInteger(crop[side]) && crop[side] >= 1 && crop[side] <= set.form[side]) continue;
    throw new DataError(
      `the crop's ${side} is ${crop[side]}: wanted 1 to ${set.form[side]}, the images are ${extentText(set.form)}`,
    );
  }
  const form = { channels: set.form.channels, height: crop.height, width: crop.width };
  return {
    form,
    crops: new Uint8Array(batch * imageValues(form)),
    windows: new Int32Array(batch * 3),
    labels: new Int32Array(batch),
  };
}

// Order of the last epoch drawn, by the keys object it was drawn with.
const orders = new WeakMap<AugmentationKeys, Order>();

function orderOf({ keys, shuffle }: TrainBatchOptions, count: number): Order {
  let order = orders.get(keys);
  const drawn = order instanceof BlockOrder ? order.shuffle : undefined;
  if (order?.count !== count || drawn !== shuffle) {
    order =
      shuffle === undefined
        ? new EpochOrder(count, keys.order)
        : new BlockOrder(count, keys.order, shuffle);
    orders.set(keys, order);
  }
  return order;
}

// Four draws for the image at hand; synchronous use only.
const draws = new Uint32Array(4);

/** Minibatch of iteration t (from 0): positions t*batch .. (t+1)*batch - 1 of the order stream,
 *  which is the concatenation of the epochs' permutations. Window and mirror of an image are keyed
 *  by (epoch, its record), whatever batch it falls in: top uniform in 0..H-height, left in
 *  0..W-width, mirrored with probability 1/2; with an augmentation as {@link drawPlace} says.
 *  @param into filled and returned if given (see {@link allocateMinibatch}); nothing is allocated
 *  then
 *  @returns a promise if images must be decoded
 *  @throws DataError if the task has no training images, crop or batch do not fit, or an image
 *  cannot be read */
export function loadTrainMinibatch(
  task: Task,
  options: TrainBatchOptions,
  iteration: number,
  into: Minibatch = allocateMinibatch(task.set, options),
): Minibatch | Promise<Minibatch> {
  const { batch, crop, mirror, keys, augment } = options;
  const { set, train } = task;
  if (train.length === 0) throw new DataError('the task has no training images');
  const order = orderOf(options, train.length);
  const tops = set.form.height - crop.height + 1;
  const lefts = set.form.width - crop.width + 1;
  const records = recordsOf(into, batch);
  const places = placesOf(into);
  places.length = 0;
  for (let row = 0; row < batch; row++) {
    const position = iteration * batch + row;
    const record = train[order.itemAt(position)] as number;
    const epoch = order.epochOf(position);
    drawWindow(keys.augment, epoch, record);
    if (augment !== undefined) {
      const at = { key: keys.augment, record, epoch };
      places[row] = { kind: augment.kind, place: drawPlace(augment, set.form, crop, draws, at) };
    }
    // Scaled, not reduced modulo: the bias of either is below tops / 2^32.
    const top = Math.floor(((draws[0] as number) * tops) / 2 ** 32);
    const left = Math.floor(((draws[1] as number) * lefts) / 2 ** 32);
    const mirrored = mirror && (draws[2] as number) >= 2 ** 31;
    // What was cut otherwise has no place in a mean image.
    if (augment === undefined) setWindow(into.windows, row, top, left, mirrored);
    else setWindow(into.windows, row, 0, 0, mirrored);
    into.labels[row] = task.trainLabels[record] as number;
    records[row] = record;
    const ahead = set.train.readAhead === undefined ? null : order.aheadOf(position);
    if (ahead !== null) set.train.readAhead?.(train.subarray(ahead.from, ahead.to));
  }
  return cutRows(set, set.train, records, into);
}

function drawWindow(key: StreamKey, epoch: number, record: number): void {
  threefry4x32(key, record, epoch, 0, 0, draws, 0);
}

/** Number of test minibatches that cover a task's validation images once: ceil(count / batch). */
export function testMinibatchCount(task: Task, batch: number): number {
  return Math.ceil(task.val.length / batch);
}

/** Test minibatch `index`: the next `batch` validation images in record order, centre window
 *  (top floor((H - height) / 2), left alike), not mirrored. Rows past the last image are padding:
 *  zero pixels, label -1, the centre window.
 *  @param into filled and returned if given
 *  @returns a promise if images must be decoded
 *  @throws DataError if crop or batch do not fit, or an image cannot be read */
export function loadTestMinibatch(
  task: Task,
  options: TestBatchOptions,
  index: number,
  into: Minibatch = allocateMinibatch(task.set, options),
): Minibatch | Promise<Minibatch> {
  const { batch, crop } = options;
  const { set, val } = task;
  const top = Math.floor((set.form.height - crop.height) / 2);
  const left = Math.floor((set.form.width - crop.width) / 2);
  const images = Math.min(batch, val.length - index * batch);
  placesOf(into).length = 0;
  const records = recordsOf(into, images);
  for (let row = 0; row < batch; row++) {
    setWindow(into.windows, row, top, left, false);
    const record = row < images ? (val[index * batch + row] as number) : -1;
    into.labels[row] = row < images ? (task.valLabels[record] as number) : -1;
    if (row < images) records[row] = record;
  }
  into.crops.fill(0, Math.max(0, images) * imageValues(into.form));
  return cutRows(set, set.val, records, into);
}

function setWindow(
  windows: Int32Array,
  row: number,
  top: number,
  left: number,
  mirrored: boolean,
): void {
  windows[3 * row] = top;
  windows[3 * row + 1] = left;
  windows[3 * row + 2] = mirrored ? 1 : 0;
}
