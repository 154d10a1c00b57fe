// One measurement of bench/scale in a process of its own, so that memory is that measurement's.
// Arguments: WHAT STORE; prints JSON.
import { streamKey } from '../../src/base/random-stream.js';
import { BlockOrder, USUAL_BLOCKS } from '../../src/data/minibatch/block-order.js';
import { EpochOrder } from '../../src/data/minibatch/epoch-order.js';
import { imageValues } from '../../src/data/image-form.js';
import { openImages } from '../../src/data/store/open-images.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { makeTask } from '../../src/data/classes/task.js';
import { forgetFile } from '../file-cache.js';

const [what = '', store = ''] = process.argv.slice(2);

/** Milliseconds that `work` takes. */
function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const started = performance.now();
  const value = work();
  return { ms: performance.now() - started, value };
}

const resident = (): number => process.memoryUsage().rss;
const key = streamKey(['bench']);

/** Random records read one by one into one buffer. */
function reads(images: number): { readonly readsPerSecond: number } {
  const { train, form } = openImages(store, 0);
  const into = new Uint8Array(imageValues(form));
  const { ms } = timed(() => {
    for (let image = 0; image < images; image++) {
      void train.read(Math.floor(Math.random() * train.count), into);
    }
  });
  return { readsPerSecond: (1000 * images) / ms };
}

const measurements: Readonly<Record<string, () => object>> = {
  open: () => {
    const before = resident();
    const { ms, value } = timed(() => openImages(store, 0));
    return { ms, residentBytes: resident() - before, images: value.train.count };
  },
  task: () => {
    const set = openImages(store, 0);
    const before = resident();
    const { ms } = timed(() => makeTask(set, set.classes.slice(0, 500), null));
    return { ms, residentBytes: resident() - before };
  },
  names: () => {
    const { train } = readStoreIndex(store);
    const before = resident();
    const { ms } = timed(() => {
      let length = 0;
      const names = train.records?.names;
      for (let at = 0; at < train.labels.length; at++) length += names?.at(at).length ?? 0;
      return length;
    });
    return { ms, residentBytes: resident() - before };
  },
  'full order': () => {
    const { train } = openImages(store, 0);
    const order = new EpochOrder(train.count, key);
    const first = timed(() => order.itemAt(0)).ms;
    const before = resident();
    return {
      ms: timed(() => order.itemAt(train.count)).ms,
      firstMs: first,
      residentBytes: resident() - before,
    };
  },
  'block order': () => {
    const { train } = openImages(store, 0);
    const order = new BlockOrder(train.count, key, USUAL_BLOCKS);
    const first = timed(() => order.itemAt(0)).ms;
    const all = timed(() => {
      for (let at = 0; at < train.count; at++) order.itemAt(at);
    });
    return { ms: first, wholeEpochMs: all.ms };
  },
  'reads, file cache': () => {
    reads(20_000);
    return reads(300_000);
  },
  'reads, disk': () => ({ isForgotten: forgetFile(store), ...reads(3000) }),
  'pass over all pixels': () => {
    const { train, form } = openImages(store, 0);
    const into = new Uint8Array(imageValues(form));
    let sum = 0;
    const { ms } = timed(() => {
      for (let image = 0; image < train.count; image++) {
        void train.read(image, into);
        sum += into[0] as number;
      }
    });
    return { ms, imagesPerSecond: (1000 * train.count) / ms, sum };
  },
};

const measure = measurements[what];
if (measure === undefined) throw new Error(`no measurement ${what}`);
const answer = { ...measure(), peakResidentBytes: 1024 * process.resourceUsage().maxRSS };
process.stdout.write(`${JSON.stringify(answer)}\n`);
