// A study of a network of your own, from code: letters and digits, one convolution more or less.
// Run it:   node own-network.mjs            (half a minute on two cores)
// Expect:   ./my-network/ with report.html, and a line for each network.
import { chain, layer, run, study } from 'selffer';

const network = chain({ name: 'my-network', channels: 1, crop: 28, scale: 1 / 64 }, [
  layer.conv(1, 8, { kernel: 5, pad: 2 }),
  layer.relu(1),
  layer.pool(1),
  layer.conv(2, 16, { kernel: 3, pad: 1 }),
  layer.relu(2),
  layer.pool(2),
  layer.classifier(3),
]);

// The keys are those of a study file; what is left out has its usual value.
const mine = study({
  name: 'my-network',
  data: { source: 'glyphs' },
  network,
  solver: { lr: 0.01, batch: 32, iterations: 100, testEvery: 50 },
  treatments: ['base', 'BnB', 'AnB'],
});

const { outcome, results, report } = await run(mine);
for (const { name, state, accuracy } of results.networks) {
  console.log(name.padEnd(16), state, accuracy === null ? '' : `${(100 * accuracy).toFixed(1)} %`);
}
console.log(outcome, report?.path);
