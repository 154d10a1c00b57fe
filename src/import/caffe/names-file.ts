// `--names FILE`: which network each log is of, where names of directories do not say it.
import { readFileSync } from 'node:fs';
import { type FileIssue, ParseError, UsageError } from '../../base/errors.js';
import { parseYaml } from '../../study/file/located.js';
import { isJsonObject, type Json } from '../../base/canonical-json.js';
import { type OriginalNetwork, parseOriginalName, parseOwnName } from './names.js';

/** Directory or log file, relative to the folder of logs -> its network. */
export type NamedLogs = ReadonlyMap<string, OriginalNetwork>;

interface Entry {
  readonly log: string;
  readonly name: string;
  readonly line: number;
}

/** Reads the file: a map (YAML or JSON) of logs to names, or a line for each, "<log> <name>". Names
 *  are ours (split0/A3B+, whole/R3) or the original study's (transfer0A0B_1_3). Several logs may be
 *  of one network.
 *  @throws UsageError if it cannot be read, ParseError with every line that is wrong */
export function readNamesFile(path: string): NamedLogs {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`--names ${path}: cannot be read (${(cause as Error).message})`, {
      cause,
    });
  }
  const networks = new Map<string, OriginalNetwork>();
  const issues: FileIssue[] = [];
  for (const { log: written, name, line } of mapEntries(text, path) ?? lineEntries(text)) {
    const log = written.replace(/\/$/, '');
    const network = parseOwnName(name, log) ?? renamed(parseOriginalName(name), log);
    if (network !== null) networks.set(log, network);
    else {
      const wanted = 'wanted a name such as split0/A3B+, whole/R3 or transfer0A0B_1_3';
      issues.push({ file: path, line, message: `${log}: found "${name}", ${wanted}` });
    }
  }
  if (issues.length > 0) throw new ParseError(issues);
  if (networks.size === 0) {
    throw new UsageError(`--names ${path}: names no log`, {
      hint: 'Write a line for each log: its directory or file, and the network, for example: run7 split0/A3B+',
    });
  }
  return networks;
}

function renamed(network: OriginalNetwork | null, originalName: string): OriginalNetwork | null {
  return network === null ? null : { ...network, originalName };
}

/** Entries of a map; null if the text is none. */
function mapEntries(text: string, path: string): readonly Entry[] | null {
  let value: Json;
  try {
    value = parseYaml(text, path).value;
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
  if (!isJsonObject(value) || Object.keys(value).length === 0) return null;
  const lines = text.split('\n');
  return Object.entries(value).map(([log, name]) => ({
    log,
    name: typeof name === 'string' ? name : JSON.stringify(name ?? null),
    line: Math.max(1, lines.findIndex((line) => line.includes(log)) + 1),
  }));
}

function lineEntries(text: string): readonly Entry[] {
  return text.split('\n').flatMap((raw, index) => {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) return [];
    // The name is the last word; names of files may have spaces.
    const words = content.split(/[\s,=]+/);
    const name = words.at(-1) ?? '';
    const log = content.slice(0, content.length - name.length).replace(/[\s,=]{1,16}$/, '');
    return [{ log: log === '' ? name : log, name: log === '' ? '' : name, line: index + 1 }];
  });
}
