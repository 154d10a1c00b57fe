// Builds the documentation site into build/site/: pages of the repository, the reference of the
// library made of its docstrings, a search that needs no network. A dead link ends it. Commands:
// `npm run docs:site`, `npm run docs:site -- --serve`; `npm run docs:api` makes the reference
// alone.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';
import { further, groups } from './site/pages.mjs';
import { staged } from './site/stage.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'build/site-source');
const out = join(root, 'build/site');
const isApiOnly = process.argv.includes('--api');

if (!isApiOnly) requireNode();

// The builder of the site wants a newer Node than Selffer in some of its releases.
function requireNode() {
  const vite = createRequire(join(root, 'node_modules/vitepress/package.json'));
  const { version, engines } = vite('vite/package.json');
  if (semver.satisfies(process.versions.node, engines.node)) return;
  process.stderr.write(
    `VitePress, which builds the site, wants Node ${engines.node} (Vite ${version}); this is Node ${process.versions.node}.\n`,
  );
  process.exit(1);
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

function write(path, content) {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), content);
}

/** Pages below folders that are not listed one by one. */
function filesBelow(folder, pattern) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => pattern.test(path));
}

function stageAll() {
  rmSync(source, { recursive: true, force: true });
  const listed = [...Object.values(groups).flat(), ...further];
  const addressOf = new Map(listed.map(([file, address]) => [file, address]));
  const others = [
    ...filesBelow('docs/decisions', /\.md$/),
    ...filesBelow('docs/studies', /\.md$/),
    ...filesBelow('bench/results', /README\.md$/),
  ];
  for (const file of others) {
    if (addressOf.has(file)) continue;
    addressOf.set(file, file.replace(/^docs\//, '').replace(/README\.md$/, 'index.md'));
  }
  const copied = new Set(filesBelow('schema', /\.json$/));
  for (const [file, address] of addressOf) {
    write(address, staged(file, readFileSync(join(root, file), 'utf8'), addressOf, copied));
  }
  for (const path of copied) {
    const places = /\.(png|svg)$/.test(path) ? [path] : [`public/${path}`];
    for (const place of places) {
      mkdirSync(dirname(join(source, place)), { recursive: true });
      copyFileSync(join(root, path), join(source, place));
    }
  }
}

// A warning ends it: a name that leads nowhere, a tag that is misspelt.
function stageApi() {
  run(
    'typedoc/bin/typedoc',
    ...['--options', join(root, 'scripts/site/typedoc.mjs'), '--out', join(source, 'api')],
  );
}

if (!isApiOnly) stageAll();
else mkdirSync(source, { recursive: true });
stageApi();
if (!isApiOnly) {
  mkdirSync(join(source, '.vitepress'), { recursive: true });
  copyFileSync(join(root, 'scripts/site/config.mjs'), join(source, '.vitepress/config.mjs'));
  copyFileSync(join(root, 'scripts/site/pages.mjs'), join(source, '.vitepress/pages.mjs'));
  rmSync(out, { recursive: true, force: true });
  const command = process.argv.includes('--serve') ? 'dev' : 'build';
  run(
    'vitepress/bin/vitepress.js',
    command,
    source,
    ...(command === 'build' ? ['--outDir', out] : []),
  );
  process.stdout.write('\nThe site is build/site/; `npm run docs:site -- --serve` shows it.\n');
}
