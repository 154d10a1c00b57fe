// The file that `network:` of a study names, and what it says of the study.
import { type FileIssue, ParseError, SelfferError } from '../../base/errors.js';
import type { SaidOfImages } from '../../net/formats/prototxt/data-layer.js';
import { type CaffeNetwork, readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import { readOnnx } from '../../net/formats/onnx/read-onnx.js';
import { type Network, weightLayers } from '../../net/network.js';
import type { Report } from './located.js';
import { readNetworkJson } from './network-json.js';
import { readPrototxt } from './read-prototxt.js';
import type { StudyText } from './study-source.js';

/** A network file that was read, of whatever format. */
export interface NetworkFile extends SaidOfImages {
  readonly network: Network;
  /** What of the file is read differently or not at all. */
  readonly remarks: readonly FileIssue[];
}

/** The network file of a study; null if it cannot be read. What the study lacks for it is reported
 *  there, problems inside it go to `issues`. */
export function readNetworkFile(
  text: StudyText,
  report: Report,
  issues: FileIssue[],
): NetworkFile | null {
  if (text.network.endsWith('.onnx')) return readOnnxFile(text, report, issues);
  if (text.network.endsWith('.json')) return readJsonFile(text.network, issues);
  return readCaffe(text, report, issues);
}

// What is subtracted from pixels and by what they are multiplied decides between a good network and
// a bad one, and no ONNX file says it.
function readOnnxFile(text: StudyText, report: Report, issues: FileIssue[]): NetworkFile | null {
  const { network: path, data = {} } = text;
  const lacking = [
    ...(data.mean === undefined ? ['mean'] : []),
    ...(data.scale === undefined && data.std === undefined ? ['std'] : []),
  ];
  if (lacking.length > 0) {
    report(
      '/network',
      `network: ${path} does not say how its images are prepared: write ${lacking.map((key) => `data.${key}`).join(' and ')}; the input is (pixel - mean) / std, or (pixel - mean) * scale, pixels 0 to 255. Networks of torchvision and timm mostly have mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375]`,
    );
  }
  const size = sizeOf(text);
  const defaults = {
    ...(size === null ? {} : { height: size, width: size }),
    ...(data.channels === undefined ? {} : { channels: data.channels }),
  };
  try {
    const { network, notes } = readOnnx(path, defaults);
    const remarks = notes.map((message) => ({ file: path, message }));
    const crop = network.input.height;
    return { network, remarks, crop, batch: null, mirror: null, mean: null, scale: null };
  } catch (error) {
    if (error instanceof ParseError) issues.push(...error.issues);
    else if (error instanceof SelfferError) report('/network', `network: ${error.message}`);
    else throw error;
    return null;
  }
}

function readJsonFile(path: string, issues: FileIssue[]): NetworkFile | null {
  try {
    const network = readNetworkJson(path);
    const { height: crop, mean } = network.input;
    const means = mean === 'image' ? null : mean;
    return { network, remarks: [], crop, batch: null, mirror: null, mean: means, scale: null };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    issues.push(...error.issues);
    return null;
  }
}

function readCaffe(text: StudyText, report: Report, issues: FileIssue[]): NetworkFile | null {
  const { network: path } = text;
  const size = sizeOf(text);
  const channels = text.data?.channels;
  const defaults = {
    ...(size === null ? {} : { size }),
    ...(channels === undefined ? {} : { channels }),
  };
  const readText = (content: string, file: string): CaffeNetwork =>
    readCaffeNetwork(content, file, defaults);
  const read = readPrototxt(path, readText, '/network', report, issues);
  if (read === null) return null;
  const { network, role, frozen } = read;
  const unfilled = weightLayers(network).filter(({ weight }) => weight.filler.type === 'constant');
  const names = (layers: readonly string[]): string => layers.join(', ');
  if (frozen.length > 0 || role.kind !== 'base') {
    const what = frozen.length > 0 ? `${names(frozen)} frozen` : 'layers named -new';
    report(
      '/network',
      `network: ${path} has ${what}, wanted a base network's file: treatments say what is copied and frozen`,
    );
  } else if (unfilled.length > 0) {
    report(
      '/network',
      `network: ${path} starts all weights of ${names(unfilled.map(({ name }) => name))} at one value, wanted a training file with weight fillers`,
    );
  } else return read;
  return null;
}

/** What a network takes whose file does not say it: the crop, else the images whole, if those of
 *  both tasks are alike. */
function sizeOf({ data, tasks }: StudyText): number | null {
  const shared = data?.crop ?? data?.size;
  if (shared !== undefined) return shared;
  const sizes = [tasks ?? []].flat().flatMap((each) => {
    if (!('A' in each)) return [];
    return [each.A.data, each.B.data].map((set) =>
      typeof set === 'object' && 'size' in set ? set.size : undefined,
    );
  });
  const [first] = sizes;
  return first !== undefined && sizes.every((size) => size === first) ? first : null;
}
