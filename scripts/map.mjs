// Makes docs/map.md: a line for each file of src and of page/src, from the comment that opens it.
// With --check it only says whether the map is current.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';

const MAP = 'docs/map.md';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'src', 'page/src'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (path) => /\.tsx?$/.test(path) && !/\.(test|cases|d)\.ts$/.test(path) && existsSync(path),
  );

/** First sentence of the comment that opens a file. */
function purpose(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  const start = lines[0]?.startsWith('#!') ? 1 : 0;
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('//'));
  const text = lines
    .slice(start, end)
    .map((line) => line.slice(2).trim())
    .join(' ');
  return /^.*?\.(?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}

const folders = new Map();
for (const path of files.toSorted()) {
  const folder = dirname(path);
  folders.set(folder, [...(folders.get(folder) ?? []), path]);
}
const sections = [...folders].map(
  ([folder, paths]) =>
    `## ${folder}\n\n${paths.map((path) => `- [${basename(path)}](../${path}): ${purpose(path)}`).join('\n')}\n`,
);
const text = await format(
  `# Map of src\n\nMade by \`npm run map\` from the first sentence of each file.\n\n${sections.join('\n')}`,
  { ...(await resolveConfig(MAP)), parser: 'markdown' },
);
if (!process.argv.includes('--check')) writeFileSync(MAP, text);
else if (!existsSync(MAP) || readFileSync(MAP, 'utf8') !== text) {
  console.error(`${MAP} is not current: npm run map`);
  process.exitCode = 1;
}
