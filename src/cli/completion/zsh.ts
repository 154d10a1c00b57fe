// Completion for zsh: with descriptions; what is not a word of ours is completed as a file.
import type { CommandWords } from './command-list.js';

/** The script. */
export function zshScript(list: readonly CommandWords[]): string {
  const nested = list
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quoted(path.join(' ')));
  const ofValue = list.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values }) => {
      if (values === null) return [];
      const places = flags.map((flag) => quoted(`${path.join(' ')}|${flag}`)).join('|');
      const how = values.length === 0 ? '_files' : `compadd -- ${values.join(' ')}`;
      return [`    ${places}) ${how}; return ;;`];
    }),
  );
  const flagsOf = list.map(({ path, options }) => {
    const all = options.flatMap(({ flags, description }) =>
      flags.map((flag) => described(flag, description)),
    );
    return `      ${quoted(path.join(' '))}) found=(${all.join(' ')}) ;;`;
  });
  const wordsOf = list.flatMap(({ path, commands, words }) => {
    const all = [
      ...commands.map(({ name, description }) => described(name, description)),
      ...words.map((word) => quoted(word)),
    ];
    return all.length === 0 ? [] : [`    ${quoted(path.join(' '))}) found=(${all.join(' ')}) ;;`];
  });
  return `#compdef selffer
# Completion of selffer for zsh: eval "$(selffer completion zsh)" after compinit
_selffer() {
  local cur="$words[CURRENT]" prev="$words[CURRENT-1]" at='' next
  local -a found
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    next="\${at:+$at }$words[i]"
    case "$next" in (${nested.join('|')}) at="$next" ;; esac
  done
  case "$at|$prev" in
${ofValue.join('\n').replaceAll(/^ {4}/gm, '    (')}
  esac
  if [[ $cur == -* ]]; then
    case "$at" in
${flagsOf.join('\n').replaceAll(/^ {6}/gm, '      (')}
    esac
    _describe -o option found
    return
  fi
  case "$at" in
${wordsOf.join('\n').replaceAll(/^ {4}/gm, '    (')}
  esac
  if ((\${#found})); then _describe word found; else _files; fi
}
compdef _selffer selffer
`;
}

function described(word: string, description: string): string {
  return quoted(`${word}:${description}`);
}

function quoted(text: string): string {
  return `'${text}'`;
}
