// A network as a JSON file: the written form that identities use, for networks that programs make.
// `schema/network.schema.json` describes it.
import { join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import type { JsonObject } from '../../base/canonical-json.js';
import { ParseError } from '../../base/errors.js';
import { checkNetwork } from '../../net/check.js';
import type { Network } from '../../net/network.js';
import { isPresetName } from '../../net/presets/table.js';
import { writtenNetwork } from '../plan/canonical.js';
import { readWrittenNetwork } from '../plan/read-canonical.js';
import type { Study } from '../study.js';
import { readYaml } from './located.js';
import { schemaIssues } from './validate.js';

/** The file in a study's folder that has a network which no file and no preset has. */
export const NETWORK_JSON = 'network.json';

/** Classes of a task that is made up, to follow shapes. */
const SOME_CLASSES = 2;

/** Text of a network file. */
export function networkJson(network: Network): string {
  const written = writtenNetwork(network) as JsonObject;
  return `${JSON.stringify({ schema: 'selffer.network/1', ...written }, null, 2)}\n`;
}

/** The network of such a file. @throws ParseError with every problem found */
export function readNetworkJson(path: string): Network {
  const located = readYaml(path);
  const issues = schemaIssues(located, 'network');
  if (issues.length > 0) throw new ParseError(issues);
  const network = readWrittenNetwork(located.value);
  checkNetwork(network, SOME_CLASSES, path);
  return network;
}

/** @throws ParseError with everything that is wrong in a network that a program made, which need
 *  not have the types that it should have */
export function checkMadeNetwork(network: Network): void {
  const file = 'network';
  let value: JsonObject;
  try {
    value = JSON.parse(networkJson(network)) as JsonObject;
  } catch (cause) {
    const message = `found what is no network (${String(cause)}), wanted a name, an input, layers and an output`;
    throw new ParseError([{ file, message }], { cause });
  }
  const issues = schemaIssues({ value, origins: new Map([['', { file }]]) }, 'network');
  if (issues.length > 0) throw new ParseError(issues);
  checkNetwork(network, SOME_CLASSES, file);
}

/** Writes the network of a study beside its study.yaml if a program made it: the folder alone says
 *  then what was trained. */
export function writeOwnNetwork(directory: string, { network, networkFile }: Study): void {
  if (networkFile !== undefined || isPresetName(network.name)) return;
  writeFileAtomic(join(directory, NETWORK_JSON), networkJson(network));
}
