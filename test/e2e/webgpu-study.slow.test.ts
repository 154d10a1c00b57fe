// A whole small study by onnxruntime's WebGPU provider, by the real command: on the machine's own
// adapter, or on SwiftShader, which computes on the processor, where Chromium has brought it along.
// Its networks lie beside oneDNN's no further than training again puts them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { fillUniform, streamKey } from '../../src/base/random-stream.js';
import { createWebgpuExecutor } from '../../src/executors/onnx/index.js';
import { openOrSkip } from '../../src/executors/onednn/open-or-skip.cases.js';
import type { Results } from '../../src/study/results/types.js';
import type { Reproduction } from '../../src/study/reproduce/judge.js';

const swiftShader = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (process.env['VK_ICD_FILENAMES'] === undefined && existsSync(swiftShader)) {
  process.env['VK_ICD_FILENAMES'] = swiftShader;
}

const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'selffer-webgpu-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Software is slow: few small images, a network of three layers.
writeFileSync(
  join(folder, 'net.prototxt'),
  `name: "stripes"
layer { name: "data" type: "Data" top: "data" top: "label"
  transform_param { scale: 0.015625 crop_size: 12 } data_param { batch_size: 8 } }
${conv('conv1', 'data', 8)} ${pool('pool1', 'conv1')}
${conv('conv2', 'pool1', 12)} ${pool('pool2', 'conv2')}
layer { name: "ip3" type: "InnerProduct" bottom: "pool2" top: "ip3"
  inner_product_param { num_output: 3 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip3" bottom: "label" }
`,
);
const study = join(folder, 'study.yaml');
writeFileSync(
  study,
  `name: stripes
data: {source: images, size: 12, crop: 12, channels: 1}
network: net.prototxt
solver: {lr: 0.02, batch: 8, iterations: 48, testEvery: 24}
treatments: [base, AnB, BnB+]
layers: [2]
repeats: 2
keep: all
`,
);

function conv(name: string, bottom: string, outputs: number): string {
  return `layer { name: "${name}" type: "Convolution" bottom: "${bottom}" top: "${name}"
    convolution_param { num_output: ${outputs} kernel_size: 3 pad: 1
      weight_filler { type: "msra" } } }
  layer { name: "${name}-relu" type: "ReLU" bottom: "${name}" top: "${name}" }`;
}

function pool(name: string, bottom: string): string {
  return `layer { name: "${name}" type: "Pooling" bottom: "${bottom}" top: "${name}"
    pooling_param { pool: MAX kernel_size: 2 stride: 2 } }`;
}

/** Stripes of six directions and a little noise. */
function writeImages(part: string, count: number): void {
  for (let label = 0; label < 6; label++) {
    const place = join(folder, 'images', part, `direction${label}`);
    mkdirSync(place, { recursive: true });
    const angle = (Math.PI * label) / 6;
    for (let image = 0; image < count; image++) {
      const draws = new Float32Array(145);
      fillUniform(draws, streamKey([part, label, image]), -1, 1);
      const [phase = 0, ...noise] = draws;
      const pixels = Uint8Array.from(noise, (each, index) => {
        const along = (index % 12) * Math.cos(angle) + Math.floor(index / 12) * Math.sin(angle);
        return 128 + 70 * Math.sin(1.5 * along + Math.PI * phase) + 25 * each;
      });
      const header = Buffer.from('P5\n12 12\n255\n');
      writeFileSync(join(place, `${image}.pgm`), Buffer.concat([header, pixels]));
    }
  }
}

function selffer(...args: string[]) {
  const env = { ...process.env, SELFFER_CACHE_DIR: join(folder, 'cache') };
  return spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', env });
}

const { engine } = openOrSkip();

test('a study of twelve networks trains, and lies beside oneDNN within its bounds', async ({
  skip,
}) => {
  if (engine === undefined) skip('no oneDNN to compare with');
  try {
    await createWebgpuExecutor();
  } catch (error) {
    skip(error instanceof Error ? error.message : String(error));
  }
  writeImages('train', 24);
  writeImages('val', 8);
  const out = join(folder, 'out');
  const { status, stderr } = selffer('run', study, '--out', out, '--executor', 'webgpu');
  expect(status, stderr).toBe(0);
  const results = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
  expect(results.networks).toHaveLength(12);
  expect(results.networks.filter(({ state }) => state !== 'done')).toEqual([]);
  // It has learnt: else any two executors would agree.
  const bases = results.networks.filter(({ treatment }) => treatment === 'base');
  for (const { accuracy } of bases) expect(accuracy).toBeGreaterThan(0.6);
  const names = ['split0/baseA', 'split0/baseB', 'split0/A2B', 'split0/B2B+'];
  const asked = ['reproduce', out, ...names, '--executor', 'onednn', '--json'];
  const again = selffer(...asked);
  expect(again.status, again.stderr).toBe(0);
  const { networks } = JSON.parse(again.stdout) as { readonly networks: readonly Reproduction[] };
  expect(networks).toHaveLength(names.length);
  for (const { verdict, firstDifference } of networks) {
    expect(verdict).toBe('expected');
    // Losses after 24 iterations differ by rounding alone.
    const { recorded, reproduced } = firstDifference ?? {};
    expect(Math.abs(Number(reproduced) / Number(recorded) - 1)).toBeLessThan(1e-5);
  }
});
