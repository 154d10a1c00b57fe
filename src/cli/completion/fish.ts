// Completion for fish: with descriptions; arguments that are not words of ours are files.
import type { CommandWords } from './command-list.js';

/** The script. */
export function fishScript(list: readonly CommandWords[]): string {
  const names = list.filter(({ path }) => path.length > 0).map(({ path }) => path.join(' '));
  const lines = list.flatMap(({ path, commands, options, words }) => {
    const start = `complete -c selffer -n '__selffer_at ${quoted(path.join(' '))}'`;
    const given = commands.map(
      ({ name, description }) => `${start} -f -a ${name} -d '${description}'`,
    );
    const oneOf = words.length === 0 ? [] : [`${start} -f -a '${words.join(' ')}'`];
    const flags = options.map((option) => `${start} ${flagWords(option)}`);
    return [...given, ...oneOf, ...flags];
  });
  return `# Completion of selffer for fish: selffer completion fish | source
function __selffer_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        set -l next (string trim -- "$at $word")
        contains -- "$next" ${names.map(quoted).join(' ')}; and set at "$next"
    end
    test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function flagWords({ flags, description, values }: CommandWords['options'][number]): string {
  const [long = '', short] = flags;
  const value = values === null ? '' : values.length === 0 ? ' -r' : ` -x -a '${values.join(' ')}'`;
  return `-l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}${value} -d '${description}'`;
}

// Within single quotes of the condition.
function quoted(text: string): string {
  return `"${text}"`;
}
