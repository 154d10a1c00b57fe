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
  ['figures', 'launch', 'import'],
  ['dashboard', 'report', 'advise'],
  ['cli'],
];

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
      name: 'only-the-cli-picks-executors',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|executors)/|^src/index\\.ts|\\.test\\.ts$' },
      to: { path: '^src/executors/(reference|onednn)/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.cjs', '.json'] },
  },
};
