// What the command line takes, as a list that completion scripts are made of.
import type { Argument, Command, Option } from 'commander';

/** An option, as it is completed. */
export interface OptionWords {
  /** "--out", and "-o" if there is one. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Null: it takes no value. Empty: a value that is none of a few, often a path. */
  readonly values: readonly string[] | null;
}

/** A command, or the command line itself. */
export interface CommandWords {
  /** Words that lead to it: [] for the command line itself, ["data", "pack"]. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionWords[];
  /** Words of its arguments that are one of a few. */
  readonly words: readonly string[];
}

/** All commands, each after the one that it is of. */
export function commandList(
  command: Command,
  path: readonly string[] = [],
): readonly CommandWords[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const own: CommandWords = {
    path,
    description: shortOf(command.description()),
    commands: children.map((each) => {
      return { name: each.name(), description: shortOf(each.description()) };
    }),
    options: help.visibleOptions(command).map(optionWords),
    words: command.registeredArguments.flatMap((each: Argument) => each.argChoices ?? []),
  };
  const below = children.flatMap((each) => commandList(each, [...path, each.name()]));
  return [own, ...below];
}

function optionWords(option: Option): OptionWords {
  const { long, short, description, argChoices, required, optional } = option;
  return {
    flags: [long, short].filter((flag) => flag !== undefined && flag !== null),
    description: shortOf(description),
    values: required || optional ? (argChoices ?? []) : null,
  };
}

// A line in a list; and nothing that a shell could take for its own.
function shortOf(description: string): string {
  const [first = ''] = description.split(/[.:;(]/);
  return first.replace(/[^\p{L}\p{N} ,/%+=<>-]/gu, '').trim();
}
