// The house (docs/architecture.md): each floor imports only from the floors below; no cycles; no
// orphans.
const floors = [
  ['base'],
  ['tensor', 'stats'],
  ['program', 'data'],
  ['net', 'executors'],
  ['runs'],
  ['train'],
  ['study'],
  ['figures', 'launch', 'import', 'measure', 'tensorboard'],
  ['dashboard', 'report', 'advise'],
  ['library'],
  ['cli'],
];

// Tests, and helpers that only tests use: tsconfig.build.json leaves the same files out.
const testCode = '\\.(test|cases)\\.tsx?$';

const upward = floors.slice(0, -1).map((rooms, floor) => ({
  name: `floor-${floor}-imports-only-downwards`,
  severity: 'error',
  from: { path: `^src/(${rooms.join('|')})/` },
  to: {
    path: `^src/((${floors
      .slice(floor + 1)
      .flat()
      .join('|')})/|index\\.ts)`,
  },
}));

module.exports = {
  forbidden: [
    ...upward,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '\\.test\\.ts$'] },
      to: {},
    },
    {
      name: 'src-needs-no-page',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^page/' },
    },
    {
      // What runs in a browser: test/browser-code.test.ts sees that it needs nothing of Node.
      name: 'the-page-imports-what-runs-in-a-browser',
      severity: 'error',
      from: { path: '^page/' },
      to: {
        path: '^src/',
        pathNot: '^src/(base/quantities\\.ts$|figures/|dashboard/api\\.ts$|study/treatments\\.ts$)',
      },
    },
    {
      name: 'only-the-cli-picks-executors',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|executors)/|^src/index\\.ts|\\.test\\.ts$' },
      to: { path: '^src/executors/(reference|onednn|onnx)/' },
    },
    {
      // Facts of executors are for everybody: knowing a name must not load what it stands for.
      name: 'executors-share-facts-only',
      severity: 'error',
      from: { path: '^src/executors/[^/]+$', pathNot: testCode },
      to: {
        path: '^src/executors/[^/]+/',
        pathNot: '^src/executors/[^/]+/environment\\.ts$',
      },
    },
    {
      name: 'names-load-no-native-code',
      severity: 'error',
      from: { path: '^src/executors/names\\.ts$' },
      to: { path: '/(koffi|onnxruntime-node)/', reachable: true },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(src|page)/', pathNot: testCode },
      to: { path: `${testCode}|^test/` },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.cjs', '.json'] },
  },
};
