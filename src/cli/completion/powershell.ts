// Completion for PowerShell: what is not a word of ours is completed as a file, by PowerShell.
import type { CommandWords } from './command-list.js';

/** The script. */
export function powershellScript(list: readonly CommandWords[]): string {
  const rows = list.map(({ path, commands, options, words }) => {
    const all = [
      ...commands.map(({ name, description }) => pair(name, description)),
      ...words.map((word) => pair(word, word)),
    ];
    const flags = options.flatMap((option) =>
      option.flags.map((flag) => pair(flag, option.description)),
    );
    const values = options.flatMap((option) =>
      option.values === null
        ? []
        : option.flags.map((flag) => `'${flag}' = @(${option.values?.map(quoted).join(', ')})`),
    );
    return `  ${quoted(path.join(' '))} = @{
    Words = [ordered]@{ ${all.join('; ')} }
    Flags = [ordered]@{ ${flags.join('; ')} }
    Values = @{ ${values.join('; ')} }
  }`;
  });
  return `# Completion of selffer for PowerShell: selffer completion powershell | Out-String | Invoke-Expression
$selfferCommands = @{
${rows.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName selffer -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { $_.ToString() })
  $at = ''
  foreach ($word in @($words | Select-Object -Skip 1)) {
    $next = "$at $word".Trim()
    if ($selfferCommands.ContainsKey($next)) { $at = $next }
  }
  $command = $selfferCommands[$at]
  $previous = if ($words.Count -gt 1) { $words[-1] } else { '' }
  $found = [ordered]@{}
  if ($command.Values.ContainsKey($previous)) {
    foreach ($value in $command.Values[$previous]) { $found[$value] = $value }
  } elseif ($wordToComplete.StartsWith('-')) { $found = $command.Flags }
  else { $found = $command.Words }
  foreach ($word in $found.Keys) {
    if (-not $word.StartsWith($wordToComplete)) { continue }
    $tip = if ($found[$word]) { $found[$word] } else { $word }
    [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $tip)
  }
}
`;
}

function pair(word: string, description: string): string {
  return `${quoted(word)} = ${quoted(description)}`;
}

function quoted(text: string): string {
  return `'${text}'`;
}
