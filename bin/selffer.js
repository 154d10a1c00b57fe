#!/usr/bin/env node
// Starts the command line of the built package.
'use strict';
const { existsSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

// Images are decoded in libuv's thread pool: 4 threads however many cores there are, unless this is
// set before its first task. Loading an ES module is one, so this file is CommonJS (package.json
// beside it), which Node reads without the pool.
const USUAL_THREADS = 4;
if (availableParallelism() > USUAL_THREADS) {
  process.env.UV_THREADPOOL_SIZE ??= String(availableParallelism());
}

const main = join(__dirname, '../dist/cli/main.js');

async function start() {
  const { main: run } = await import(pathToFileURL(main).href);
  await run(process.argv.slice(2));
}

if (existsSync(main)) {
  start();
} else {
  // Published packages are built; a clone has scripts/ and may not be.
  const isClone = existsSync(join(__dirname, '../scripts/setup.mjs'));
  process.stderr.write(
    isClone
      ? 'selffer is not built yet: dist/ is missing.\nRun `npm run setup` in the folder of selffer; it installs and builds everything.\n'
      : 'selffer is damaged: its folder dist/ is missing.\nInstall the package again: npm install selffer\n',
  );
  process.exitCode = 1;
}
