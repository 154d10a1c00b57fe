// A network by its name alone, without a study around it: a preset, or a file.
import { ParseError } from '../../base/errors.js';
import type { Channels } from '../../data/image-form.js';
import { readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { readPrototxtText } from '../../net/formats/prototxt/text-file.js';
import { readOnnx } from '../../net/formats/onnx/read-onnx.js';
import type { Network } from '../../net/network.js';
import { isPresetName, presets } from '../../net/presets/table.js';
import { readNetworkJson } from './network-json.js';
import { isNetworkFile } from './resolve-network.js';
import { nearest } from './suggest.js';

/** What a file may leave open. */
export interface NetworkAsked {
  /** Height = width of its input. */
  readonly size?: number;
  readonly channels?: Channels;
}

/** The preset of a name, or the network of a file.
 *  @param asked what the file leaves open, such as the size of its input
 *  @throws ParseError if there is none, or with everything that is wrong in the file */
export function readNetwork(name: string, asked: NetworkAsked = {}): Network {
  if (isPresetName(name)) return presets[name];
  if (!isNetworkFile(name)) {
    const names = Object.keys(presets);
    const guess = nearest(name, names);
    throw new ParseError([
      {
        file: name,
        message: `is neither a network file (.prototxt, .onnx, .json) nor one of ${names.join(', ')}${guess === null ? '' : ` (did you mean ${guess}?)`}`,
      },
    ]);
  }
  if (name.endsWith('.json')) return readNetworkJson(name);
  const { size, channels } = asked;
  if (name.endsWith('.onnx')) {
    return readOnnx(name, {
      ...(size === undefined ? {} : { height: size, width: size }),
      ...(channels === undefined ? {} : { channels }),
    }).network;
  }
  return readCaffeNetwork(readPrototxtText(name), name, asked).network;
}
