// Slurm's commands as far as Selffer calls them, over a queue in a file: as a program
// (`fake-slurm.mjs COMMAND ARGUMENTS`, with $FAKE_SLURM as its folder) or as a function. The folder
// has queue.json and, where a command shall lie, faults.json: a list of {command, times, ...} of
// which the first that fits is taken each time:
//   status, stderr   what it says instead of an answer; `after`: it did its work all the same
//   hangMs           it answers late
//   print            what it prints instead of its answer
// limit.json: the most jobs that an account may have in the queue; no file: any number.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const idOf = ({ job, index }) => (index === null ? `${job}` : `${job}_${index}`);
const isOf = (job, id) => id === String(job.job) || id === idOf(job);

/** What a command says, over the queue in `folder`: {status, stdout, stderr}. */
export async function answer(folder, command, args) {
  const path = (name) => join(folder, name);
  const read = (name, fallback) =>
    existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : fallback;
  const write = (name, value) => {
    writeFileSync(path(`${name}.${process.pid}`), JSON.stringify(value));
    renameSync(path(`${name}.${process.pid}`), path(name));
  };
  appendFileSync(path('calls.jsonl'), `${JSON.stringify([command, ...args])}\n`);
  const faults = read('faults.json', []);
  const fault = faults.find((each) => each.command === command && each.times > 0);
  if (fault !== undefined) {
    fault.times -= 1;
    write('faults.json', faults);
    if (fault.hangMs) await new Promise((done) => setTimeout(done, fault.hangMs));
  }
  const isHeard = fault === undefined || fault.after === true || fault.hangMs !== undefined;
  const queue = read('queue.json', { next: 101, jobs: [] });
  const most = read('limit.json', Infinity);
  if (isHeard && command === 'sbatch' && waiting(queue).length + tasksOf(args) > most) {
    return { status: 1, stdout: '', stderr: LIMIT };
  }
  const stdout = isHeard ? commands[command](queue, args, optionOf(args)) : '';
  if (isHeard) write('queue.json', queue);
  if (fault === undefined || fault.hangMs !== undefined) return { status: 0, stdout, stderr: '' };
  const { status = 0, stderr = '', print = '' } = fault;
  return { status, stderr, stdout: print };
}

const optionOf = (args) => (name) =>
  args.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;

// As Slurm 22.05 says it.
const LIMIT = `sbatch: error: AssocMaxSubmitJobLimit
sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`;
const waiting = ({ jobs }) => jobs.filter(({ state }) => /^(PENDING|RUNNING)$/.test(state));
const tasksOf = (args) => Number(/^0-(\d+)/.exec(optionOf(args)('array') ?? '0-0')[1]) + 1;

const commands = {
  sbatch(queue, args, option) {
    const job = queue.next;
    queue.next += 1;
    const [, last] = /^0-(\d+)/.exec(option('array') ?? '') ?? [];
    const indices =
      last === undefined ? [null] : Array.from({ length: Number(last) + 1 }, (_, i) => i);
    for (const index of indices) {
      queue.jobs.push({
        ...{ job, index, state: 'PENDING', reason: 'Priority', node: '', starts: 0, args },
        name: option('job-name'),
        comment: option('comment'),
        after: option('dependency')?.replace('afterany:', '').split(':') ?? [],
        script: args.at(-1),
      });
    }
    return `${job}\n`;
  },
  squeue({ jobs }, args, option) {
    const [name, id] = [option('name'), option('jobs')];
    const lines = jobs
      .filter((job) => (name === null || job.name === name) && (id === null || isOf(job, id)))
      .map((job) => {
        const index = job.index ?? 'N/A';
        const fields = { F: job.job, K: index, T: job.state, k: job.comment, N: job.node };
        return option('format').replace(/%(\w)/g, (_, letter) => fields[letter] ?? job.reason);
      });
    return lines.map((line) => `${line}\n`).join('');
  },
  scancel({ jobs }, args, option) {
    const ids = args.filter((each) => /^\d/.test(each));
    for (const job of jobs.filter((each) => ids.some((id) => isOf(each, id)))) {
      if (option('state') !== null && job.state !== option('state')) continue;
      if (option('signal') !== null) job.signal = option('signal');
      else job.state = 'CANCELLED';
    }
    return '';
  },
  scontrol({ jobs }, args) {
    if (args[0] === 'show') return 'Configuration data\nMaxArraySize            = 1001\n';
    if (args[0] !== 'requeue') return '';
    const job = jobs.find((each) => isOf(each, args[1]));
    Object.assign(job, { state: 'PENDING', reason: 'BeginTime', node: '', starts: job.starts + 1 });
    return '';
  },
  sacct({ jobs }, args, option) {
    const ids = (option('jobs') ?? '').split(',');
    const known = jobs.filter((job) => ids.some((id) => isOf(job, id)));
    return known.map((job) => `${idOf(job)}|${job.state}|${job.exit ?? '0:0'}\n`).join('');
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [command, ...args] = process.argv.slice(2);
  const { status, stdout, stderr } = await answer(process.env.FAKE_SLURM, command, args);
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status;
}
