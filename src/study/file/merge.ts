// Putting study files together: `extends` (keys of the extending file win) and `--set key=value`.
import { dirname, resolve } from 'node:path';
import { GLYPHS } from '../../data/glyphs/glyphs.js';
import { isJsonObject, type Json, type JsonObject } from '../../base/canonical-json.js';
import { ParseError, UsageError } from '../../base/errors.js';
import { isNetworkFile } from './resolve-network.js';
import { type Located, originOf, parseYaml, readYaml } from './located.js';
import { type Origin, pointerStep } from './origin.js';

// Keys of the solver that say the same thing in two ways: giving one withdraws the other that was
// inherited.
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  '/solver/epochs': ['/solver/iterations'],
  '/solver/iterations': ['/solver/epochs'],
  '/solver/lrSteps': ['/solver/stepSize'],
  '/solver/stepSize': ['/solver/lrSteps'],
  // What only another policy or solver reads goes with it.
  '/solver/lrPolicy': ['gamma', 'lrSteps', 'stepSize', 'power', 'lrEnd'].map(inSolver),
  '/solver/type': ['momentum', 'nesterov', 'beta1', 'beta2', 'epsilon'].map(inSolver),
};

function inSolver(key: string): string {
  return `/solver/${key}`;
}

// Variants of these are different sets of keys: the later one replaces the earlier one whole.
const REPLACED_WHOLE = new Set(['/tasks']);

/** Reads a study file and what it extends: its own keys win, then those of the last file it names.
 *  Paths of data sources and prototxts are made absolute from the file that names them.
 *  @throws ParseError */
export function readWithExtends(path: string, seen: readonly string[] = []): Located {
  const file = resolve(path);
  const own = anchored(readYaml(path), dirname(file));
  if (!isJsonObject(own.value)) {
    throw new ParseError([{ ...originOf(own, ''), message: 'found no keys, wanted a study' }]);
  }
  const parents = parentsOf(own.value['extends']);
  if (parents === null) return own;
  const inherited = parents.map((parent) => {
    const parentPath = resolve(dirname(file), parent);
    if ([...seen, file].includes(parentPath)) {
      const message = `extends: ${parent} extends this file in turn`;
      throw new ParseError([{ ...originOf(own, '/extends'), message }]);
    }
    return without(readWithExtends(parentPath, [...seen, file]), '/extends');
  });
  return [...inherited, without(own, '/extends')].reduce(merge);
}

// Null leaves what is neither a file name nor a list of them to the schema.
function parentsOf(value: Json | undefined): readonly string[] | null {
  const list = [value ?? []].flat();
  const names = list.filter((each) => typeof each === 'string');
  return names.length === 0 || names.length < list.length ? null : names;
}

/** `base` with the keys of `over` put over it: maps are merged, everything else replaced. */
function merge(base: Located, over: Located): Located {
  const origins = new Map(base.origins);
  const value = mergeValues(base.value, over.value, '', origins, over.origins);
  origins.set('', originOf(over, ''));
  return { value, origins };
}

function mergeValues(
  base: Json | undefined,
  over: Json,
  pointer: string,
  origins: Map<string, Origin>,
  overOrigins: ReadonlyMap<string, Origin>,
): Json {
  if (!isJsonObject(base) || !isJsonObject(over) || REPLACED_WHOLE.has(pointer)) {
    forget(origins, pointer);
    for (const [at, origin] of overOrigins) if (isInside(at, pointer)) origins.set(at, origin);
    return over;
  }
  const result: Record<string, Json | undefined> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const member = pointer + pointerStep(key);
    for (const other of ALTERNATIVES[member] ?? []) {
      if (overOrigins.has(other)) continue;
      Reflect.deleteProperty(result, other.slice(other.lastIndexOf('/') + 1));
      forget(origins, other);
    }
    const origin = overOrigins.get(member);
    result[key] = mergeValues(result[key], value as Json, member, origins, overOrigins);
    if (origin !== undefined) origins.set(member, origin);
  }
  return result;
}

/** Puts `key=value` (dotted key, YAML value) over a study.
 *  @throws UsageError if there is no `=`, ParseError if the value is not YAML */
export function applySetting(study: Located, setting: string, directory: string): Located {
  const at = setting.indexOf('=');
  const path = setting.slice(0, at).trim();
  if (at < 1 || path.split('.').includes('')) {
    throw new UsageError(`--set ${setting}: wanted key=value, for example --set solver.epochs=2`);
  }
  const file = `--set ${setting}`;
  const parsed = parseYaml(setting.slice(at + 1), file);
  const { value } = path
    .split('.')
    .reduceRight<{ value: Json }>((inner, key) => ({ value: { [key]: inner.value } }), {
      value: setting.slice(at + 1).trim() === '' ? null : parsed.value,
    });
  // `tasks` is replaced whole by files, but one key of it can be set.
  const origins = new Map<string, Origin>();
  let pointer = '';
  for (const key of path.split('.')) origins.set((pointer += pointerStep(key)), { file });
  const over = anchored({ value, origins }, directory);
  const merged = path.startsWith('tasks.') ? mergeTasks(study, over) : merge(study, over);
  const whole = study.origins.get('');
  return whole ? { ...merged, origins: new Map([...merged.origins, ['', whole]]) } : merged;
}

