// The oneDNN executor against the float64 reference, by the conformance kit.
import { testExecutor } from '../../../test/conformance/test-executor.js';
import { createOnednnExecutor } from './index.js';

testExecutor('onednn', createOnednnExecutor);
