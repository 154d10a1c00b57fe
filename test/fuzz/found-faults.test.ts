// Inputs that once made raw errors, hangs or worse: each is read, or refused by an error of ours
// with exit status 2.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const cases = fileURLToPath(new URL('../../../shared/cases/faults', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'selffer-found-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Reader {
  read(folder: string, scratch: string): unknown;
}
const path = fileURLToPath(new URL('readers.mjs', import.meta.url));
const { readers } = (await import(path)) as { readers: Readonly<Record<string, Reader>> };

const readerOf: Readonly<Record<string, string>> = {
  plan: 'plan.json',
  results: 'results.json',
  safetensors: 'checkpoint',
  solver: 'solver',
  store: 'store',
  tar: 'tar',
  yaml: 'study YAML',
};
/** Which of them may be read: what was changed in them is allowed. */
const isAllowed = /^(results-11-(30|418|42|53)|yaml-11-859|safetensors-11-516)$/;

const found = existsSync(cases) ? readdirSync(cases).filter((name) => /-11-\d+$/.test(name)) : [];

test.skipIf(found.length === 0)('the found inputs are beside the repository', () => {
  expect(found.length).toBeGreaterThan(30);
});

test.each(found)('%s', { timeout: 20_000 }, async (name) => {
  const input = join(scratch, name);
  cpSync(join(cases, name), input, { recursive: true });
  const { read } = readers[readerOf[name.split('-')[0] ?? ''] ?? ''] as Reader;
  let error: unknown = null;
  try {
    await read(input, join(scratch, 'out'));
  } catch (thrown) {
    error = thrown;
  }
  if (error === null) expect(name).toMatch(isAllowed);
  else expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(/./) });
});
