// `network:` of a study: a preset, a Caffe prototxt, an ONNX file, a network as JSON, or one that a
// program made.
import type { FileIssue } from '../../base/errors.js';
import { withOutputs } from '../../net/classifier.js';
import type { Network, NetworkInput } from '../../net/network.js';
import { isPresetName, presets } from '../../net/presets/table.js';
import type { Report } from './located.js';
import { type NetworkFile, readNetworkFile } from './network-file.js';
import type { StudyText } from './study-source.js';
import { shown } from './schema-words.js';
import { nearest } from './suggest.js';

/** True if `network:` names a file, not a preset. */
export function isNetworkFile(network: string): boolean {
  return /\.(prototxt|onnx|json)$/.test(network);
}

/** The network of a study, and the file that it is from. */
export interface ResolvedNetwork {
  /** After `outputs:`; null if there is none. */
  readonly network: Network | null;
  /** Null for presets. */
  readonly file: NetworkFile | null;
}

/** The network of a study. Problems inside a file go to `issues` with its own lines.
 *  @param made the network itself, where a program made it */
export function resolveNetwork(
  text: StudyText,
  report: Report,
  issues: FileIssue[],
  made?: Network,
): ResolvedNetwork {
  if (made !== undefined) return { network: asAsked(made, text, report), file: null };
  const file = isNetworkFile(text.network) ? readNetworkFile(text, report, issues) : null;
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

// After the mean: a factor, or a deviation to divide by.
function scaleOf(text: StudyText, { scale, channels }: NetworkInput, report: Report) {
  const { scale: factor, std } = text.data ?? {};
  if (factor !== undefined && std !== undefined) {
    report('/data/std', 'data: found scale and std, wanted one of them');
  }
  if (factor !== undefined && !text.network.endsWith('.onnx')) {
    report(
      '/data/scale',
      `data.scale: ${text.network} has its own, ${scale.join(', ')}; data.std gives other deviations`,
    );
  }
  const [key, asked] = factor === undefined ? ['std', std] : ['scale', [factor].flat()];
  if (asked === undefined) return scale;
  if (asked.length !== 1 && asked.length !== channels) {
    report(`/data/${key}`, `data.${key}: found ${asked.length} numbers, wanted 1 or ${channels}`);
  }
  return factor === undefined ? asked.map((deviation) => 1 / deviation) : asked;
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
