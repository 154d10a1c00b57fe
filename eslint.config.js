import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// Blank lines and comments count: what is measured is what a reader scrolls through.
const limits = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 60 }],
  'max-params': ['error', { max: 5 }],
  complexity: ['error', 20],
  'max-depth': ['error', 4],
};

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'build/**',
      'node_modules/**',
      'demo/**',
      'runs/**',
      'bench/results/**',
      'coverage/**',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  { languageOptions: { globals: { ...globals.node } } },
  // Prettier wraps code, nobody wraps comments.
  { rules: { 'max-len': ['error', { code: 1000, comments: 100, ignoreUrls: true }] } },
  {
    files: ['src/**/*.ts', 'page/src/**/*.{ts,tsx}'],
    rules: {
      ...limits,
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "ThrowStatement > NewExpression[callee.name='Error']",
          message:
            'Throw a class of base/errors.ts: it says what was found, what was wanted and what to do.',
        },
        {
          selector: 'TSAsExpression > TSAsExpression[typeAnnotation.type="TSUnknownKeyword"]',
          message: 'No `as unknown as`: it hides a wrong type.',
        },
      ],
    },
  },
  { files: ['page/src/**/*.{ts,tsx}'], languageOptions: { globals: globals.browser } },
  {
    // The command's first file is CommonJS; it says why.
    files: ['bin/*.js'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/*.cases.ts', 'test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': 'off',
      'max-params': 'off',
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
