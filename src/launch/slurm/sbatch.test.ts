import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { UsageError } from '../../base/errors.js';
import { extraOptions, jobScript, quoted, sbatchArguments } from './sbatch.js';

const request = {
  ...{ jobName: 'selffer-0123456789ab', tag: '20261127-171835-9f3c', part: 4, tasks: 3 },
  ...{ after: ['12_0', '9_7'], logs: '/s/%A_%a.log', directory: '/home/a b/s', pauseSeconds: 0 },
};

test('an array asks for what the settings say', () => {
  const args = sbatchArguments(request, {
    ...{ partition: 'long', time: '4:00:00', cpusPerTask: 4, mem: '16G', gres: 'gpu:1' },
    ...{ arrayLimit: 2, saveBefore: 60, sbatch: ['--exclude=n7 --mail-type="END,FAIL"'] },
  });
  expect(args).toEqual([
    '--parsable',
    '--job-name=selffer-0123456789ab',
    '--comment=selffer:20261127-171835-9f3c:4',
    '--array=0-2%2',
    '--dependency=afterany:12_0:9_7',
    ...['--nodes=1', '--ntasks=1', '--chdir=/home/a b/s', '--output=/s/%A_%a.log'],
    ...['--open-mode=append', '--requeue', '--signal=B:USR2@60', '--partition=long'],
    ...['--gres=gpu:1', '--time=4:00:00', '--cpus-per-task=4', '--mem=16G'],
    ...['--exclude=n7', '--mail-type=END,FAIL'],
  ]);
});

test('what is tried again starts after a pause, and its report is not delayed by it', () => {
  const late = { ...request, pauseSeconds: 60 };
  expect(sbatchArguments(late, {})).toContain('--begin=now+60');
  expect(sbatchArguments({ ...late, part: 'finish' }, {}).join()).not.toContain('--begin');
});

test('the job that finishes is no array, needs one processor and no card', () => {
  const args = sbatchArguments({ ...request, part: 'finish' }, { cpusPerTask: 8, gres: 'gpu:1' });
  expect(args).toContain('--cpus-per-task=1');
  expect(args.filter((each) => /array|signal|gres/.test(each))).toEqual([]);
});

test.each(['--array=1', '-a 0-3', '--dependency=afterok:1', '--wrap=ls', '-Jmine', '--no-requeue'])(
  '%s is for selffer to set',
  (text) => {
    expect(() => extraOptions([text])).toThrow(UsageError);
  },
);

test('a word of a shell stays one word, whatever is in it', () => {
  const words = ["it's", 'a b', '$HOME', '', 'x;y', '"quoted"', '`date`', 'ü', 'line\nbreak'];
  const said = execFileSync('bash', ['-c', `printf '%s\\0' ${words.map(quoted).join(' ')}`]);
  expect(said.toString().split('\0').slice(0, -1)).toEqual(words);
});

test('the script has the lines of setup, the variables, and Node in the place of the shell', () => {
  const settings = { cpusPerTask: 8, setup: ['module load node'], stage: '/scratch' };
  const setting = {
    node: '/opt/node',
    taskScript: '/p/task.js',
    environment: { SELFFER_A: "x'y" },
  };
  const script = jobScript(request, ['--parsable'], setting, settings);
  expect(script.split('\n').slice(2)).toEqual([
    '# sbatch --parsable',
    'export UV_THREADPOOL_SIZE=8',
    String.raw`export SELFFER_A='x'\''y'`,
    'module load node',
    "exec /opt/node /p/task.js '/home/a b/s' 20261127-171835-9f3c 4 /scratch",
    '',
  ]);
});
