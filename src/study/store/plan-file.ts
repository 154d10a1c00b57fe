// plan.json: what a study's folder holds or will hold, and the full content of every identity, so
// that a later change can be named.
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { isJsonObject, type Json, type JsonObject } from '../../base/canonical-json.js';
import {
  type Check,
  count,
  listOf,
  mapOf,
  matching,
  number,
  objectOf,
  oneOf,
  optional,
  orNull,
  text,
  unchecked,
} from '../../base/checks.js';
import { PlanError } from '../../base/errors.js';
import { checked, parseJson, readText } from '../../base/json-file.js';
import { segmentsOf } from '../../net/cuts.js';
import { type IdentityContent, numericsVersion } from '../plan/identity.js';
import type { Plan } from '../plan/plan.js';
import {
  families,
  type Family,
  type ReadBase,
  type SizeOf,
  type StudyFacts,
  type TaskLabels,
} from '../results/types.js';
import type { NetworkRole } from '../network-name.js';
import type { PretrainedBases } from '../study.js';
import type { TaskName } from '../tasks.js';
import { treatmentKinds } from '../treatments.js';

/** A network as plan.json lists it. */
export interface PlanEntry extends NetworkRole {
  readonly name: string;
  readonly family: Family;
  readonly split: string;
  readonly repeat: number;
  readonly requires: string | null;
  readonly identity: string;
  readonly content: IdentityContent;
  /** Where its target has a size of its own. */
  readonly sizeOf?: SizeOf;
  /** Name in the study it was imported from; left out if it was not imported. */
  readonly originalName?: string;
}

/** Content of plan.json. */
export interface PlanFile {
  readonly schema: 'selffer.plan/1';
  readonly numericsVersion: number;
  readonly study: StudyFacts;
  readonly networks: readonly PlanEntry[];
  /** Networks of earlier plans whose runs are still in the folder. */
  readonly earlier: readonly PlanEntry[];
  /** Files of decoded images that the plan was made of; left out for imported studies. They are
   *  places, not part of any identity. */
  readonly stores?: readonly string[];
  /** Large parts of identities by hash. */
  readonly parts: Readonly<Record<string, Json>>;
}

const PLAN_SCHEMA = 'selffer.plan/1';

// A network's files lie in the folder of its name: none that leads out of the study's.
const nameCheck = matching('a name such as split0/A3B+', /^(?!\.)[^/\\\0]+(\/(?!\.)[^/\\\0]+)*$/);

const planEntryCheck: Check<PlanEntry> = objectOf<PlanEntry>({
  name: nameCheck,
  family: oneOf(...families),
  split: text,
  repeat: count,
  treatment: oneOf(...treatmentKinds),
  source: orNull(text as Check<TaskName>),
  target: text as Check<TaskName>,
  n: count,
  ordinal: optional(count),
  rate: optional(number),
  requires: orNull(text),
  identity: text,
  content: mapOf(unchecked<Json>()),
  sizeOf: optional(objectOf<SizeOf>({ family: oneOf(...families), split: text })),
  originalName: optional(text),
});

const planFileCheck: Check<PlanFile> = objectOf<PlanFile>({
  schema: oneOf('selffer.plan/1'),
  numericsVersion: count,
  study: objectOf<StudyFacts>({
    name: text,
    weightLayers: count,
    segmentNames: optional(listOf(text)),
    statistic: oneOf('final', 'top10'),
    frozenStatistics: optional(oneOf('target')),
    rates: optional(listOf(number)),
    selection: optional(number),
    taskLabels: optional(mapOf(mapOf(text)) as Check<TaskLabels>),
    tests: optional(mapOf(text)),
    readBases: optional(
      mapOf(
        objectOf<ReadBase>({ file: text, weights: text, classes: count, hasSeen: listOf(text) }),
      ),
    ),
  }),
  networks: listOf(planEntryCheck),
  earlier: listOf(planEntryCheck),
  stores: optional(listOf(text)),
  parts: mapOf(unchecked<Json>()),
});

const HINT =
  'Run the study again into this folder (selffer run STUDY.yaml --out DIR): plan.json is written anew, and what is trained stays.';

/** Where plan.json of a study's folder lies. */
export function planPath(directory: string): string {
  return join(directory, 'plan.json');
}

/** plan.json of a study's folder; null if there is none.
 *  @throws RunStoreError if it is damaged, PlanError if it is of another version */
