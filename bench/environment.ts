// What must stand beside every measured number: where, when and with which command it was measured.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';

/** Date, command, machine, versions. `loadAverage` is that of the last minute, now: ask before
 *  measuring. */
export function describeEnvironment(script: string, threads: number) {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  return {
    date: new Date().toISOString().slice(0, 16),
    command: `npm run ${script} -- ${process.argv.slice(2).join(' ')}`.trim(),
    machine: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    loadAverage: loadavg()[0] as number,
    node: process.version,
    commit:
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ' + changes' : ''),
    threads,
  };
}
