// The comparison as a table, and as files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../median.js';
import { ratioOf } from './sums.js';

/** Seconds of a study, round by round. */
export interface SubjectSeconds {
  readonly name: string;
  readonly precision: 'fp32' | 'bf16';
  readonly isOurs: boolean;
  readonly engine: string;
  readonly study: readonly number[];
  /** The study's BnB and AnB networks alone. */
  readonly frozen: readonly number[];
}

/** Markdown: a row a subject, with its ratio to each of ours; then ours against the fastest peer of
 *  equal precision. */
export function summarise(subjects: readonly SubjectSeconds[]): string {
  const ours = subjects.filter(({ isOurs }) => isOurs);
  const lines: string[] = [];
  for (const total of ['study', 'frozen'] as const) {
    const heads = ours.map(({ name }) => `x of ${name}`);
    lines.push(
      '',
      total === 'study' ? '## Whole study' : '## Frozen networks alone (BnB, AnB)',
      '',
      `| subject | engine | median s | min s | ${heads.join(' | ')} |`,
      `| --- | --- | --- | --- | ${heads.map(() => '---').join(' | ')} |`,
    );
    for (const subject of subjects) {
      const seconds = subject[total];
      const ratios = ours.map((own) => ratioOf(seconds, own[total]).toFixed(2));
      const times = `${median(seconds).toFixed(1)} | ${Math.min(...seconds).toFixed(1)}`;
      lines.push(`| ${subject.name} | ${subject.engine} | ${times} | ${ratios.join(' | ')} |`);
    }
    lines.push('', ...ours.flatMap((own) => againstFastest(own, subjects, total)));
  }
  return `${lines.join('\n').trim()}\n`;
}

function againstFastest(
  own: SubjectSeconds,
  subjects: readonly SubjectSeconds[],
  total: 'study' | 'frozen',
): string[] {
  const peers = subjects.filter(({ isOurs, precision }) => !isOurs && precision === own.precision);
  const [fastest] = peers.toSorted((a, b) => median(a[total]) - median(b[total]));
  if (!fastest) return [];
  const ratio = ratioOf(fastest[total], own[total]).toFixed(2);
  return [
    `${own.name}: ${ratio} times as fast as ${fastest.name}, the fastest measured of equal precision.`,
  ];
}

/** Prints the table; with a folder, writes result.json and table.md. */
export function writeOut(
  folder: string | null,
  table: string,
  result: { readonly environment: object; readonly [key: string]: unknown },
): void {
  const environment = Object.entries(result.environment).map(
    ([key, value]) => `- ${key}: ${String(value)}`,
  );
  const text = `${table}\n${environment.join('\n')}\n`;
  console.log(`\n${text}`);
  if (folder === null) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, null, 1)}\n`);
  writeFileSync(join(folder, 'table.md'), text);
}
