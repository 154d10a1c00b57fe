// Makes dist/page/, the live page of `selffer serve`, with Vite, if one of the files that it was
// made of has changed: some lie in src. With nothing changed it takes milliseconds.
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** The files of the last build, one a line. */
const record = join(root, 'dist/.page');
const configFile = join(root, 'page/vite.config.mjs');
const always = [
  'page/index.html',
  'page/public/icon.svg',
  'page/tsconfig.json',
  'page/vite.config.mjs',
  'scripts/build-page.mjs',
  'package.json',
];

/** Whether dist/page/ is missing, or older than what it was made of. */
export function isPageStale() {
  if (!existsSync(record) || !existsSync(join(root, 'dist/page/index.html'))) return true;
  const built = statSync(record).mtimeMs;
  const paths = readFileSync(record, 'utf8').split('\n');
  return paths.some((path) => !isOlder(join(root, path), built));
}

const isOlder = (path, time) => existsSync(path) && statSync(path).mtimeMs <= time;

/** Builds. False, and says why on standard error, if it cannot. */
export async function buildPage() {
  const started = new Date();
  const ids = [];
  const plugins = [{ name: 'record', generateBundle: collect(ids) }];
  try {
    const { build } = await import('vite');
    await build({ configFile, plugins });
  } catch (error) {
    console.error(`dist/page: ${error instanceof Error ? error.message : error}`);
    return false;
  }
  const ours = ids.filter((id) => id.startsWith(root) && !/node_modules|\0|\?/.test(id));
  const paths = [...always, ...ours.map((id) => id.slice(root.length))].filter((path) =>
    existsSync(join(root, path)),
  );
  writeFileSync(record, [...new Set(paths)].sort().join('\n'));
  // What changed meanwhile is newer than the record.
  utimesSync(record, started, started);
  return true;
}

function collect(ids) {
  return function () {
    ids.push(...this.getModuleIds());
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = !isPageStale() || (await buildPage()) ? 0 : 1;
}
