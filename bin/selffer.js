#!/usr/bin/env node
// Starts the command line of the built package.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);

if (existsSync(main)) {
  const { main: run } = await import(main.href);
  await run(process.argv.slice(2));
} else {
  process.stderr.write(
    'selffer is not built yet: dist/ is missing.\nRun `npm run setup` in the folder of selffer; it installs and builds everything.\n',
  );
  process.exitCode = 1;
}
