// A kernel that refuses to make written memory executable, for real: prctl(PR_SET_MDWE) of Linux
// 6.3 makes this one do so for a process of ours.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const script = `
import koffi from 'koffi';
import { openMpTeam } from './dist/executors/onednn/openmp.js';
import { measureLoops } from './dist/executors/onednn/peak/measure.js';
import { processorFlags } from './dist/executors/onednn/peak/processor.js';
const setting = { threads: 1, team: openMpTeam(), flags: processorFlags(), hasTiles: false };
const free = measureLoops('fp32', setting);
const prctl = koffi.load(null).func('prctl', 'int', ['int', 'ulong', 'ulong', 'ulong', 'ulong']);
const isRefusing = prctl(65, 1, 0, 0, 0) === 0;
console.log(JSON.stringify({ free, isRefusing, refused: measureLoops('fp32', setting) }));
`;

test.skipIf(process.platform !== 'linux')('a profile says that the kernel refuses', ({ skip }) => {
  // Without a just-in-time compiler of its own, which the kernel would refuse as well.
  const args = ['--jitless', '--input-type=module', '--eval', script];
  const options = { cwd: fileURLToPath(root), encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  expect(status, stderr).toBe(0);
  const { free, isRefusing, refused } = JSON.parse(stdout);
  if ('unavailable' in free) return skip(free.unavailable);
  if (!isRefusing) return skip('this kernel has no PR_SET_MDWE');
  expect(refused).toEqual({
    unavailable: 'the kernel refuses to make memory executable (mprotect: EACCES)',
  });
});
