// `selffer init`: writes a study file in which every choice is explained.
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { UsageError } from '../../base/errors.js';
import { print, printJson } from '../output.js';
import { packageFile } from '../../base/package-files.js';

/** Adds the command. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented study file')
    .argument('[file]', 'where to', 'study.yaml')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExample:\n  selffer init my-study.yaml && selffer run my-study.yaml --dry-run',
    )
    .action((file: string, options: { force?: boolean; json?: boolean }) => {
      if (existsSync(file) && !options.force) {
        throw new UsageError(`${file} is there already`, {
          hint: 'Give another name, or --force.',
        });
      }
      // Editors find the schema by this comment, and complete keys from it.
      const schema = `# yaml-language-server: $schema=${packageFile('schema/study.schema.json')}\n`;
      writeFileAtomic(file, schema + readFileSync(packageFile('examples/template.yaml'), 'utf8'));
      if (options.json) printJson({ file });
      else print(`wrote ${file}; edit it, then: selffer run ${file} --dry-run`);
    });
}
