// The pretrained networks of the truth test: trained and exported as a user would, or shipped.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selffer } from './command.js';
import { glyphHalves, type Places } from './images.js';
import type { SourceName } from './settings.js';

const shipped = {
  lite0: 'efficientnet-lite0-imagenet-legacy17.onnx',
  ppocr: 'ppocr-textdirection-mobilenetv3.onnx',
} as const;

/** The ONNX file of a source; made unless it is there.
 *  @param models folder of those that are shipped */
export async function makeSource(
  name: SourceName,
  places: Places,
  models: string,
): Promise<string> {
  if (name === 'lite0' || name === 'ppocr') return join(models, shipped[name]);
  const folder = join(places.work, 'sources');
  const file = join(folder, `${name}.onnx`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const isGlyph = name.startsWith('glyph28');
  const key = isGlyph ? name : 'tiny32';
  const study = join(folder, `${key}.yaml`);
  const text = isGlyph ? glyphStudy(name === 'glyph28-random') : tinyStudy(places);
  writeFileSync(study, `${JSON.stringify({ name: key, ...text }, null, 1)}\n`);
  const out = join(folder, key);
  await selffer('run', study, '--out', out, '--workers', '1', '--json');
  const network = { glyph28: 'baseA', 'glyph28-random': 'baseA', 'tiny32-natural': 'baseB' };
  const of = name === 'tiny32-man-made' ? 'baseA' : network[name];
  const split = isGlyph ? 'classes' : 'natural-man-made';
  await selfferExport(out, `${split}/${of}`, file);
  return file;
}

async function selfferExport(study: string, network: string, file: string): Promise<void> {
  await selffer('export', study, network, '--onnx', file, '--prepared', '--json');
}

function glyphStudy(isRandom: boolean): object {
  const [first, second] = glyphHalves();
  return {
    data: { source: 'glyphs', mean: [100] },
    tasks: { classes: { A: first, B: second } },
    network: 'glyph28',
    solver: {
      ...{ type: 'adamw', lr: isRandom ? 1e-9 : 0.002, lrPolicy: 'cosine', batch: 32 },
      ...(isRandom ? { iterations: 1, testEvery: 1 } : { epochs: 20, testEvery: '5epochs' }),
    },
    ...{ treatments: ['base'], targets: ['A'], keep: 'all' },
  };
}

// A is man-made, B natural.
function tinyStudy({ data }: Places): object {
  return {
    data: {
      ...{ source: join(data, 'tiny-imagenet-100-[0-4]of5.tar.gz'), size: 36, crop: 32 },
      ...{ mirror: true, mean: [120, 112, 100] },
    },
    tasks: { split: 'natural-man-made' },
    network: 'tiny32',
    solver: {
      ...{ type: 'adamw', lr: 0.002, lrPolicy: 'cosine', warmup: 200, batch: 128, epochs: 12 },
      testEvery: '1epoch',
    },
    ...{ treatments: ['base'], keep: 'all' },
  };
}
