// Which releases of Node the site can be built on.
import { expect, test } from 'vitest';
// @ts-expect-error A script without types.
import { meets } from '../scripts/site/node.mjs';

test.each([
  ['20.15.0', '^18.0.0 || >=20.0.0', true],
  ['18.20.1', '^18.0.0 || >=20.0.0', true],
  ['19.9.0', '^18.0.0 || >=20.0.0', false],
  ['26.12.1', '^20.19.0 || >=22.12.0', true],
  ['22.12.0', '^20.19.0 || >=22.12.0', true],
  ['22.11.0', '^20.19.0 || >=22.12.0', false],
  ['20.19.0', '^20.19.0 || >=22.12.0', true],
  ['20.15.0', '^20.19.0 || >=22.12.0', false],
  ['20.9.10', '>= 20.10', false],
  // What cannot be read refuses nobody.
  ['20.15.0', '*', true],
])('Node %s and the range %s: %s', (version, range, wanted) => {
  expect(meets(version, range)).toBe(wanted);
});
