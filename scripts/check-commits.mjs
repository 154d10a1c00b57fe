// Subjects of commits: at most 72 characters, `area: imperative sentence` or a merge's. Checks all
// commits since the rule; silent where history is missing (a tarball, a shallow clone). With a file
// as its argument it checks the message in it: scripts/hooks/commit-msg, calls it so.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const LONGEST = 72;
const lastBeforeTheRule = '848ed52d';

function problemOf(subject) {
  if (subject.length > LONGEST) return `${subject.length} characters, wanted at most ${LONGEST}`;
  if (!/^([a-z][\w, -]*: \S|Merge|Revert)/.test(subject))
    return 'wanted "area: imperative sentence"';
  return null;
}

function subjectsOfHistory() {
  const { status, stdout } = spawnSync(
    'git',
    ['log', '--format=%h %s', '--abbrev=8', `${lastBeforeTheRule}..HEAD`],
    { encoding: 'utf8' },
  );
  if (status !== 0) return [];
  return stdout.split('\n').filter((line) => line !== '');
}

const file = process.argv[2];
const found =
  file === undefined
    ? subjectsOfHistory()
    : [`message ${readFileSync(file, 'utf8').split('\n')[0]}`];
for (const line of found) {
  const [, where, subject] = /^(\S+) (.*)$/.exec(line) ?? [null, 'message', ''];
  const problem = problemOf(subject);
  if (problem === null) continue;
  console.error(`${where} "${subject}": ${problem}`);
  process.exitCode = 1;
}
