import { createOnednnExecutor } from '../../src/executors/onednn/index.js';
import { testExecutor } from './test-executor.js';

testExecutor('onednn', createOnednnExecutor);
