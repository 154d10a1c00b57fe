// The study's time from its parts: in every round each subject trains every part for a few
// iterations, so that drift of the machine's speed falls on all of them.
import { join } from 'node:path';
import { describeEnvironment } from '../environment.js';
import type { Options } from './options.js';
import { preparePlan, writePeerInput } from './prepare.js';
import { ourSubject, peerSubject, type Subject } from './subjects.js';
import { type PartTimes, type StudyLength, studySeconds } from './sums.js';
import { type SubjectSeconds, summarise, writeOut } from './table.js';

/** What a subject gave, round by round. */
interface Record {
  readonly subject: Subject;
  readonly rounds: (ReadonlyMap<string, PartTimes> | null)[];
  engine: string;
  refusal: string | null;
}

/** Times, prints and writes the comparison. */
export async function timeParts(options: Options, scratch: string): Promise<void> {
  const environment = describeEnvironment('bench:study', options.threads);
  const plan = await preparePlan(options.settings);
  const [first] = plan.networks;
  if (!first) throw new Error('the study has no networks');
  const { iterations, testEvery } = first.schedule;
  const length: StudyLength = { iterations, tests: Math.ceil(iterations / testEvery) };
  const input = join(scratch, 'peer');
  await writePeerInput(plan, input);
  const { python, threads } = options;
  const records = [
    ...options.ours.map((variant) =>
      ourSubject(plan, variant, join(scratch, `ours-${variant}`), threads),
    ),
    ...options.peers.map((variant) => peerSubject(plan, variant, { python, input, threads })),
  ].map((subject): Record => ({ subject, rounds: [], engine: '', refusal: null }));
  const { iterations: timed, warmUp } = options.effort;
  console.log(
    `${plan.networks.length} networks, ${length.iterations} iterations and ${length.tests} tests each. Computed, not run to the end: seconds of a ` +
      `study = sum over its parts (ours: gangs; PyTorch: networks) of median iteration x ${length.iterations} + one test x ${length.tests}, ` +
      `of ${timed} iterations after ${warmUp} of warm-up in each of ${options.rounds} rounds. Start, compilation and files are left out (--full has them).`,
  );
  try {
    for (let round = 0; round < options.rounds; round++) {
      for (const record of records.filter(({ refusal }) => refusal === null)) {
        await measureRound(record, options, round);
      }
    }
  } finally {
    for (const { subject } of records) subject.end();
  }
  const subjects = records
    .filter(({ refusal }) => refusal === null)
    .map(({ subject, engine, rounds }): SubjectSeconds => {
      const seconds = (total: keyof Subject['totals']): number[] =>
        rounds.map((measured) =>
          studySeconds(subject.totals[total], length, measured as ReadonlyMap<string, PartTimes>),
        );
      const { name, precision, isOurs } = subject;
      return {
        name,
        precision,
        isOurs,
        engine,
        study: seconds('study'),
        frozen: seconds('frozen'),
      };
    });
  const refused = records.filter(({ refusal }) => refusal !== null);
  writeOut(options.out, summarise(subjects), {
    environment,
    length,
    effort: options.effort,
    subjects,
    refused: refused.map(({ subject, refusal }) => ({ name: subject.name, refusal })),
    parts: records.map(({ subject, rounds }) => ({
      name: subject.name,
      totals: subject.totals,
      rounds: rounds.map((measured) => Object.fromEntries(measured ?? [])),
    })),
  });
}

/** One subject's turn. A subject that refuses is left out from then on and said to be. */
async function measureRound(record: Record, options: Options, round: number): Promise<void> {
  const { subject } = record;
  const started = performance.now();
  const measured = new Map<string, PartTimes>();
  try {
    for (const part of subject.parts) {
      const answer = await subject.measure(part, options.effort);
      record.engine = answer.engine;
      measured.set(part, answer);
    }
  } catch (error) {
    record.refusal = error instanceof Error ? error.message : String(error);
    console.log(`left out: ${record.refusal}`);
    return;
  }
  record.rounds.push(measured);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`round ${round + 1} of ${options.rounds}: ${subject.name} took ${seconds} s`);
}
