// The tables of `run --profile`.
import type { GangEntry, UsageSum } from './usage-log.js';
import { sumOf } from './usage-log.js';
import { formatSize } from './quantities.js';

/** A table for each gang, and one for all if there are several. */
export function profileText(gangs: readonly GangEntry[]): string {
  const tables = gangs.map((gang) => [...table(gang.gang, sumOf([gang])), ...notes([gang])]);
  if (gangs.length > 1) tables.push([...table('all gangs', sumOf(gangs)), ...notes(gangs)]);
  return tables.map((lines) => lines.join('\n')).join('\n\n');
}

function table(title: string, { seconds, train }: UsageSum): string[] {
  const inOps = train.rows.reduce((sum, { timeMs }) => sum + timeMs, 0) / 1000;
  const share = (part: number): string =>
    seconds.total > 0 ? `${((100 * part) / seconds.total).toFixed(1)} %` : '';
  const line = (name: string, part: number, calls = ''): string =>
    `  ${name.padEnd(34)}${calls.padStart(9)}${part.toFixed(2).padStart(10)} s${share(part).padStart(9)}`;
  const isTimed = train.rows.length > 0;
  return [
    `${title}: ${seconds.total.toFixed(2)} s since the first iteration`,
    ...train.rows.map(({ op, calls, timeMs }) => line(op, timeMs / 1000, String(calls))),
    line(isTimed ? 'between the ops of training' : 'training', seconds.training - inOps),
    line('evaluation', seconds.evaluation),
    line('waiting for data', seconds.data),
    line('checkpoints, weights, audits', seconds.saving),
    line('other JavaScript', seconds.other),
  ];
}

function notes(gangs: readonly GangEntry[]): string[] {
  const { seconds, train, peakFlops } = sumOf(gangs);
  const lines: string[] = [];
  if (peakFlops !== null && seconds.training > 0) {
    const rate = giga(train.flops / seconds.training);
    const peak = giga(peakFlops / seconds.training);
    const part = ((100 * train.flops) / peakFlops).toFixed(1);
    lines.push(
      `  arithmetic in training ${rate} GFLOP/s: ${part} % of ${peak}, the best matrix product measured in the same process`,
      '  (convolutions and inner products counted as direct, without padding; Winograd does less, so more than 100 % is possible)',
    );
  } else {
    lines.push('  share of the peak: this executor tells no times');
  }
  const ratios = gangs.flatMap(({ arenaBytes, peakLiveBytes }) =>
    peakLiveBytes === undefined || peakLiveBytes === 0 ? [] : [arenaBytes / peakLiveBytes],
  );
  if (ratios.length > 0) {
    const arena = formatSize(Math.max(...gangs.map(({ arenaBytes }) => arenaBytes)));
    lines.push(
      `  arena ${arena}, ${Math.max(...ratios).toFixed(3)} times the values alive at once; loader threads: ${gangs.at(-1)?.loaders}`,
    );
  }
  return lines;
}

function giga(flopsPerSecond: number): string {
  return (flopsPerSecond / 1e9).toPrecision(3);
}
