// A whole study, ours against PyTorch. Usage: bench/README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareAccuracies } from './accuracy.js';
import { timeFullStudies } from './full.js';
import { readOptions } from './options.js';
import { timeParts } from './parts.js';

const options = readOptions();
const scratch = mkdtempSync(join(tmpdir(), 'selffer-bench-'));
try {
  if (options.mode === 'full') await timeFullStudies(options, scratch);
  else if (options.mode === 'accuracy') await compareAccuracies(options, scratch);
  else await timeParts(options, scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
