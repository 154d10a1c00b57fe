// Checks prose against code: every export of src has a docstring, relative links in Markdown lead
// somewhere, no leftovers.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
const problems = [];

for (const path of files.filter((f) => /^src\/.*\.ts$/.test(f) && !/\.(test|d)\.ts$/.test(f))) {
  const lines = readFileSync(path, 'utf8').split('\n');
  lines.forEach((line, index) => {
    // Definitions only: what is exported again (`export { ... } from`) has its docstring at home.
    const isDefinition =
      /^export (async )?(abstract )?(function|class|interface|type|const) \w/.test(line);
    const above = lines.slice(0, index).findLast((each) => !each.includes('eslint-disable')) ?? '';
    if (isDefinition && !/\*\/\s*$/.test(above)) {
      problems.push(`${path}:${index + 1}: export without a docstring`);
    }
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) problems.push(`${path}:${index + 1}: leftover`);
  });
  if (!lines[0]?.startsWith('//') && !lines[0]?.startsWith('/**') && !lines[0]?.startsWith('#!')) {
    problems.push(`${path}:1: file does not open with what it is for`);
  }
}

for (const path of files.filter((f) => f.endsWith('.md'))) {
  const text = readFileSync(path, 'utf8');
  for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)) {
    if (!existsSync(join(dirname(path), target)))
      problems.push(`${path}: link to missing ${target}`);
  }
}

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
