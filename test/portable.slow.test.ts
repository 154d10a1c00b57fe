// The suites that run on every executor, on the portable one.
import { test } from 'vitest';
import './conformance/gaps.test.js';
import './networks/agreement.test.js';
import './onnx/outputs.test.js';
import './parity/forward.test.js';
import './parity/parity.test.js';
import './train/batch-norm.test.js';
import './train/controls.test.js';
import './train/gang.test.js';
import './train/rates.test.js';
import './train/solver-resume.test.js';
import { portableIsMissing } from './portable.js';

test('the portable executor is there', ({ skip }) => {
  if (portableIsMissing !== '') skip(portableIsMissing);
});
