// Results of a study that was run: numbers as a list, and a figure as SVG and PNG.
// Run it:   node figure.mjs my-network      (a study's folder, or a results.json)
// Expect:   a line for each treatment and n, decomposition.svg and decomposition.png.
import { writeFileSync } from 'node:fs';
import { figurePng, figures, figureSvg, loadResults } from 'selffer';

const [folder = 'my-network'] = process.argv.slice(2);
const results = loadResults(folder);

console.log('difference to the base of the same target, in percentage points');
for (const [treatment, points] of Object.entries(results.matched)) {
  for (const { n, meanPt, lowPt, highPt } of points) {
    const interval = lowPt === null ? '' : `[${lowPt.toFixed(1)}, ${highPt.toFixed(1)}]`;
    console.log(treatment.padEnd(8), n, meanPt?.toFixed(1) ?? 'unknown', interval);
  }
}

// Drawing is loaded with the first figure that is drawn.
const all = await figures(results);
const figure = all.find(({ id }) => id === 'decomposition') ?? all[0];
if (figure !== undefined) {
  writeFileSync(`${figure.id}.svg`, await figureSvg(figure, { theme: 'light' }));
  writeFileSync(`${figure.id}.png`, await figurePng(figure));
  console.log(figure.title, `-> ${figure.id}.svg`);
}
