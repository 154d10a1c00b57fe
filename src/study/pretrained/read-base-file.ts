// The file that holds a base's weights, of whatever format, as a network with weights.
import { existsSync } from 'node:fs';
import { ParseError } from '../../base/errors.js';
import { factsOf } from '../../net/facts.js';
import { readCaffeModel } from '../../net/formats/caffemodel/read-caffemodel.js';
import { type OnnxWeight, readOnnx } from '../../net/formats/onnx/read-onnx.js';
import { readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { readPrototxtText } from '../../net/formats/prototxt/text-file.js';
import type { Network, NetworkInput } from '../../net/network.js';
import { elementCount, type Shape } from '../../tensor/tensor.js';

/** Where a base is: an ONNX file, or the prototxt of a caffemodel and the caffemodel. */
export interface BaseFile {
  /** What holds the weights, absolute. */
  readonly file: string;
  /** The prototxt of a caffemodel, absolute. */
  readonly prototxt?: string;
}

/** A network with its weights. */
export interface WeightedNetwork {
  readonly network: Network;
  readonly classes: number;
  /** By "<layer>.<blob>". */
  readonly weights: ReadonlyMap<string, OnnxWeight>;
}

/** Reads a base's file.
 *  @param input of the study's network: what the file may leave open
 *  @throws ParseError, FileError saying what cannot be read */
export function readBaseFile({ file, prototxt }: BaseFile, input: NetworkInput): WeightedNetwork {
  for (const path of [file, ...(prototxt === undefined ? [] : [prototxt])]) {
    if (existsSync(path)) continue;
    const message = 'does not exist, wanted a file with the weights or the layers of a base';
    throw new ParseError([{ file: path, message }]);
  }
  const { height, width, channels } = input;
  return prototxt === undefined
    ? readOnnx(file, { height, width, channels })
    : readCaffe(file, prototxt, input);
}

function readCaffe(file: string, prototxt: string, input: NetworkInput): WeightedNetwork {
  const text = readPrototxtText(prototxt);
  const { height: size, channels } = input;
  const read = readCaffeNetwork(text, prototxt, { size, channels });
  const { outputs, network } = read;
  if (outputs === null) {
    const message = 'does not say how many classes it has: write num_output of the last layer';
    throw new ParseError([{ file: prototxt, message }]);
  }
  const { weights } = readCaffeModel(file, read, outputs);
  return { network, classes: outputs, weights: fromBgr(network, outputs, weights) };
}

// Caffe reads images as blue, green, red; ours are red, green, blue. So the first layers' weights
// change places.
function fromBgr(
  network: Network,
  classes: number,
  weights: ReadonlyMap<string, OnnxWeight>,
): ReadonlyMap<string, OnnxWeight> {
  const { channels } = network.input;
  if (channels !== 3) return weights;
  const turned = new Map(weights);
  for (const { name, kind, inputs } of network.layers) {
    if (!inputs.includes('data')) continue;
    const { weight, blob } = { weight: weights.get(`${name}.weight`), blob: `${name}.weight` };
    if (weight !== undefined && (kind === 'convolution' || kind === 'inner-product')) {
      turned.set(blob, { ...weight, read: () => reversedChannels(weight, channels) });
    } else if (factsOf(network, classes).get(name)?.blobs.length !== 0) {
      const message = `layer "${name}" of kind ${kind} reads the image's channels, which Caffe has in the order blue, green, red: only convolutions and inner products can be turned to red, green, blue`;
      throw new ParseError([{ file: network.name, message }]);
    }
  }
  return turned;
}

// Of [O, C, ...] (an inner product: [O, C * pixels]) to [O, C reversed, ...].
function reversedChannels({ shape, read }: OnnxWeight, channels: number): Float32Array {
  const from = read();
  const [outputs = 1] = shape as Shape;
  const pixels = elementCount(shape) / outputs / channels;
  const to = new Float32Array(from.length);
  for (let output = 0; output < outputs; output++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (output * channels + channel) * pixels;
      const into = (output * channels + channels - 1 - channel) * pixels;
      to.set(from.subarray(at, at + pixels), into);
    }
  }
  return to;
}
