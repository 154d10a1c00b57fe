// What a folder holds for the page: a study with its plan, or the results of one alone.
import { SelfferError } from '../base/errors.js';
import { readText } from '../base/json-file.js';
import { segmentsOf } from '../net/cuts.js';
import { stampOf } from '../runs/view.js';
import { join } from 'node:path';
import { readWrittenNetwork } from '../study/plan/read-canonical.js';
import type { ResultsInput } from '../study/results/build.js';
import { parseResults } from '../study/results/parse.js';
import type { StudyFacts } from '../study/results/types.js';
import type { StudyFolder } from '../study/run/folder.js';
import { type PlanFile, planPart } from '../study/store/plan-file.js';
import { type TreatmentKind, treatmentKinds, treatments } from '../study/treatments.js';
import type { StudyState } from './api.js';

/** A study's folder, as far as it could be read. */
export type StudySource =
  | { readonly kind: 'plan'; readonly plan: PlanFile }
  | { readonly kind: 'results'; readonly input: ResultsInput; readonly stamp: string | null };

/** More segments than any network has; the page draws a column for each. */
const MOST_SEGMENTS = 2000;

/** Reads what has changed since `before`. @throws SelfferError saying what is wrong */
export function readSource(folder: StudyFolder, before: StudySource | null): StudySource {
  const plan = folder.plan();
  if (plan !== null) {
    if (before?.kind === 'plan' && before.plan === plan) return before;
    checkSize(plan.study);
    return { kind: 'plan', plan };
  }
  const path = join(folder.directory, 'results.json');
  const stamp = stampOf(path);
  if (before?.kind === 'results' && before.stamp === stamp) return before;
  const hint = 'Give the folder that `selffer run` wrote (--out, or ./<study name>).';
  const text = readText(path, hint);
  if (text === null) throw new SelfferError('run-store', 'found no plan.json', { hint });
  const input = parseResults(text, path);
  checkSize(input.study);
  return { kind: 'results', input, stamp };
}

function checkSize({ weightLayers }: StudyFacts): void {
  if (weightLayers <= MOST_SEGMENTS) return;
  const message = `found a network of ${weightLayers} segments, wanted at most ${MOST_SEGMENTS}`;
  throw new SelfferError('run-store', message);
}

/** What the page says of a study besides its networks. */
export function studyHead(
  source: StudySource,
): Pick<StudyState, 'name' | 'layers' | 'cutNames' | 'treatments'> {
  const isPlan = source.kind === 'plan';
  const facts = isPlan ? source.plan.study : source.input.study;
  const networks = isPlan ? source.plan.networks : source.input.networks;
  const used = new Set<TreatmentKind>(networks.map(({ treatment }) => treatment));
  return {
    name: facts.name,
    layers: facts.weightLayers,
    cutNames: cutNames(source, facts),
    treatments: treatmentKinds
      .filter((kind) => used.has(kind))
      .map((name) => {
        const { label, meaning } = treatments[name];
        return { name, label, description: meaning };
      }),
  };
}

function cutNames(source: StudySource, facts: StudyFacts): readonly string[] {
  const names = facts.segmentNames ?? segmentNamesOf(source);
  return Array.from({ length: facts.weightLayers }, (_, at) => names[at] ?? `layer ${at + 1}`);
}

function segmentNamesOf(source: StudySource): readonly string[] {
  if (source.kind !== 'plan') return [];
  const { networks, parts } = source.plan;
  const written = planPart(networks[0]?.content['network'], parts);
  try {
    return written === null ? [] : segmentsOf(readWrittenNetwork(written)).map(({ name }) => name);
  } catch {
    // Imported, of another version, or not one at all: numbers will do.
    return [];
  }
}
