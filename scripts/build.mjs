// Compiles src to dist/ if a source is newer than the last build, and then, as a command, the live
// page to dist/page/. Incremental: with nothing changed it takes milliseconds. `npm run build`,
// set-up, packing and the tests' global set-up share it.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildPage, isPageStale } from './build-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'dist/.built');
const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];

const entries = (folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).map((entry) => ({
    path: join(entry.parentPath ?? entry.path, entry.name),
    isFile: entry.isFile(),
  }));

/** Whether dist/ is older than the sources. Folders count: they change when a file goes. */
export function isStale() {
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const paths = [join(root, 'src'), ...settings.map((path) => join(root, path))];
  for (const { path } of entries('src')) paths.push(path);
  return paths.some((path) => statSync(path).mtimeMs > built);
}

/** Compiles. True if there was no type error; with one, dist/ is as new as src all the same. */
export function build() {
  const started = new Date();
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const info = join(root, 'dist/.tsbuildinfo');
  const args = ['-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', info];
  const { status } = spawnSync(process.execPath, [tsc, ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  mkdirSync(join(root, 'dist'), { recursive: true });
  removeOrphans();
  if (status !== 0) return false;
  writeFileSync(stamp, '');
  // A source that changed meanwhile is newer than the stamp.
  utimesSync(stamp, started, started);
  return true;
}

// What was compiled from a source that is not there any more. The page is Vite's.
function removeOrphans() {
  for (const { path, isFile } of entries('dist')) {
    const source = path
      .replace(join(root, 'dist'), join(root, 'src'))
      .replace(/(\.d\.ts|\.js)$/, '.ts');
    const isPage = path.startsWith(join(root, 'dist/page'));
    if (isFile && !isPage && source.endsWith('.ts') && !existsSync(source)) rmSync(path);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const isRight = !isStale() || build();
  const isPageRight = !isPageStale() || (await buildPage());
  process.exitCode = isRight && isPageRight ? 0 : 1;
}
