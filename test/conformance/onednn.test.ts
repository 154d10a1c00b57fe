import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { testExecutor } from './test-executor.js';

// Read by libgomp when it is loaded, which is when the executor is made. Threads that spin while they wait would take the other test
// files' cores.
process.env['OMP_WAIT_POLICY'] ??= 'passive';

testExecutor('onednn', createOnednnExecutor);
