import { defineConfig } from 'vitest/config';

const isSlow = process.env.SELFFER_SLOW === '1';

export default defineConfig({
  test: {
    include: isSlow
      ? ['{src,test,page}/**/*.slow.test.ts']
      : ['{src,test,page}/**/*.test.ts', 'examples/**/*.test.ts'],
    exclude: isSlow ? [] : ['**/*.slow.test.ts', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    // Native libraries live in the process: forks keep a crash inside one file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isSlow ? 1_800_000 : 120_000,
    hookTimeout: 120_000,
    // `--coverage`: what runs in this process. Workers and loader threads run dist/ in processes
    // and threads of their own and are not counted, so the true figures are higher.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: [
        ...['**/*.test.ts', '**/*.cases.ts', '**/*.d.ts'],
        // What test/e2e/advise.slow.test.ts and measure.slow.test.ts run, as commands.
        ...['src/advise/**', 'src/measure/plan-jobs.ts', 'src/cli/run-features.ts'],
        'src/cli/commands/{advise,predict,measure}.ts',
      ],
      reporter: ['text-summary', 'json-summary'],
      reportOnFailure: true,
      // A point below what was measured with everything there (93.2, 86.0, 94.4, 93.7): a machine
      // without bf16, oneDNN 3.x, WordNet or the photographs skips what needs them.
      thresholds: { statements: 92, branches: 85, functions: 93, lines: 92 },
    },
    // Passive waiting: OpenMP threads that spin would take the cores from the other test files.
    env: { OMP_NUM_THREADS: '2', GOMP_SPINCOUNT: '1000', NO_COLOR: '1' },
  },
});
