// All set-up of a clone, on any system: npm packages from the lock file, the build, and something
// that computes (`selffer setup`). Idempotent and quiet: does only what is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const say = (text) => process.stderr.write(`setup: ${text}\n`);

/** Starts node, this one or another binary, with these arguments and waits. @returns its exit
 *  status */
export function node(args, { environment = {}, stdio = 'inherit', binary } = {}) {
  const env = { ...process.env, ...environment };
  const { status } = spawnSync(binary ?? process.execPath, args, { cwd: root, stdio, env });
  return status ?? 1;
}

/** Installs, builds, and sees to what computes. @returns the status of the first step that failed,
 *  and whether what was needed for a build is there: tests run without the last step, too. */
export function setUp() {
  if (!isNewEnough()) return { status: 1, isBuilt: false };
  const installed = isInstalled() ? 0 : install();
  const built = installed || node(['scripts/build.mjs']);
  if (built !== 0) return { status: built, isBuilt: false };
  return { status: node(['bin/selffer.js', 'setup']), isBuilt: true };
}

function isNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 15)) return true;
  say(`found Node ${process.versions.node}, wanted 20.15 or newer: https://nodejs.org`);
  return false;
}

const record = join(root, 'node_modules/.package-lock.json');

function isInstalled() {
  if (!existsSync(record)) return false;
  return statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function install() {
  say('installing npm packages ...');
  const npm = npmScript();
  if (npm === undefined) {
    say('found no npm beside Node; run this with `npm run setup`');
    return 1;
  }
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  // The script of onnxruntime-node would fetch what only NVIDIA cards need, from another registry.
  const environment = { ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const status = node([npm, 'ci', ...quietly], { environment, stdio: ['inherit', 2, 2] });
  if (status === 0) utimesSync(record, new Date(), new Date());
  return status;
}

/** npm's own script, which node starts: its command is another file on every system. */
export function npmScript() {
  const folder = dirname(process.execPath);
  const installed = ['../lib/node_modules', 'node_modules'].map((place) =>
    join(folder, place, 'npm/bin/npm-cli.js'),
  );
  const started = process.env.npm_execpath ?? '';
  return [started, ...installed].find((path) => path.endsWith('npm-cli.js') && existsSync(path));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = setUp().status;
}
