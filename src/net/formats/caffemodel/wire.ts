// A protobuf file, field by field, where it lies: only tags, lengths and what is asked for are
// read, so that a file of any size costs no memory.
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ParseError } from '../../../base/errors.js';
import { readFully } from '../../../data/store/read-fully.js';

/** One field of a message. */
export interface WireField {
  readonly number: number;
  readonly type: WireType;
  /** Bytes of its content in the file; the length of a message or list is not part of it. */
  readonly start: number;
  readonly end: number;
}

// A tag has at most 5 bytes, a varint 10.
const MOST_HEADER = 15;
const WINDOW = 4096;

/** An open file that holds a protobuf message. */
export class WireFile {
  readonly path: string;
  readonly size: number;
  readonly #file: number;
  #window = new Uint8Array(0);
  #windowStart = 0;

  constructor(path: string, file: number, size: number) {
    this.path = path;
    this.#file = file;
    this.size = size;
  }

  /** The fields of the message between two places.
   *  @throws ParseError if it is none */
  *fields(start: number, end: number): Generator<WireField> {
    for (let at = start; at < end;) {
      const field = this.#field(at, end);
      if (field.end > end) this.damaged(`a field ends at byte ${field.end}, its message at ${end}`);
      yield field;
      at = field.end;
    }
  }

  /** A whole number that a field holds. */
  integer({ start, end }: WireField): number {
    return Number(new BinaryReader(this.bytes(start, end)).int64());
  }

  /** Whole numbers that a field holds, packed or alone; of a list only the first `most`. */
  integers({ start, end }: WireField, most: number): readonly number[] {
    const bytes = this.bytes(start, Math.min(end, start + 10 * most));
    const numbers: number[] = [];
    return this.#decoded(start, () => {
      const reader = new BinaryReader(bytes);
      while (reader.pos < reader.len && numbers.length < most) {
        numbers.push(Number(reader.int64()));
      }
      return numbers;
    });
  }

  /** The bytes between two places. */
  bytes(start: number, end: number): Uint8Array {
    const from = start - this.#windowStart;
    if (from >= 0 && end <= this.#windowStart + this.#window.length) {
      return this.#window.subarray(from, end - this.#windowStart);
    }
    const wanted = Math.max(end, Math.min(start + WINDOW, this.size));
    const bytes = new Uint8Array(wanted - start);
    readFully(this.path, this.#file, bytes, start);
    [this.#window, this.#windowStart] = [bytes, start];
    return bytes.subarray(0, end - start);
  }

  /** @throws ParseError that says what is wrong */
  damaged(what: string, cause?: unknown): never {
    const message = `not a caffemodel, or damaged: ${what}`;
    throw new ParseError([{ file: this.path, message }], { cause });
  }

  #field(at: number, end: number): WireField {
    const header = this.bytes(at, Math.min(at + MOST_HEADER, end));
    return this.#decoded(at, () => {
      const reader = new BinaryReader(header);
      const [number, type] = reader.tag();
      const start = at + reader.pos;
      switch (type) {
        case WireType.Varint:
          reader.uint64();
          return { number, type, start, end: at + reader.pos };
        case WireType.Bit32:
          return { number, type, start, end: start + 4 };
        case WireType.Bit64:
          return { number, type, start, end: start + 8 };
        case WireType.LengthDelimited: {
          const length = reader.uint32();
          return { number, type, start: at + reader.pos, end: at + reader.pos + length };
        }
        default:
          return this.damaged(`a field of the type ${type} at byte ${at}`);
      }
    });
  }

  #decoded<T>(at: number, decode: () => T): T {
    try {
      return decode();
    } catch (error) {
      if (error instanceof ParseError) throw error;
      return this.damaged(`${(error as Error).message} at byte ${at}`, error);
    }
  }
}
