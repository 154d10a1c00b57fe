// Ends the Slurm in a folder, with its jobs: `node scripts/slurm/down.mjs DIR`.
import { stopCluster } from './cluster.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('wanted a folder: node scripts/slurm/down.mjs DIR\n');
  process.exit(1);
}
await stopCluster(folder);
