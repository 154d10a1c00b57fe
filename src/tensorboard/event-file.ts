// TensorBoard's event files: records of TFRecord, each a message `Event` of tensorflow/core/util.
// A record is u64 length, u32 checksum of the length, the message, u32 checksum of the message, all
// little-endian.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import crc32c from 'crc-32/crc32c.js';

/** A number of a network at an iteration. */
export interface Scalar {
  /** What it is, such as `test/accuracy`; TensorBoard groups by what is before the slash. */
  readonly tag: string;
  /** Written as float32, as TensorBoard keeps it. */
  readonly value: number;
}

/** Numbers of fields of `Event`, `Summary` and `Summary.Value`. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2 } as const;

/** The first record of every file. @param wallTime seconds since 1970 */
export function versionRecord(wallTime: number): Uint8Array {
  return record(
    eventAt(wallTime).tag(EVENT.fileVersion, WireType.LengthDelimited).string('brain.Event:2'),
  );
}

/** A record with the scalars of one iteration. @param wallTime seconds since 1970 */
export function scalarsRecord(
  wallTime: number,
  iteration: number,
  scalars: readonly Scalar[],
): Uint8Array {
  const event = eventAt(wallTime).tag(EVENT.step, WireType.Varint).int64(iteration);
  event.tag(EVENT.summary, WireType.LengthDelimited).fork();
  for (const { tag, value } of scalars) {
    event.tag(SUMMARY.value, WireType.LengthDelimited).fork();
    event.tag(VALUE.tag, WireType.LengthDelimited).string(tag);
    event.tag(VALUE.simpleValue, WireType.Bit32).float(Math.fround(value));
    event.join();
  }
  return record(event.join());
}

function eventAt(wallTime: number): BinaryWriter {
  return new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(wallTime);
}

function record(event: BinaryWriter): Uint8Array {
  const message = event.finish();
  const bytes = Buffer.alloc(message.length + 16);
  bytes.writeBigUInt64LE(BigInt(message.length), 0);
  bytes.writeUInt32LE(masked(bytes.subarray(0, 8)), 8);
  bytes.set(message, 12);
  bytes.writeUInt32LE(masked(message), 12 + message.length);
  return bytes;
}

// TFRecord turns checksums and adds a number, so that they are not those of data that has its own.
function masked(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
