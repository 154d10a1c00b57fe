import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { orSilence } from './silence.js';

test('work that settles is what it is', async () => {
  const failure = () => new Error('silent');
  expect(await orSilence(Promise.resolve(3), failure)).toBe(3);
  await expect(orSilence(Promise.reject(new Error('own')), failure)).rejects.toThrow('own');
  expect(process.listenerCount('beforeExit')).toBeLessThan(5);
});

test('work that never settles fails when there is nothing left to do', () => {
  const module = fileURLToPath(new URL('../../dist/base/silence.js', import.meta.url));
  const script = `import { orSilence } from ${JSON.stringify(module)};
    await orSilence(new Promise(() => {}), () => new Error('silent')).catch((error) => {
      console.log(error.message);
      process.exitCode = 5;
    });`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect([ended.status, ended.stdout.toString()]).toEqual([5, 'silent\n']);
});
