// Set-up, then the demo: `npm run demo` or `npm run demo -- --out DIR`.
import { node, setUp } from './setup.mjs';

const { status } = setUp();
process.exitCode = status || node(['bin/selffer.js', 'demo', ...process.argv.slice(2)]);
