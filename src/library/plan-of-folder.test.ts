import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { networkFiles } from '../runs/files.js';
import { madeRecord } from '../runs/made-record.cases.js';
import { demoStudy, letterFacts } from '../study/plan/demo-plan.cases.js';
import { type Plan, planStudy } from '../study/plan/plan.js';
import { openFolder } from '../study/store/open-folder.js';
import { explained, planOfFolder } from './plan-of-folder.js';

const study = { ...demoStudy, layers: [1], treatments: ['base' as const] };
const [before, now] = ['e'.repeat(64), letterFacts.manifestHash];
const facts = { ...letterFacts, formerHash: before, leftOut: ['train/a/Thumbs.db'] };

const say = vi.fn();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-plan-of-'));
  say.mockClear();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function planOf(manifestHash: string): Plan {
  return planStudy(study, () => ({ ...facts, manifestHash }));
}

/** A folder with one finished run of a plan. */
function withRun(plan: Plan): void {
  openFolder(directory, plan, '', false);
  const { name, identity } = plan.networks[0]!;
  const path = networkFiles(directory, name).record;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(madeRecord({ name, identity, state: 'done' })));
}

const identities = (plan: Plan) => plan.networks.map(({ identity }) => identity);

test('runs that counted files that are not images keep their identity', () => {
  withRun(planOf(before));
  const plan = planOfFolder(study, () => facts, directory, say);
  expect(identities(plan)).toEqual(identities(planOf(before)));
  expect(say.mock.calls.join()).toMatch(/the runs are used again$/);
  expect(() => openFolder(directory, plan, '', false)).not.toThrow();
});

test('new folders, and runs of the images alone, have the identity of the images', () => {
  expect(identities(planOfFolder(study, () => facts, directory, say))).toEqual(
    identities(planOf(now)),
  );
  withRun(planOf(now));
  expect(identities(planOfFolder(study, () => facts, directory, say))).toEqual(
    identities(planOf(now)),
  );
});

test('runs of other data are told of files that came or went', () => {
  withRun(planOf('d'.repeat(64)));
  const plan = planOfFolder(study, () => facts, directory, say);
  const open = () => openFolder(directory, plan, '', false);
  const hintOf = (run: () => void) => {
    try {
      run();
    } catch (error) {
      return (error as { hint: string }).hint;
    }
    return '';
  };
  const hint = hintOf(() => explained(study, () => facts, open));
  expect(hint).toContain('left out today: train/a/Thumbs.db');
  expect(hint).toContain('and the same command keeps the runs');
  // Nothing was left out: nothing to say of it, but of what is done to images.
  const other = hintOf(() => explained(study, () => letterFacts, open));
  expect(other).toMatch(/^If no image has changed: .*--set data\.source=/);
  expect(other.endsWith(hintOf(open))).toBe(true);
});