export function readPlanFile(directory: string): PlanFile | null {
  const path = planPath(directory);
  const content = readText(path, HINT);
  if (content === null) return null;
  const value = parseJson(path, content, HINT);
  const schema = (value as { readonly schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && /^selffer\.plan\//.test(schema) && schema !== PLAN_SCHEMA) {
    throw new PlanError(`${path}: found schema ${JSON.stringify(schema)}, wanted ${PLAN_SCHEMA}`, {
      hint: 'The folder is of another version of Selffer; give another --out.',
    });
  }
  return checked(path, value, planFileCheck, HINT);
}

/** Facts of a study that results need. */
export function studyFacts({ study, weightLayers, taskLabels, networks }: Plan): StudyFacts {
  const segments = segmentsOf(study.network);
  const isChain = segments.every((segment) => segment.weightLayers.length === 1);
  return {
    name: study.name,
    weightLayers,
    ...(isChain ? {} : { segmentNames: segments.map(({ name }) => name) }),
    statistic: study.statistic,
    ...(study.frozenStatistics === undefined ? {} : { frozenStatistics: study.frozenStatistics }),
    ...(study.solver.rates === undefined ? {} : { rates: study.solver.rates }),
    ...(study.selection === undefined ? {} : { selection: study.selection.share }),
    ...(Object.keys(taskLabels).length === 0 ? {} : { taskLabels }),
    ...(study.bases === undefined ? {} : { readBases: readBases(study.bases) }),
    ...(study.tests === undefined ? {} : { tests: testHashes(networks) }),
  };
}

function testHashes(networks: Plan['networks']): NonNullable<StudyFacts['tests']> {
  const entries = networks.flatMap(({ tests = {} }) =>
    Object.entries(tests).flatMap(([name, { part, data }]) =>
      part === 'selection' ? [] : [[name, data] as const],
    ),
  );
  return Object.fromEntries(entries);
}

function readBases(bases: PretrainedBases): NonNullable<StudyFacts['readBases']> {
  return Object.fromEntries(
    Object.entries(bases).map(([task, { file, weights, classes, hasSeen }]) => [
      task,
      { file: basename(file), weights, classes, hasSeen },
    ]),
  );
}

/** Writes plan.json; `earlier` are networks that are not in the plan but in the folder. */
export function writePlanFile(
  directory: string,
  plan: Plan,
  earlier: readonly PlanEntry[],
  earlierParts: Readonly<Record<string, Json>>,
): void {
  const parts: Record<string, Json> = {};
  for (const [hash, value] of plan.parts) parts[hash] = value;
  for (const hash of earlier.flatMap(({ content }) => referenced(content))) {
    const value = earlierParts[hash];
    if (value !== undefined) parts[hash] = value;
  }
  const networks = plan.networks.map(planEntry);
  const stores = [...new Set(plan.networks.map(({ task }) => task.store))].sort();
  savePlanFile(directory, { study: studyFacts(plan), stores, networks, earlier, parts });
}

/** Writes plan.json as given, under this version's schema. */
export function savePlanFile(
  directory: string,
  content: Omit<PlanFile, 'schema' | 'numericsVersion'>,
): void {
  const file: PlanFile = { schema: 'selffer.plan/1', numericsVersion, ...content };
  writeFileAtomic(planPath(directory), planText(file));
}

/** The part of a planned network that plan.json keeps. */
function planEntry(network: PlanEntry): PlanEntry {
  const { name, family, split, repeat, treatment, source, target, n, ordinal, rate } = network;
  const { requires, identity, content, sizeOf } = network;
  return {
    ...{ name, family, split, repeat, treatment, source, target, n },
    ...(ordinal === undefined ? {} : { ordinal }),
    ...(rate === undefined ? {} : { rate }),
    ...{ requires, identity, content },
    ...(sizeOf === undefined ? {} : { sizeOf }),
  };
}

/** The object that a reference `{"part": hash}` in an identity stands for; null if it is none or
 *  its part is not there. */
export function planPart(reference: Json | undefined, parts: PlanFile['parts']): JsonObject | null {
  const hash = isJsonObject(reference) ? reference['part'] : undefined;
  const value = typeof hash === 'string' ? parts[hash] : undefined;
  return isJsonObject(value) ? value : null;
}

// One line a network and a part: large, but to be read and compared by people too.
function planText({ networks, earlier, parts, ...head }: PlanFile): string {
  const list = (entries: readonly PlanEntry[]): string =>
    `[${entries.map((entry) => `\n    ${JSON.stringify(entry)}`).join(',')}\n  ]`;
  const members = Object.entries(parts).map(
    ([hash, value]) => `\n    ${JSON.stringify(hash)}: ${JSON.stringify(value)}`,
  );
  const headText = JSON.stringify(head, null, 2).slice(0, -2);
  return `${headText},\n  "networks": ${list(networks)},\n  "earlier": ${list(earlier)},\n  "parts": {${members.join(',')}\n  }\n}\n`;
}

function referenced(content: IdentityContent): readonly string[] {
  return Object.values(content).flatMap((value) => {
    const part =
      value !== null && typeof value === 'object' ? (value as { part?: Json }).part : null;
    return typeof part === 'string' ? [part] : [];
  });
}
