// Completion scripts in the shells themselves: bash everywhere, zsh and fish where they are
// installed. PowerShell is not: its script is only looked at.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildProgram, main } from '../src/cli/main.js';
import { executorNames } from '../src/executors/names.js';

const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
const isInstalled = (shell: string) => spawnSync(shell, ['--version']).status === 0;

let folder: string;
const scripts = new Map<string, string>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selffer-completion-'));
  for (const shell of shells) {
    let out = '';
    const write = vi
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => ((out += String(text)), true));
    await main(['completion', shell]);
    write.mockRestore();
    scripts.set(shell, out);
    writeFileSync(join(folder, shell), out);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

const commands = buildProgram().commands.map((each) => each.name());

/** What a line, its last word unfinished, becomes: by the function of the shell itself. */
const complete: Readonly<Record<'bash' | 'fish', (line: string) => readonly string[]>> = {
  bash: (line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    const code = `source ${folder}/bash; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _selffer; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(spawnSync('bash', ['--norc', '-c', code], { encoding: 'utf8' }));
  },
  fish: (line) => {
    const code = `source ${folder}/fish; complete -C '${line}'`;
    const said = spawnSync('fish', ['--no-config', '-c', code], {
      ...({ encoding: 'utf8', cwd: folder } as const),
    });
    return linesOf(said).map((each) => each.split('\t')[0] as string);
  },
};

function linesOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  const of = complete[shell];
  test.skipIf(!isInstalled(shell))('completes commands, options and their values', () => {
    expect(of('selffer ').toSorted()).toEqual(expect.arrayContaining(commands.toSorted()));
    expect(of('selffer re').toSorted()).toEqual(['report', 'reproduce']);
    expect(of('selffer data ').toSorted()).toEqual(
      expect.arrayContaining(['fetch', 'info', 'pack']),
    );
    expect(of('selffer run --th')).toEqual(['--threads']);
    expect(of('selffer run study.yaml --executor ').toSorted()).toEqual(
      ['auto', ...executorNames].toSorted(),
    );
    expect(of('selffer data pack --chan')).toEqual(['--channels']);
    // An option of another command is not offered.
    expect(of('selffer status --executor')).toEqual([]);
    expect(of('selffer completion ').toSorted()).toEqual(shells.toSorted());
  });
});

test.skipIf(!isInstalled('fish'))('fish: the study of `run` is a file', () => {
  writeFileSync(join(folder, 'some-study.yaml'), '');
  expect(complete.fish('selffer run some-st')).toEqual(['some-study.yaml']);
});

test('bash: what is no word of ours is left to the completion of files', () => {
  expect(complete.bash('selffer run stu')).toEqual([]);
  expect(scripts.get('bash')).toContain('complete -o default');
});

/** What a terminal shows after `line` and a tab, at the latest after ten seconds. */
function typedInZsh(line: string, wanted: string): string {
  const code = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT= ; unsetopt zle_bracketed_paste 2> /dev/null; autoload -U compinit; compinit -D -u; source ${folder}/zsh; cd ${folder}; echo re''ady"
until zpty -t shell && zpty -r shell said && [[ $said == *ready* ]]; do sleep 0.05; done
zpty -w -n shell ${`$'${line}\\t'`}
for ((i = 0; i < 200; i++)); do
  sleep 0.05
  while zpty -r -t shell said; do all+=$said; done
  [[ $all == *${`'${wanted}'`}* ]] && break
done
print -r -- "$all"
zpty -d shell`;
  return spawnSync('zsh', ['-f', '-c', code], { encoding: 'utf8', timeout: 60_000 }).stdout;
}

test.skipIf(!isInstalled('zsh'))('zsh completes commands, options and their values', () => {
  for (const [line, wanted] of [
    ['selffer repr', 'selffer reproduce'],
    ['selffer run x.yaml --executor ref', '--executor reference'],
    ['selffer run some-st', 'selffer run some-study.yaml'],
  ] as const) {
    expect(typedInZsh(line, wanted)).toContain(wanted);
  }
});

interface Known {
  readonly path: string;
  readonly flags: readonly string[];
}

/** Every command with the flags of its options. */
function knownOf(command: ReturnType<typeof buildProgram>, path = ''): readonly Known[] {
  const flags = command.options.flatMap(({ long, short }) => [long, short]);
  const own = { path, flags: flags.filter((flag) => typeof flag === 'string') };
  return [
    own,
    ...command.commands.flatMap((each) => knownOf(each, `${path} ${each.name()}`.trim())),
  ];
}

// What a script has for one command: shells that are not installed cannot be asked.
const partOf: Readonly<Record<(typeof shells)[number], (script: string, path: string) => string>> =
  {
    bash: (script, path) => linesWith(script, `'${path}') COMPREPLY=($(compgen -W '-`),
    zsh: (script, path) => linesWith(script, `'${path}') `),
    fish: (script, path) => linesWith(script, `__selffer_at "${path}"'`),
    powershell: (script, path) =>
      (script.split(`\n  '${path}' = @{\n`)[1] ?? '').split('\n  }')[0] ?? '',
  };

function linesWith(script: string, text: string): string {
  return script
    .split('\n')
    .filter((line) => line.includes(text))
    .join('\n');
}

test.each(shells)('%s: each command with all of its options, and no others', (shell) => {
  const script = scripts.get(shell) as string;
  const known = knownOf(buildProgram());
  const all = new Set(known.flatMap(({ flags }) => flags));
  const isIn = (part: string, flag: string): boolean => {
    const written =
      shell !== 'fish' ? flag : flag.replace(/^--/, '-l ').replace(/^-(?=\w$)/, '-s ');
    return new RegExp(`(?<![\\w-])${written}(?![\\w-])`).test(part);
  };
  for (const { path, flags } of known) {
    const part = partOf[shell](script, path);
    const lacking = flags.filter((flag) => !isIn(part, flag));
    expect(lacking, path).toEqual([]);
    // Descriptions of PowerShell and fish may name another option.
    if (shell !== 'bash') continue;
    expect(
      [...all].filter(
        (flag) => !flags.includes(flag) && isIn(part, flag) && !/^-(h|-help)$/.test(flag),
      ),
      path,
    ).toEqual([]);
  }
});

test.each(['zsh', 'fish', 'powershell'] as const)('%s: quotes are in pairs', (shell) => {
  for (const line of (scripts.get(shell) as string).split('\n')) {
    expect((line.match(/'/g) ?? []).length % 2, line).toBe(0);
  }
});

test('PowerShell: every command with its options', () => {
  const script = scripts.get('powershell') as string;
  for (const name of commands) expect(script).toContain(`'${name}' = @{`);
  expect(script).toContain("'--executor' = @('auto',");
});

test('every command that does something has --json', () => {
  const lacking: string[] = [];
  const visit = (command: ReturnType<typeof buildProgram>, path: string): void => {
    if (command.commands.length === 0 && !command.options.some(({ long }) => long === '--json')) {
      lacking.push(path);
    }
    for (const each of command.commands) visit(each, `${path} ${each.name()}`);
  };
  visit(buildProgram(), 'selffer');
  expect(lacking).toEqual([]);
});
