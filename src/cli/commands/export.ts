// `selffer export RUN --onnx FILE`: a trained network for other programs.
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { writeFileAtomic } from '../../base/atomic-file.js';
import { UsageError } from '../../base/errors.js';
import { exportRun, findRun } from '../../study/export/exported-run.js';
import { print, printJson } from '../output.js';
import { formatSize } from '../../base/quantities.js';

interface ExportFlags {
  readonly onnx: string;
  readonly prepared?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write a trained network as an ONNX file')
    .argument('<run>', 'folder of a network, or of a study')
    .argument('[network]', 'name of the network in the study, such as split0/A3B+')
    .requiredOption('--onnx <file>', 'where to')
    .option('--prepared', 'the file takes (pixel - mean) * scale instead of pixels')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nThe file takes pixels 0..255 as [N,C,H,W], RGB or grey, the middle of the image, and gives\nlogits. Class names and how images are prepared stand in its metadata. --prepared leaves mean and\nscale out of the graph, as `network:` and `bases:` of a study want it.\n\nExamples:\n  selffer export demo split0/baseA --onnx baseA.onnx\n  selffer export demo/runs/split0/baseA --onnx baseA.onnx --prepared --json',
    )
    .action(async (path: string, name: string | undefined, flags: ExportFlags) => {
      const run = findRun(path, name);
      if (existsSync(flags.onnx) && !flags.force) {
        throw new UsageError(`${flags.onnx} is there already`, {
          hint: 'Give another name, or --force.',
        });
      }
      const isPrepared = flags.prepared ?? false;
      const { bytes, metadata, classes } = await exportRun(run, { isPrepared });
      writeFileAtomic(flags.onnx, bytes);
      if (flags.json) {
        const { name: network } = run.entry;
        printJson({ file: flags.onnx, network, bytes: bytes.length, classes, metadata });
      } else {
        const input = isPrepared ? '(pixel - mean) * scale' : 'pixels 0..255';
        print(
          `wrote ${flags.onnx}, ${formatSize(bytes.length)}: takes ${input}, gives the logits of ${classes} classes`,
        );
      }
    });
}
