// What is read of Caffe's messages: the numbers of their fields, facts of its file format.

/** Where a message of a layer has its name and its blobs. */
export interface LayerFields {
  readonly name: number;
  readonly blobs: number;
  /** The field that holds an older layer, whose name and blobs count then. */
  readonly inner?: { readonly number: number; readonly fields: LayerFields };
}

/** Of 2013: V0LayerParameter. */
const oldest: LayerFields = { name: 1, blobs: 50 };

/** NetParameter's field -> the layer that it holds: `layers` (V1LayerParameter), `layer`
 *  (LayerParameter). */
export const layerFields: Readonly<Record<number, LayerFields>> = {
  2: { name: 4, blobs: 6, inner: { number: 1, fields: oldest } },
  100: { name: 1, blobs: 7 },
};

/** BlobProto. Before `shape` it had four sizes. */
export const blobFields = {
  num: 1,
  channels: 2,
  height: 3,
  width: 4,
  data: 5,
  shape: 7,
  doubleData: 8,
} as const;

/** BlobShape's `dim`. */
export const DIM = 1;
