// The command that is tested, and how it is run: as a user would.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../../bin/selffer.js', import.meta.url));

/** Runs `selffer` with one thread. @returns its standard output
 *  @throws Error with what it said unless it ended well */
export async function selffer(...args: readonly string[]): Promise<string> {
  const computes = ['run', 'advise', 'predict'].includes(args[0] ?? '');
  const threads = computes ? ['--threads', '1'] : [];
  const child = spawn(process.execPath, [command, ...args, ...threads], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A study in which a network is dead ends with 1: what copies it is not trained.
  if (status === 0 || (status === 1 && args[0] === 'run')) return stdout;
  throw new Error(`selffer ${args.slice(0, 3).join(' ')} ended with ${status}: ${stderr}${stdout}`);
}
