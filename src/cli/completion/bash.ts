// Completion for bash: what is not a word of ours is completed as a file.
import type { CommandWords } from './command-list.js';

/** The script. */
export function bashScript(list: readonly CommandWords[]): string {
  const nested = list
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted(path.join(' ')));
  const values = list.flatMap(({ path, options }) =>
    options.flatMap((option) =>
      option.values === null ? [] : [{ path, flags: option.flags, values: option.values }],
    ),
  );
  const ofValue = values.map(({ path, flags, values: words }) => {
    const places = flags.map((flag) => quoted(`${path.join(' ')}|${flag}`)).join('|');
    return `    ${places}) COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur")); return ;;`;
  });
  const flagsOf = list.map(({ path, options }) => {
    const words = options.flatMap(({ flags }) => flags).join(' ');
    return `      ${quoted(path.join(' '))}) COMPREPLY=($(compgen -W ${quoted(words)} -- "$cur")) ;;`;
  });
  const wordsOf = list.flatMap(({ path, commands, words }) => {
    const all = [...commands.map(({ name }) => name), ...words].join(' ');
    const place = quoted(path.join(' '));
    return all === ''
      ? []
      : [`    ${place}) COMPREPLY=($(compgen -W ${quoted(all)} -- "$cur")) ;;`];
  });
  return `# Completion of selffer for bash: eval "$(selffer completion bash)"
_selffer() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" at='' next i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${at:+$at }\${COMP_WORDS[i]}"
    case "$next" in ${nested.join('|')}) at="$next" ;; esac
  done
  case "$at|$prev" in
${ofValue.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case "$at" in
${flagsOf.join('\n')}
    esac
    return
  fi
  case "$at" in
${wordsOf.join('\n')}
  esac
}
complete -o default -F _selffer selffer
`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
