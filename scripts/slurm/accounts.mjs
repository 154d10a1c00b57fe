// Accounts for the Slurm of cluster.mjs: slurmdbd over a MariaDB of its own, both of Debian's
// packages and both with all their files in the cluster's folder.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';

/** What accounts need besides, as Debian names it. */
export const accountPackages = ['slurmdbd', 'mariadb-server'];

/** Programs of these packages that are started. */
export const accountDaemons = ['slurmdbd', 'mariadbd', 'mariadb-install-db'];

const START_SECONDS = 60;
const PASSWORD = 'selffer';

/** Lines of slurm.conf for a cluster that keeps accounts, and keeps to their limits. */
export function accountSettings({ place, dbdPort }) {
  return [
    'AccountingStorageType=accounting_storage/slurmdbd',
    ...['AccountingStorageHost=127.0.0.1', `AccountingStoragePort=${dbdPort}`],
    // Not a word: how munge is reached.
    `AccountingStoragePass=${place}/munge.socket`,
    'AccountingStorageEnforce=limits',
  ];
}

/** Starts the data base and slurmdbd, and gives root an account; before the controller. */
export async function startAccounts(place, ports) {
  const database = join(place, 'mariadb');
  if (!existsSync(database)) {
    mkdirSync(database);
    const args = ['--no-defaults', `--datadir=${database}`, '--user=root', '--skip-test-db'];
    execFileSync('mariadb-install-db', [...args, '--auth-root-authentication-method=normal'], {
      stdio: 'ignore',
    });
  }
  startDatabase(place, database, ports.database);
  await until('MariaDB', place, () => query(place, 'SELECT 1').status === 0);
  const user = `'slurm'@'127.0.0.1' IDENTIFIED BY '${PASSWORD}'`;
  query(place, `CREATE USER IF NOT EXISTS ${user}; GRANT ALL ON slurm.* TO 'slurm'@'127.0.0.1'`);
  writeFileSync(join(place, 'slurmdbd.conf'), `${daemonSettings(place, ports).join('\n')}\n`, {
    mode: 0o600,
  });
  const configuration = join(place, 'slurm.conf');
  const env = { ...process.env, SLURM_CONF: configuration };
  execFileSync('slurmdbd', [], { env, timeout: 30_000 });
  const manage = (...args) =>
    spawnSync('sacctmgr', ['--immediate', ...args], { env, timeout: 30_000 });
  await until('slurmdbd', place, () => manage('show', 'cluster').status === 0);
  manage('add', 'cluster', 'selffer');
  manage('add', 'account', 'study', 'Cluster=selffer');
  manage('add', 'user', 'root', 'Account=study', 'DefaultAccount=study');
}

function startDatabase(place, database, port) {
  const log = openSync(join(place, 'mariadb.log'), 'a');
  const args = [
    ...['--no-defaults', '--user=root', `--datadir=${database}`],
    ...[`--socket=${place}/mariadb.socket`, `--pid-file=${place}/mariadb.pid`],
    ...['--bind-address=127.0.0.1', `--port=${port}`, '--skip-name-resolve'],
    // What slurmdbd asks for, and little memory.
    ...['--innodb-buffer-pool-size=64M', '--innodb-lock-wait-timeout=900'],
  ];
  spawn('mariadbd', args, { detached: true, stdio: ['ignore', log, log] }).unref();
}

function daemonSettings(place, { dbd, database }) {
  return [
    ...['AuthType=auth/munge', `AuthInfo=socket=${place}/munge.socket`, 'SlurmUser=root'],
    ...[`DbdHost=${hostname()}`, 'DbdAddr=127.0.0.1', `DbdPort=${dbd}`],
    ...[`PidFile=${place}/slurmdbd.pid`, `LogFile=${place}/slurmdbd.log`],
    ...['StorageType=accounting_storage/mysql', 'StorageHost=127.0.0.1', `StoragePort=${database}`],
    ...['StorageUser=slurm', `StoragePass=${PASSWORD}`, 'StorageLoc=slurm'],
  ];
}

function query(place, text) {
  const args = [`--socket=${place}/mariadb.socket`, '--user=root', '--execute', text];
  return spawnSync('mariadb', ['--no-defaults', ...args], { timeout: 10_000 });
}

async function until(what, place, isSo) {
  const end = Date.now() + START_SECONDS * 1000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what} does not answer; see ${place}/*.log`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
