// Starts a Slurm of its own in a folder: `node scripts/slurm/up.mjs DIR [--nodes N] [--cpus N]
// [--accounts]`; with accounts, sacct and sacctmgr work.
// As root, what is missing of Debian's packages is installed first.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { packages, startCluster, whyNot } from './cluster.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    nodes: { type: 'string', default: '2' },
    cpus: { type: 'string', default: '2' },
    accounts: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
const { accounts } = values;
if (folder === undefined) fail('wanted a folder: node scripts/slurm/up.mjs DIR');
if (whyNot({ accounts }) !== null && process.getuid?.() === 0) install();
const reason = whyNot({ accounts });
if (reason !== null) fail(reason);
const { configuration, nodes } = await startCluster(folder, {
  nodes: Number(values.nodes),
  cpus: Number(values.cpus),
  accounts,
});
process.stderr.write(
  `${nodes.join(', ')} are idle; \`node scripts/slurm/down.mjs ${folder}\` ends them\n`,
);
process.stdout.write(`export SLURM_CONF=${configuration}\n`);

function install() {
  const quietly = { stdio: ['ignore', 'ignore', 'inherit'] };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const args = ['install', '--yes', '--no-install-recommends', ...packages({ accounts })];
  if (spawnSync('apt-get', args, { ...quietly, env }).status === 0) return;
  spawnSync('apt-get', ['update'], quietly);
  spawnSync('apt-get', args, { ...quietly, env });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
