// Settings of the reference of the library: see scripts/site.mjs.
import { OptionDefaults } from 'typedoc';

export default {
  plugin: ['typedoc-plugin-markdown'],
  entryPoints: ['../../src/index.ts'],
  tsconfig: '../../tsconfig.build.json',
  readme: 'none',
  name: 'The library',
  entryFileName: 'index',
  router: 'kind',
  disableSources: true,
  excludePrivate: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  logLevel: 'Warn',
  treatWarningsAsErrors: true,
  // Docstrings name what is not exported too.
  validation: { invalidLink: false },
  // Where an algorithm is from.
  blockTags: [...OptionDefaults.blockTags, '@source'],
};
