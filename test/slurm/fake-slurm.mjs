// Slurm's commands as far as Selffer calls them, over a queue in a file: `fake-slurm.mjs COMMAND
// ARGUMENTS`. $FAKE_SLURM names a folder with queue.json and, where a command shall lie,
// faults.json: a list of {command, times, ...} of which the first that fits is taken each time:
//   status, stderr   what it says instead of an answer; `after`: it did its work all the same
//   hangMs           it answers late
//   print            what it prints instead of its answer
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [command, ...args] = process.argv.slice(2);
const folder = process.env.FAKE_SLURM;
const path = (name) => join(folder, name);
const read = (name, fallback) =>
  existsSync(path(name)) ? JSON.parse(readFileSync(path(name), 'utf8')) : fallback;
const write = (name, value) => {
  writeFileSync(path(`${name}.${process.pid}`), JSON.stringify(value));
  renameSync(path(`${name}.${process.pid}`), path(name));
};
const queue = read('queue.json', { next: 101, jobs: [] });
const option = (name) =>
  args.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3) ?? null;
const idOf = ({ job, index }) => (index === null ? `${job}` : `${job}_${index}`);
const isOf = (job, id) => id === String(job.job) || id === idOf(job);

const commands = {
  sbatch() {
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
  squeue() {
    const [name, jobs] = [option('name'), option('jobs')];
    const lines = queue.jobs
      .filter((job) => (name === null || job.name === name) && (jobs === null || isOf(job, jobs)))
      .map((job) => {
        const index = job.index ?? 'N/A';
        const fields = { F: job.job, K: index, T: job.state, k: job.comment, N: job.node };
        return option('format').replace(/%(\w)/g, (_, letter) => fields[letter] ?? job.reason);
      });
    return lines.map((line) => `${line}\n`).join('');
  },
  scancel() {
    const ids = args.filter((each) => /^\d/.test(each));
    for (const job of queue.jobs.filter((each) => ids.some((id) => isOf(each, id)))) {
      if (option('state') !== null && job.state !== option('state')) continue;
      if (option('signal') !== null) job.signal = option('signal');
      else job.state = 'CANCELLED';
    }
    return '';
  },
  scontrol() {
    if (args[0] === 'show') return 'Configuration data\nMaxArraySize            = 1001\n';
    if (args[0] !== 'requeue') return '';
    const job = queue.jobs.find((each) => isOf(each, args[1]));
    Object.assign(job, { state: 'PENDING', reason: 'BeginTime', node: '', starts: job.starts + 1 });
    return '';
  },
  sacct() {
    const ids = (option('jobs') ?? '').split(',');
    const known = queue.jobs.filter((job) => ids.some((id) => isOf(job, id)));
    return known.map((job) => `${idOf(job)}|${job.state}\n`).join('');
  },
};

appendFileSync(path('calls.jsonl'), `${JSON.stringify([command, ...args])}\n`);
const faults = read('faults.json', []);
const fault = faults.find((each) => each.command === command && each.times > 0);
if (fault !== undefined) {
  fault.times -= 1;
  write('faults.json', faults);
  if (fault.hangMs) await new Promise((done) => setTimeout(done, fault.hangMs));
}
const isDone = fault === undefined || fault.after === true || fault.hangMs !== undefined;
const answer = isDone ? commands[command]() : '';
if (isDone) write('queue.json', queue);
if (fault === undefined || fault.hangMs !== undefined) process.stdout.write(answer);
else {
  process.stdout.write(fault.print ?? '');
  process.stderr.write(fault.stderr ?? '');
  process.exitCode = fault.status ?? 0;
}
