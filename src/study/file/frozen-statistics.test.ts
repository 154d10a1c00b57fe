// `frozenStatistics:` of a study: in identities and jobs of networks that freeze, nowhere else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { gangJob } from '../plan/gangs.js';
import { planStudy } from '../plan/plan.js';
import { studyFacts } from '../store/plan-file.js';
import { printStudy } from './print-study.js';
import { readStudy } from './read-study.js';

const folder = mkdtempSync(join(tmpdir(), 'selffer-statistics-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'study.yaml');

function read(line: string, network = 'resnet20') {
  writeFileSync(
    path,
    `name: s\ndata: {source: /nowhere, size: 36}\nnetwork: ${network}\nlayers: [1]\n${line}\n`,
  );
  return readStudy(path);
}

const classes = ['a', 'b', 'c', 'd'];
const facts = {
  ...{ store: 'none', classes, form: { channels: 3, height: 36, width: 36 } as const },
  ...{ manifestHash: 'none', trainCounts: [50, 50, 50, 50], valCounts: [5, 5, 5, 5] },
};
const planOf = (line: string) => planStudy(read(line), () => facts);

test('target is in identity and job of what freezes; source is what is not said', () => {
  const before = planOf('').networks;
  expect(planOf('frozenStatistics: source').networks).toEqual(before);
  const plan = planOf('frozenStatistics: target');
  const changed = plan.networks.filter(({ identity }, at) => identity !== before[at]?.identity);
  expect(new Set(changed.map(({ treatment }) => treatment))).toEqual(
    new Set(['BnB', 'AnB', 'random']),
  );
  const engine = {
    ...({ executor: 'reference', precision: 'fp32', exact: true, threads: 1 } as const),
    checkpointEverySeconds: 1,
  };
  const job = gangJob(plan, { name: 'all', networks: plan.networks }, folder, engine);
  const given = job.networks.filter(({ frozenStatistics }) => frozenStatistics === 'target');
  expect(given.map(({ name }) => name)).toEqual(changed.map(({ name }) => name));
  expect(studyFacts(plan).frozenStatistics).toBe('target');
});

test('it is printed and read back', () => {
  const study = read('frozenStatistics: target');
  expect(study.frozenStatistics).toBe('target');
  writeFileSync(path, printStudy(study));
  expect(readStudy(path)).toEqual(study);
});

test('a network without batch norm has none', () => {
  expect(() => read('frozenStatistics: target', 'tiny32')).toThrow(
    /frozenStatistics: found target, but tiny32 has no batch norm/,
  );
});
