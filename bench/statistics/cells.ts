// Which worlds and sizes are simulated.
import type { Design, noiseLevels } from './simulate.js';
import { type World, type WorldName, worlds } from './worlds.js';

/** A world and a size of study. */
export interface Cell {
  readonly name: string;
  readonly worldName: WorldName;
  readonly world: World;
  readonly design: Design;
}

/** Splits x repeats of the tables of coverage. */
const sizes = [
  [2, 1],
  [4, 1],
  [8, 1],
  [1, 3],
  [2, 3],
  [4, 3],
] as const;

/** For coverage: nothing has an effect, middle noise. What an interval covers does not depend on
 *  effects. */
export const coverageCells: readonly Cell[] = (['plain', 'tasks', 'halves'] as const).flatMap(
  (structure) =>
    sizes.map(([splits, repeats]) => cell('null', { splits, repeats, noise: 'M', structure })),
);

/** For verdicts and answers: every world at each noise with 2, 4 and 8 splits, then with repeats
 *  and with halves that differ. */
export const verdictCells: readonly Cell[] = (Object.keys(worlds) as WorldName[]).flatMap(
  (world) => {
    const designs: Design[] = (['P', 'M', 'S'] as (keyof typeof noiseLevels)[]).flatMap((noise) =>
      [2, 4, 8].map((splits) => ({ splits, repeats: 1, noise, structure: 'plain' as const })),
    );
    const hard = [
      { splits: 2, repeats: 3, noise: 'M', structure: 'halves' },
      { splits: 4, repeats: 1, noise: 'M', structure: 'halves' },
    ] as const;
    // Named classes are one pair of tasks: repeats are all that there can be more of.
    const pair = (['P', 'M', 'S'] as const).flatMap((noise) =>
      [1, 3].map((repeats) => ({ splits: 1, repeats, noise, structure: 'plain' as const })),
    );
    return (worlds[world].isUnlike ? pair : [...designs, ...hard]).map((each) => cell(world, each));
  },
);

function cell(worldName: WorldName, design: Design): Cell {
  const { splits, repeats, noise, structure } = design;
  const name = `${worldName} ${splits}x${repeats} ${noise} ${structure}`;
  return { name, worldName, world: worlds[worldName], design };
}
