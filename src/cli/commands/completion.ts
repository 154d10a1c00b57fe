// `selffer completion SHELL`: prints a script with which a shell completes commands and options.
import { Argument, type Command } from 'commander';
import { bashScript } from '../completion/bash.js';
import { type CommandWords, commandList } from '../completion/command-list.js';
import { fishScript } from '../completion/fish.js';
import { powershellScript } from '../completion/powershell.js';
import { zshScript } from '../completion/zsh.js';
import { print, printJson } from '../output.js';

/** Shell -> its script. */
const shells = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
} as const satisfies Readonly<Record<string, (list: readonly CommandWords[]) => string>>;

/** Adds the command. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script with which a shell completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(shells)))
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  selffer completion fish | source             # in ~/.config/fish/config.fish
  eval "$(selffer completion bash)"            # in ~/.bashrc
  eval "$(selffer completion zsh)"             # in ~/.zshrc, after compinit
  selffer completion powershell | Out-String | Invoke-Expression    # in $PROFILE`,
    )
    .action((shell: keyof typeof shells, options: { json?: boolean }) => {
      const script = shells[shell](commandList(program));
      if (options.json) printJson({ shell, script });
      else print(script.trimEnd());
    });
}
