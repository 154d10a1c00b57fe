// Caffemodels made in tests, in any of the three syntaxes.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { wantedLayers } from '../src/net/formats/caffemodel/wanted-blobs.js';
import type { CaffeNetwork } from '../src/net/formats/prototxt/read-network.js';
import { elementCount } from '../src/tensor/tensor.js';

/** A blob: its shape and numbers. `legacy`: four sizes in place of a shape; `isDouble`: of 8
 *  bytes. */
export interface MadeBlob {
  readonly shape: readonly number[];
  readonly numbers: readonly number[];
  readonly legacy?: boolean;
  readonly isDouble?: boolean;
}

/** Layers with their blobs in order. */
export type MadeLayers = Readonly<Record<string, readonly MadeBlob[]>>;

/** Which messages hold the layers: 0 V0LayerParameter, 1 V1LayerParameter, 2 LayerParameter. */
export type Syntax = 0 | 1 | 2;

/** The bytes of a caffemodel. */
export function caffeModelOf(layers: MadeLayers, syntax: Syntax = 2): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.LengthDelimited).string('made');
  for (const [name, blobs] of Object.entries(layers)) {
    const isNew = syntax === 2;
    writer.tag(isNew ? 100 : 2, WireType.LengthDelimited).fork();
    if (syntax === 0) writer.tag(1, WireType.LengthDelimited).fork();
    writeLayer(writer, name, blobs, syntax);
    if (syntax === 0) writer.join();
    writer.join();
  }
  return writer.finish();
}

function writeLayer(
  writer: BinaryWriter,
  name: string,
  blobs: readonly MadeBlob[],
  syntax: Syntax,
): void {
  const [nameField, blobsField] = (
    [
      [1, 50],
      [4, 6],
      [1, 7],
    ] as const
  )[syntax];
  // Other fields stand between: a type, and the phase as a number.
  writer.tag(nameField, WireType.LengthDelimited).string(name);
  if (syntax === 1) writer.tag(5, WireType.Varint).int32(4);
  if (syntax === 2) writer.tag(2, WireType.LengthDelimited).string('Type');
  if (syntax === 2) writer.tag(10, WireType.Varint).int32(0);
  for (const blob of blobs) {
    writer.tag(blobsField, WireType.LengthDelimited).fork();
    writeBlob(writer, blob);
    writer.join();
  }
}

function writeBlob(writer: BinaryWriter, { shape, numbers, legacy, isDouble }: MadeBlob): void {
  if (legacy === true) {
    const four = [...[1, 1, 1, 1].slice(shape.length), ...shape];
    four.forEach((size, at) => writer.tag(at + 1, WireType.Varint).int32(size));
  }
  const values = isDouble === true ? new Float64Array(numbers) : new Float32Array(numbers);
  writer
    .tag(isDouble === true ? 8 : 5, WireType.LengthDelimited)
    .bytes(new Uint8Array(values.buffer));
  if (legacy === true) return;
  writer.tag(7, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.LengthDelimited).fork();
  shape.forEach((size) => writer.int64(size));
  writer.join().join();
}

/** Layers that fit a network of 10 classes, with numbers of their own. */
export function layersFor(network: CaffeNetwork): MadeLayers {
  const factor: MadeBlob = { shape: [1], numbers: [2] };
  return Object.fromEntries(
    [...wantedLayers(network, 10)].map(([layer, { blobs, count }]) => {
      const made = blobs.map(({ spec: { shape } }, at) => ({
        shape: shape.filter((size) => size !== 1),
        numbers: Array.from({ length: elementCount(shape) }, (_, index) => index / 8 + at),
      }));
      return [layer, count > made.length ? [...made, factor] : made];
    }),
  );
}
