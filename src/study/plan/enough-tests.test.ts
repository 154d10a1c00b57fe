import { expect, test } from 'vitest';
import { PlanError } from '../../base/errors.js';
import { demoPlan, demoStudy } from './demo-plan.cases.js';
import { fewTestsOf, testsOf } from './enough-tests.js';
import type { Schedule } from '../../train/job.js';

const tests = (iterations: number, testEvery: number) =>
  testsOf({ iterations, testEvery } as Schedule);
const planned = (iterations: number, statistic: 'final' | 'top10' = 'top10') =>
  demoPlan({
    statistic,
    solver: { ...demoStudy.solver, length: { iterations }, testEvery: { iterations: 10 } },
  });

test('a training is tested at each step of testEvery, and at its end', () => {
  expect([tests(100, 10), tests(101, 10), tests(5, 10), tests(10, 2.5)]).toEqual([10, 11, 1, 4]);
});

test('top10 is refused below ten tests, warned of below twenty', () => {
  expect(() => fewTestsOf(planned(90))).toThrow(PlanError);
  expect(() => fewTestsOf(planned(90))).toThrow(/found top10 with 9 tests a training, wanted/);
  expect(fewTestsOf(planned(91))).toContain('and there are 10:');
  expect(fewTestsOf(planned(190))).toContain('and there are 19:');
  expect(fewTestsOf(planned(191))).toBeNull();
  expect(fewTestsOf(planned(10, 'final'))).toBeNull();
});
