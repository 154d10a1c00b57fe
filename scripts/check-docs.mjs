// Checks prose against code and against the house's rules for it: docstrings, links, references to
// files, widths, commands. What each check wants is said above its function.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
const problems = [];
const textOf = (path) => readFileSync(path, 'utf8');

// Measurements and findings stay as they were written; licences are not ours.
const isRecord = (path) =>
  /^bench\/results\/|^docs\/studies\/.*\/findings\.md$|LICENCES\.md$/.test(path);

/** Every export of src and page has a docstring, every file opens with what it is for, nothing is
 *  left over. Definitions only: what is exported again has its docstring at home. */
function checkDocstrings(path) {
  const lines = textOf(path).split('\n');
  lines.forEach((line, index) => {
    const isDefinition =
      /^export (async )?(abstract )?(function|class|interface|type|const) \w/.test(line);
    const above = lines.slice(0, index).findLast((each) => !each.includes('eslint-disable')) ?? '';
    if (isDefinition && !/\*\/\s*$/.test(above)) {
      problems.push(`${path}:${index + 1}: export without a docstring`);
    }
    if (/\b(TODO|FIXME|XXX)\b/.test(line)) problems.push(`${path}:${index + 1}: leftover`);
  });
  if (!/^(\/\/|\/\*\*|#!)/.test(lines[0] ?? '')) {
    problems.push(`${path}:1: file does not open with what it is for`);
  }
}

/** Links in Markdown lead to files. */
function checkLinks(path) {
  for (const [, target] of textOf(path).matchAll(/\]\((?!https?:|#|mailto:)([^)\s#]+)[^)]*\)/g)) {
    if (!existsSync(join(dirname(path), target)))
      problems.push(`${path}: link to missing ${target}`);
  }
}

/** Markdown is at most 100 columns wide, except for tables, code and what cannot be broken. */
function checkWidth(path) {
  let isCode = false;
  textOf(path)
    .split('\n')
    .forEach((line, index) => {
      if (line.trimStart().startsWith('```')) isCode = !isCode;
      const words = line
        .trim()
        .replace(/`[^`]*`/g, 'code')
        .split(' ').length;
      const isUnbreakable = isCode || line.startsWith('|') || words <= 2;
      if (line.length > 100 && !isUnbreakable) {
        problems.push(`${path}:${index + 1}: ${line.length} columns, wanted at most 100`);
      }
    });
}

// Sources cited by their place in other projects.
const elsewhere = new Set([
  'bomb.sh',
  'ilsvrc12/make_reduced_dataset.py',
  'webdataset/tariterators.py',
]);
const names = new Set(files.map((path) => basename(path)));
const isKnown = (path, from) =>
  existsSync(path) ||
  existsSync(join(dirname(from), path)) ||
  (path.includes('/') ? files.some((file) => file.endsWith(`/${path}`)) : names.has(path));

/** Files of ours that comments and Markdown name are there: a reader must be able to open them. */
function checkReferences(path) {
  const isCode = !path.endsWith('.md');
  // Files that a page has its reader write: blocks with a name.
  const shown = [...textOf(path).matchAll(/^```\w+ \[([\w.-]+)\]$/gm)].map(([, name]) => name);
  textOf(path)
    .split('\n')
    .forEach((line, index) => {
      const text = isCode ? (/(?:^|\s)(?:\/\/|\/?\*\*?|#) (.*)/.exec(line)?.[1] ?? '') : line;
      const mentions = text.matchAll(
        /(?<![\w/.*<>{-])(?:[\w.-]+\/)*[\w-][\w.-]*\.(?:md|tsx?|mjs|sh|py)\b/g,
      );
      for (const [mention] of mentions) {
        if (elsewhere.has(mention) || shown.includes(mention) || isKnown(mention, path)) continue;
        problems.push(`${path}:${index + 1}: names ${mention}, which is not in the repository`);
      }
    });
}

/** Every decision has a status, what was decided, and why. */
function checkDecisions(path) {
  for (const section of textOf(path).split(/^## /m).slice(1)) {
    const isReplaced = section.includes('**Status**: replaced by');
    for (const part of ['Status', ...(isReplaced ? [] : ['Decided', 'Why'])]) {
      if (section.includes(`**${part}**`)) continue;
      problems.push(`${path}: "${section.split('\n')[0]}" lacks its ${part}`);
    }
  }
}

/** README names every command of the command line. */
function checkCommands() {
  const readme = textOf('README.md');
  const commands = files
    .filter((path) => /^src\/cli\/commands\/[\w-]+\.ts$/.test(path) && !path.includes('.test.'))
    .filter((path) => textOf(path).includes('.action('))
    .map((path) => basename(path, '.ts').replace('data-', 'data '));
  for (const command of commands) {
    if (!new RegExp(`selffer ${command}\\b`).test(readme)) {
      problems.push(`README.md: the command \`selffer ${command}\` is not named`);
    }
  }
}

const isProduct = (path) =>
  /^(src|page\/src)\/.*\.tsx?$/.test(path) && !/\.(test|d)\.ts$/.test(path);
const isMarkdown = (path) => path.endsWith('.md');
const isMap = (path) => path === 'docs/map.md';
const isProse = (path) =>
  isMarkdown(path) || /^(src|page|test|bench|scripts)\/.*\.(tsx?|mjs|sh|py)$/.test(path);

for (const path of files.filter(isProduct)) checkDocstrings(path);
for (const path of files.filter(isMarkdown)) checkLinks(path);
for (const path of files.filter((each) => isMarkdown(each) && !isRecord(each))) checkWidth(path);
for (const path of files.filter((each) => isProse(each) && !isRecord(each) && !isMap(each)))
  checkReferences(path);
const isDecision = (path) => /^docs\/decisions\/(?!README).*\.md$/.test(path);
for (const path of files.filter(isDecision)) checkDecisions(path);
checkCommands();

for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
