// Whole trainings as processes of their own: `selffer run`, and the peer's script.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Options } from './options.js';
import { root, studyFile } from './prepare.js';

/** Runs a command to its end.
 *  @returns seconds from start to end
 *  @throws Error unless its status is one of `allowed` */
export async function runToEnd(
  command: readonly string[],
  options: { readonly threads: number; readonly allowed: readonly number[] },
): Promise<number> {
  const [program = '', ...args] = command;
  const started = performance.now();
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(options.threads) },
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  if (status === null || !options.allowed.includes(status)) {
    throw new Error(`${command.join(' ')} ended with status ${String(status)}`);
  }
  return (performance.now() - started) / 1000;
}

/** `selffer run` of the study in a variant: (fp32|bf16)[-exact]. */
export function ourCommand(
  options: Options,
  variant: string,
  out: string,
  only: readonly string[],
): readonly string[] {
  const settings = [...options.settings, `precision=${variant.split('-')[0] ?? ''}`];
  return [
    process.execPath,
    join(root, 'bin/selffer.js'),
    'run',
    studyFile,
    '--json',
    ...['--out', out, '--executor', 'onednn', '--threads', String(options.threads)],
    ...settings.flatMap((setting) => ['--set', setting]),
    ...only.flatMap((name) => ['--only', name]),
    ...(variant.endsWith('-exact') ? ['--exact'] : []),
  ];
}

/** The peer's script, training whole networks. */
export function peerCommand(
  options: Options,
  variant: string,
  input: string,
  out: string,
  only: readonly string[],
): readonly string[] {
  return [
    options.python,
    join(root, 'bench/peers/torch_study.py'),
    'train',
    ...['--study', input, '--variant', variant, '--threads', String(options.threads)],
    ...['--out', out],
    ...(only.length > 0 ? ['--only', ...only] : []),
  ];
}
