// `network:` of a study: a preset, or a Caffe prototxt.
import type { FileIssue } from '../../base/errors.js';
import { withOutputs } from '../../net/classifier.js';
import { type Network, type NetworkInput, weightLayers } from '../../net/network.js';
import { isPresetName, presets } from '../../net/presets/table.js';
import { type CaffeNetwork, readCaffeNetwork } from '../../net/formats/prototxt/read-network.js';
import type { Report } from './located.js';
import { readPrototxt } from './read-prototxt.js';
import type { StudyText } from './study-source.js';
import { shown } from './schema-words.js';
import { nearest } from './suggest.js';

/** True if `network:` names a file, not a preset. */
export function isNetworkFile(network: string): boolean {
  return /\.(prototxt|onnx)$/.test(network);
}

/** The network of a study, and the file that it is from. */
export interface ResolvedNetwork {
  /** After `outputs:`; null if there is none. */
  readonly network: Network | null;
  /** Null for presets. */
  readonly file: CaffeNetwork | null;
}

/** The network of a study. Problems inside a prototxt go to `issues` with its own lines. */
export function resolveNetwork(
  text: StudyText,
  report: Report,
  issues: FileIssue[],
): ResolvedNetwork {
  const file = isNetworkFile(text.network) ? readFile(text, report, issues) : null;
  const network = isNetworkFile(text.network)
    ? (file?.network ?? null)
    : findPreset(text.network, report);
  return { network: network === null ? null : asAsked(network, text, report), file };
}

/** The network with the outputs and means that the study asks for. */
function asAsked(network: Network, text: StudyText, report: Report): Network {
  const { crop } = text.data ?? {};
  if (crop !== undefined && crop !== network.input.height) {
    report('/data/crop', `data.crop: found ${crop}, ${network.name} takes ${network.input.height}`);
  }
  const { outputs } = text;
  const { input } = network;
  const mean = meanOf(text, input, report);
  const meant = { ...network, input: { ...input, mean, scale: scaleOf(text, input, report) } };
  return typeof outputs === 'number' ? withOutputs(meant, outputs) : meant;
}

function meanOf(text: StudyText, { mean, channels }: NetworkInput, report: Report) {
  const asked = text.data?.mean;
  if (asked === undefined) return mean;
  if (typeof asked === 'string') return 'image' as const;
  if (asked.length !== 1 && asked.length !== channels) {
    report('/data/mean', `data.mean: found ${asked.length} numbers, wanted 1 or ${channels}`);
  }
  return Array.from({ length: channels }, (_, channel) => asked[channel] ?? asked[0] ?? 0);
}

function scaleOf(text: StudyText, { scale, channels }: NetworkInput, report: Report) {
  const std = text.data?.std;
  if (std === undefined) return scale;
  if (std.length !== 1 && std.length !== channels) {
    report('/data/std', `data.std: found ${std.length} numbers, wanted 1 or ${channels}`);
  }
  return std.map((deviation) => 1 / deviation);
}

function findPreset(name: string, report: Report): Network | null {
  if (isPresetName(name)) return presets[name];
  const names = Object.keys(presets);
  const guess = nearest(name, names);
  report(
    '/network',
    `network: found ${shown(name)}, wanted one of ${names.join(', ')}${guess === null ? '' : ` (did you mean ${guess}?)`}`,
  );
  return null;
}

function readFile(text: StudyText, report: Report, issues: FileIssue[]): CaffeNetwork | null {
  const { network: path } = text;
  if (path.endsWith('.onnx')) {
    report('/network', `network: found "${path}", this version reads presets and .prototxt only`);
    return null;
  }
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
