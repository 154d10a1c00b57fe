// JPEG records that are decoded when an image is asked for: the same pixels as a decoded copy has,
// at a tenth of the disk space.
import { DataError } from '../../base/errors.js';
import { RecordFile } from './record-file.js';
import { recordStarts } from './record-starts.js';
import { imageName, type Records } from './records.js';
import type { PartName } from '../parts.js';
import type { StoreIndex } from './store-index.js';

/** Opens the JPEG records of a packed store. Decoding runs in libuv's pool, as many images at a
 *  time as are asked for; what does is loaded with the first image.
 *  @throws DataError if the file cannot be opened */
export function jpegRecords(path: string, store: StoreIndex): Records {
  const file = new RecordFile(path, store);
  const starts = recordStarts(store);
  const form = { ...store.header.form, resize: 'warp' } as const;
  // Buffers for encoded records: as many as images were ever in work at a time.
  const free: Buffer[] = [];
  const spanOf = (part: PartName, image: number) => {
    const { places, records } = store[part];
    const start = starts[places[image] as number] as number;
    return { start, end: start + (records?.lengths[image] ?? 0) };
  };
  return {
    isDecoded: false,
    readAhead: (part, images) => file.readAhead(Array.from(images, (each) => spanOf(part, each))),
    read: async (part, image, into) => {
      const { start, end } = spanOf(part, image);
      const length = end - start;
      const { decodeInto } = await loadDecoder();
      let buffer = free.pop() ?? Buffer.alloc(0);
      if (buffer.length < length) buffer = Buffer.alloc(length + (length >> 1));
      const record = buffer.subarray(0, length);
      file.read(part, image, start, record);
      try {
        await decodeInto(record, form, into);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new DataError(`${imageName(path, store, part, image)}: ${reason}`, {
          hint: 'Pack the data again.',
          cause,
        });
      }
      free.push(buffer);
    },
  };
}

let decoder: Promise<typeof import('../images/decode.js')> | undefined;

// Not before it is needed: workers and loader threads of decoded stores need no image library.
function loadDecoder(): Promise<typeof import('../images/decode.js')> {
  decoder ??= import('../images/decode.js').then((module) => {
    module.prepareDecoder();
    return module;
  });
  return decoder;
}
