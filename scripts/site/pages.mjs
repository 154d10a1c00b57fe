// The pages of the documentation site, in the order of its sidebar. A page is a Markdown file of
// the repository; its address is the second entry.

/** Group -> pages: file in the repository, address on the site, title in the sidebar. */
export const groups = {
  Start: [
    ['docs/first-study.md', 'first-study.md', 'A first study'],
    ['docs/own-data.md', 'own-data.md', 'Your own images'],
    ['docs/own-network.md', 'own-network.md', 'Your own network'],
    ['docs/figures.md', 'figures.md', 'Reading the figures'],
    ['docs/paper.md', 'paper.md', 'The paper in an hour'],
    ['docs/advise.md', 'advise.md', 'A pretrained network and your images'],
  ],
  Programs: [
    ['docs/library.md', 'library.md', 'The library'],
    ['docs/notebook.md', 'notebook.md', 'Notebooks: pandas and R'],
    ['docs/json.md', 'json.md', 'JSON, events, TensorBoard'],
  ],
  'Long studies': [
    ['docs/running.md', 'running.md', 'Running for days'],
    ['docs/serve.md', 'serve.md', 'The live page'],
    ['docs/cluster.md', 'cluster.md', 'On a cluster'],
    ['docs/reproduce.md', 'reproduce.md', 'Training again'],
    ['docs/scale.md', 'scale.md', 'Many images'],
    ['docs/platforms.md', 'platforms.md', 'Systems and executors'],
  ],
  Reference: [
    ['docs/statistics.md', 'statistics.md', 'The statistics'],
    ['docs/results.md', 'results.md', 'results.json'],
    ['docs/measurements.md', 'measurements.md', 'Measured without training'],
    ['docs/data.md', 'data.md', 'Sources of images'],
    ['docs/caffe.md', 'caffe.md', 'Caffe'],
    ['docs/onnx.md', 'onnx.md', 'ONNX'],
    ['docs/studies/README.md', 'studies/index.md', 'Studies that were run'],
    ['CHANGELOG.md', 'changelog.md', 'Changes'],
  ],
  Contributing: [
    ['docs/engine.md', 'engine.md', 'How the engine works'],
    ['docs/adding-an-op.md', 'adding-an-op.md', 'Adding an op'],
    ['CONTRIBUTING.md', 'contributing.md', 'Contributing'],
    ['docs/architecture.md', 'architecture.md', 'How the source is laid out'],
    ['docs/map.md', 'map.md', 'A line for each file'],
    ['docs/decisions/README.md', 'decisions/index.md', 'Decisions'],
    ['bench/README.md', 'bench/index.md', 'How fast'],
  ],
};

/** Pages that others link to, without a place in the sidebar. */
export const further = [
  ['docs/index.md', 'index.md'],
  ['README.md', 'readme.md'],
  ['SECURITY.md', 'security.md'],
  ['assets/glyphs/README.md', 'glyphs.md'],
];