function mergeTasks(study: Located, over: Located): Located {
  const origins = new Map(study.origins);
  const tasks = (study.value as JsonObject)['tasks'] ?? {};
  if (Array.isArray(tasks)) {
    throw new UsageError(
      `--set tasks....: the study's tasks are a list of ${tasks.length}; set it whole, for example --set "tasks=[{split: whole}]"`,
    );
  }
  const change = (over.value as JsonObject)['tasks'] as JsonObject;
  const merged: Record<string, Json | undefined> = { ...(isJsonObject(tasks) ? tasks : {}) };
  for (const [key, value] of Object.entries(change)) {
    const member = `/tasks${pointerStep(key)}`;
    merged[key] = mergeValues(merged[key], value as Json, member, origins, over.origins);
  }
  for (const [at, origin] of over.origins) origins.set(at, origin);
  return { value: { ...(study.value as JsonObject), tasks: merged }, origins };
}

/** A study whose relative paths are made absolute, from `directory`: sources and network files are
 *  paths from the file that names them, so they are resolved before files are merged. */
export function anchored(located: Located, directory: string): Located {
  const { value } = located;
  if (!isJsonObject(value)) return located;
  const result: Record<string, Json | undefined> = { ...value };
  if (isJsonObject(value['data'])) result['data'] = anchorData(value['data'], directory);
  const tasks = value['tasks'];
  if (Array.isArray(tasks))
    result['tasks'] = tasks.map((each: Json) => anchorTasks(each, directory));
  else if (tasks !== undefined) result['tasks'] = anchorTasks(tasks, directory);
  if (typeof value['network'] === 'string' && isNetworkFile(value['network'])) {
    result['network'] = resolve(directory, value['network']);
  }
  const each = { bases: anchorBase, tests: anchorTest } as const;
  for (const [key, anchor] of Object.entries(each)) {
    const members = value[key];
    if (!isJsonObject(members)) continue;
    result[key] = Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, anchor(member ?? null, directory)]),
    );
  }
  const solver = value['solver'];
  if (isJsonObject(solver) && typeof solver['prototxt'] === 'string') {
    result['solver'] = { ...solver, prototxt: resolve(directory, solver['prototxt']) };
  }
  return { ...located, value: result };
}

function anchorBase(base: Json, directory: string): Json {
  if (!isJsonObject(base) || typeof base['network'] !== 'string') return base;
  const { network, weights } = base;
  return {
    ...base,
    network: resolve(directory, network as string),
    ...(typeof weights === 'string' ? { weights: resolve(directory, weights) } : {}),
  };
}

function anchorTest(test: Json, directory: string): Json {
  if (!isJsonObject(test) || test['data'] === undefined) return test;
  return { ...test, data: anchorData(test['data'], directory) };
}

function anchorTasks(tasks: Json, directory: string): Json {
  if (!isJsonObject(tasks)) return tasks;
  const result: Record<string, Json | undefined> = { ...tasks };
  for (const name of ['A', 'B']) {
    const task = tasks[name];
    if (isJsonObject(task) && task['data'] !== undefined) {
      result[name] = { ...task, data: anchorData(task['data'], directory) };
    }
  }
  return result;
}

function anchorData(data: Json, directory: string): Json {
  if (typeof data === 'string') return anchorSource(data, directory);
  if (Array.isArray(data)) return data.map((item: Json) => anchorData(item, directory));
  if (!isJsonObject(data) || data['source'] === undefined) return data;
  return { ...data, source: anchorData(data['source'], directory) };
}

function anchorSource(source: string, directory: string): string {
  return source === GLYPHS || source === '' ? source : resolve(directory, source);
}

function without({ value, origins }: Located, pointer: string): Located {
  const rest = { ...(value as JsonObject) };
  Reflect.deleteProperty(rest, pointer.slice(1));
  const kept = new Map(origins);
  forget(kept, pointer);
  return { value: rest, origins: kept };
}

function forget(origins: Map<string, Origin>, pointer: string): void {
  for (const at of [...origins.keys()]) if (isInside(at, pointer)) origins.delete(at);
}

function isInside(at: string, pointer: string): boolean {
  return at === pointer || at.startsWith(`${pointer}/`);
}
