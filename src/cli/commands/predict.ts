// `selffer predict MODEL.onnx IMAGES...`: the class of images, by a network that `advise --save` or
// `export` wrote.
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { predict } from '../../advise/predict.js';
import type { ExecutorName } from '../../executors/names.js';
import { executorOption, threadsOption } from '../options.js';
import { print, printJson } from '../output.js';
import { chooseExecutor } from '../probe.js';
import { runFeatures } from '../run-features.js';

interface PredictFlags {
  readonly executor: 'auto' | ExecutorName;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Adds the command. */
export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('say what is on images, with a network that was saved')
    .argument('<model>', 'ONNX file that `advise --save` or `export` wrote')
    .argument('<images...>', 'image files')
    .addOption(executorOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  selffer predict best.onnx photo.jpg other.png')
    .action(async (model: string, images: string[], flags: PredictFlags) => {
      const threads = flags.threads ?? availableParallelism();
      const { name: executor } = chooseExecutor(flags.executor, threads);
      const request = { model, images, executor, threads, features: runFeatures };
      const predictions = await predict(request);
      if (flags.json) printJson({ model, predictions });
      else {
        for (const { image, class: name, probability, problem } of predictions) {
          const said = name === null ? `cannot be used: ${problem}` : name;
          const sure = probability === null ? '' : `  ${(100 * probability).toFixed(1)} %`;
          print(`${image}  ${said}${sure}`);
        }
      }
      if (predictions.some((each) => each.class === null)) process.exitCode = 1;
    });
}
