// The arena is hardly larger than what must be alive at once, on real gangs: the demo's and
// tiny32's, planned and as compiled.
import { expect, test } from 'vitest';
import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { presets } from '../../src/net/presets/table.js';
import { arenaOf } from '../../src/study/needs/arena.js';
import { demoStudy, letterFacts } from '../../src/study/plan/demo-plan.cases.js';
import { divideIntoGangs, type Gang, gangJob } from '../../src/study/plan/gangs.js';
import { type Plan, planStudy } from '../../src/study/plan/plan.js';
import { readStudy } from '../../src/study/file/read-study.js';
import { packageFile } from '../../src/base/package-files.js';
import { buildGangPrograms } from '../../src/train/gang-program.js';

const limits = { memoryBytes: Infinity, networks: 99 };
const engine = {
  executor: 'onednn',
  precision: 'fp32',
  exact: false,
  threads: 2,
  checkpointEverySeconds: 60,
} as const;

/** A plan's base gang and its largest. */
function gangsOf(plan: Plan): readonly Gang[] {
  const gangs = divideIntoGangs(plan, plan.networks, limits);
  const largest = gangs.toSorted((a, b) => b.networks.length - a.networks.length)[0] as Gang;
  return [gangs[0] as Gang, largest];
}

const demo = planStudy(readStudy(packageFile('examples/glyphs-demo.yaml'), []), () => letterFacts);
const tinyChoice = {
  ...demoStudy,
  network: presets.tiny32,
  layers: [1, 2, 3, 4, 5, 6, 7],
  tasks: [{ kind: 'random-halves', data: { source: ['made'], size: 36 }, seeds: [0] }],
} as const;
const tiny = planStudy(tinyChoice, () => ({
  ...letterFacts,
  form: { channels: 3, height: 36, width: 36 },
}));

test.each([
  ['glyphs demo', demo],
  ['tiny32', tiny],
])('%s: within 1.25 of the largest set alive at once', async (_, plan) => {
  const executor = createOnednnExecutor();
  for (const gang of gangsOf(plan)) {
    const planned = arenaOf(plan, gang);
    expect(planned.arenaBytes).toBeGreaterThanOrEqual(planned.peakLiveBytes);
    expect(planned.arenaBytes).toBeLessThanOrEqual(1.25 * planned.peakLiveBytes);

    const { network } = plan.study;
    const images = network.input;
    const { train, test } = buildGangPrograms(gangJob(plan, gang, '', engine), images);
    const executable = await executor.compile({ train, test }, { precision: 'fp32', exact: false });
    const { arenaBytes, peakLiveBytes } = executable.footprint;
    executable.dispose();
    expect(peakLiveBytes).toBeGreaterThan(0);
    expect(arenaBytes).toBeLessThanOrEqual(1.25 * (peakLiveBytes as number));
  }
});
