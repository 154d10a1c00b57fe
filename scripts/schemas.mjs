// Writes schema/events.schema.json from the type of a run's events, so that the two cannot differ;
// with --check it only says whether the file is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';

const path = 'schema/events.schema.json';
const schema = createGenerator({
  path: 'src/library/events.ts',
  tsconfig: 'tsconfig.json',
  type: 'CommandEvent',
  skipTypeCheck: true,
  // Events may get further keys.
  additionalProperties: true,
}).createSchema('CommandEvent');
const { $schema, ...rest } = schema;
const text = JSON.stringify({
  $schema,
  title: 'Events of a run',
  description:
    'One line of `selffer run --json`, and one argument of `onEvent` of the library. Keys may be added.',
  ...rest,
});
const wanted = await format(text, { ...(await resolveConfig(path)), parser: 'json' });

if (process.argv.includes('--check')) {
  let found = '';
  try {
    found = readFileSync(path, 'utf8');
  } catch {
    // As good as empty.
  }
  if (found !== wanted) {
    console.error(`${path} is not current: npm run schemas`);
    process.exitCode = 1;
  }
} else writeFileSync(path, wanted);
