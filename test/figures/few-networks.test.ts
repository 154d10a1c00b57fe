// A study of which few networks are trained yet (`run --only "A*B+"`): what can be drawn is drawn,
// what cannot is left out.
import { expect, it } from 'vitest';
import { makeNetworks } from '../made-study.js';
import { figuresOf } from '../../src/figures/figures.js';
import { renderFigure } from '../../src/report/draw/render.js';
import { buildResults } from '../../src/study/results/build.js';
import type { NetworkResult } from '../../src/study/results/types.js';

const networks = makeNetworks({ weightLayers: 6, splits: 1 });
const only = (isTrained: (network: NetworkResult) => boolean) =>
  figuresOf(
    buildResults({
      study: { name: 'few', weightLayers: 6, statistic: 'final' },
      networks: networks.map((each): NetworkResult =>
        isTrained(each) ? each : { ...each, state: 'waiting', accuracy: null },
      ),
    }),
  );

it('has no matched figure without the base of the target', async () => {
  const { figures, withoutData } = only(({ name }) => /baseA|A1B\+$/.test(name));
  expect(figures.map(({ id }) => id)).toEqual(['figure1', 'figure2-bottom', 'figure2-top']);
  expect(withoutData).toContain('Figure 2, bottom, matched');
  for (const figure of figures) {
    expect(await renderFigure(figure.spec('light'))).toHaveProperty('png');
  }
});

it('has Figure 1 alone where bases alone are trained', () => {
  const { figures } = only(({ treatment }) => treatment === 'base');
  expect(figures.map(({ id }) => id)).toEqual(['figure1']);
});
