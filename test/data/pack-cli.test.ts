// `selffer data pack` and `selffer data info` as users meet them.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { packDisplay, packText } from '../../src/cli/pack-display.js';
import { threadsOf, journaled, packProcess, sizeOf, writeBusyFolder } from './pack-process.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-pack-cli-'));
const images = join(root, 'images');
let out: string;
let err: string;

beforeAll(async () => {
  for (const [at, name] of ['train/a/1', 'train/b/2', 'val/a/3', 'val/b/4'].entries()) {
    mkdirSync(join(images, name, '..'), { recursive: true });
    const background = { r: 60 * at, g: 200 - 50 * at, b: 9 };
    const blank = { width: 40, height: 30, channels: 3, background } as const;
    writeFileSync(join(images, `${name}.jpg`), await sharp({ create: blank }).jpeg().toBuffer());
  }
  writeFileSync(join(images, 'train/a/empty.jpg'), '');
  writeFileSync(join(images, 'train/b/page.jpg'), '<html>');
  writeFileSync(join(images, 'train/b/zeros.jpg'), Buffer.alloc(99));
});
beforeEach(() => {
  [out, err] = ['', ''];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((err += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  process.exitCode = undefined;
});
afterAll(() => rmSync(root, { recursive: true }));

async function status(...args: string[]): Promise<number> {
  process.exitCode = undefined;
  await main(['data', ...args]);
  return Number(process.exitCode ?? 0);
}

const pack = (name: string, ...extra: string[]) =>
  status('pack', images, '--out', join(root, name), '--size', '32', ...extra);

describe('data pack', () => {
  test('says what it made, what it left out, and where every name is', async () => {
    expect(await pack('a.store')).toBe(0);
    expect(out).toMatch(
      /a\.store: 2 training and 2 validation images of 2 classes, 18 KiB \(raw records, 4,\d{3} bytes/,
    );
    expect(out).toContain(`every file by name: ${join(root, 'a.store.report.json')}`);
    expect(err).toContain('left out 1 files: the file is empty\n');
    expect(err).toContain('left out 1 files: not an image that can be read (it looks like HTML');
    const report = JSON.parse(readFileSync(join(root, 'a.store.report.json'), 'utf8'));
    expect(report).toMatchObject({
      schema: 'selffer.pack/1',
      ...{ classes: 2, images: { train: 2, val: 2 }, size: 32, records: 'raw', resize: 'warp' },
      sizeBytes: sizeOf(join(root, 'a.store')),
      skipped: [
        { file: 'train/a/empty.jpg', origin: images, reason: 'the file is empty' },
        { file: 'train/b/page.jpg', reason: expect.stringMatching(/HTML or XML/) },
        { file: 'train/b/zeros.jpg', reason: expect.stringMatching(/begins with zeros/) },
      ],
    });
  });

  test('--json prints that report and nothing else', async () => {
    expect(await pack('b.store', '--json', '--records', 'jpeg', '--resize', 'crop')).toBe(0);
    const report = JSON.parse(out);
    expect(report).toEqual(JSON.parse(readFileSync(join(root, 'b.store.report.json'), 'utf8')));
    expect(report).toMatchObject({ records: 'jpeg', resize: 'crop' });
    expect(err).toBe('');
  });

  test('--strict ends with status 2, names the file and keeps what is done', async () => {
    expect(await pack('c.store', '--strict')).toBe(2);
    expect(err).toMatch(/error train\/a\/empty\.jpg: the file is empty\nWithout --strict/);
    expect(existsSync(join(root, 'c.store'))).toBe(false);
    expect(journaled(join(root, 'c.store'))).toBe(1);
    out = '';
    expect(await pack('c.store', '--strict', '--json')).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ event: 'error', code: 'data' });
  });

  test('--dry-run states the sizes of both kinds of records and writes nothing', async () => {
    expect(await pack('d.store', '--dry-run')).toBe(0);
    expect(out).toMatch(/^5 training and 2 validation files of 2 classes\n/);
    expect(out).toContain('--records raw   21 KiB, 3,072 bytes an image\n');
    expect(out).toMatch(/--records jpeg {2}about \d KiB, \d+ bytes an image \(mean of 4\)\n/);
    expect(out).toMatch(/free +[\d.]+ .iB where .*d\.store would be/);
    expect(existsSync(join(root, 'd.store.partial'))).toBe(false);
    const before = out;
    out = '';
    expect(await pack('d.store', '--dry-run', '--json')).toBe(0);
    const { raw, jpeg } = JSON.parse(out);
    expect(raw).toEqual({ recordBytes: 3072, bytes: 7 * 3072 });
    expect(before).toContain(`${jpeg.recordBytes} bytes an image (mean of ${jpeg.samples})`);
    // What is stated comes true.
    expect(await pack('e.store', '--records', 'jpeg')).toBe(0);
    const records = sizeOf(join(root, 'e.store')) - 4096 - 4 * jpeg.recordBytes;
    expect(Math.abs(records)).toBeLessThan(2500); // the index
  });

  test.each([
    [['pack', '--out', 'y', '--size', '9'], /missing required argument 'source'/],
    [['pack', 'x', '--size', '9'], /required option '--out <store>' not specified/],
    [['pack', 'x', '--out', 'y'], /required option '--size <pixels>' not specified/],
    [['pack', 'x', '--out', 'y', '--size', '0'], /at least 1/],
    [['pack', 'x', '--out', 'y', '--size', '9', '--records', 'png'], /choices are raw, jpeg/],
    [['pack', 'x', '--out', 'y', '--size', '9', '--resize', 'fit'], /choices are warp, crop/],
    [['pack', '/nowhere/x', '--out', '/tmp/y', '--size', '9'], /"\/nowhere\/x": nothing there/],
    [['pack', images, '--out', join(root, 'y'), '--size', '9999'], /from 1 to 4096/],
    [['info'], /missing required argument 'store'/],
    [['info', '/nowhere/x.store'], /x\.store: this store .* cannot be opened/],
    [['info', join(images, 'train/a/1.jpg')], /its first bytes are foreign/],
  ])('%j ends with status 2', async (args, message) => {
    expect(await status(...args)).toBe(2);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/ at .*:\d+:\d+/);
  });

  test.each(['pack', 'info'])('%s --help has an example', async (command) => {
    expect(await status(command, '--help')).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\n {2}selffer data ${command} `));
  });

  test('a disk without room for raw records is refused before anything is decoded', async ({
    skip,
  }) => {
    const { bavail, bsize } = statfsSync(root);
    // Links to one image; others may delete files meanwhile, so for 16 GiB more than are free.
    const count = Math.ceil((bavail * bsize + 2 ** 34) / (3 * 4096 * 4096));
    if (count > 200_000) return skip('a disk with 10 TB free: the links alone would take long');
    const many = join(root, 'many');
    mkdirSync(join(many, 'train/a'), { recursive: true });
    // Room is counted before anything is looked at, so a text will do, and the survey is quick.
    const image = join(root, 'no-image.txt');
    writeFileSync(image, 'text');
    for (let at = 0; at < count; at++) symlinkSync(image, join(many, 'train/a', `${at}.jpg`));
    const large = ['--out', join(root, 'large.store'), '--size', '4096'];
    expect(await status('pack', many, ...large)).toBe(2);
    expect(err).toMatch(/its records need [\d.]+ GiB, [\d.]+ GiB are free there\n.*--records jpeg/);
    expect(journaled(join(root, 'large.store'))).toBe(0);
    expect(await status('pack', many, ...large, '--dry-run')).toBe(0);
    expect(err).toContain('the store does not fit with --records raw');
  });
});

describe('progress', () => {
  const at = (files: number, fraction: number, resumed = 0) => ({
    ...{ files, resumed, skipped: 3, fraction, storeBytes: files * 2 ** 20 },
  });

  test('has rate, time left and final size; what an earlier process did is no rate', () => {
    expect(packText(at(1000, 0.1, 1000), at(3000, 0.3, 1000), 20)).toBe(
      'packing: 3,000 files (30 %), 3 left out | 100 images/s | 1 min 10 s left | about 9.8 GiB in the end',
    );
    expect(packText(at(0, 0), at(0, 0), 0)).toBe('packing: 0 files (0 %), 3 left out');
  });

  test('off a terminal is a line every ten seconds, and a warning if the disk is too small', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const display = packDisplay(() => 2 ** 30);
    display.on(at(0, 0));
    for (let second = 1; second <= 25; second++) {
      vi.advanceTimersByTime(1000);
      display.on(at(100 * second, second / 50));
    }
    display.close();
    const lines = err.trimEnd().split('\n');
    expect(lines.map((line) => line.slice(0, 27))).toEqual([
      'warning about 4.6 GiB more ',
      'packing: 1,000 files (20 %)',
      'packing: 2,000 files (40 %)',
    ]);
    expect(lines[1]).toContain('| 100 images/s | 40 s left |');
    for (const control of ['\r', '\u001b']) expect(err).not.toContain(control);
  });
});

describe('data info', () => {
  test('warns of leaks and of damage, and writes what it found', async () => {
    const leaky = join(root, 'leaky');
    const noise = Buffer.from(Array.from({ length: 3072 }, (_, i) => Math.imul(i, 40503) >>> 8));
    const raw = { width: 32, height: 32, channels: 3 } as const;
    const png = await sharp(noise, { raw }).png().toBuffer();
    for (const name of ['train/a/1', 'train/b/2', 'val/a/3', 'val/b/4']) {
      mkdirSync(join(leaky, name, '..'), { recursive: true });
      writeFileSync(join(leaky, `${name}.png`), png);
    }
    const store = join(root, 'leaky.store');
    expect(await status('pack', leaky, '--out', store, '--size', '32')).toBe(0);
    out = '';
    expect(await status('info', store)).toBe(0);
    expect(out).toContain('leaky.store: 2 classes, 3x32x32, 17 KiB\n');
    expect(out).toContain('training      2 images, 1 a class\n');
    expect(out).toMatch(/equal pixels {2}1 groups: .*1 across both, 1 across classes\n/);
    expect(err).toMatch(/warning 2 validation images \(100\.00 %\) are also training images/);
    for (const each of ['contact-sheet.png', 'mean.png', 'info.json']) {
      expect(sizeOf(`${store}.${each}`)).toBeGreaterThan(50);
    }
    out = '';
    expect(await status('info', store, '--json')).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(`${store}.info.json`, 'utf8')));
    const bytes = readFileSync(store);
    bytes[5000]! ^= 0xff;
    writeFileSync(store, bytes);
    err = '';
    expect(await status('info', store)).toBe(0);
    expect(err).toContain('warning 1 records are damaged: pack again');
  });
});

describe('a pack that is interrupted', () => {
  const busy = join(root, 'busy');
  beforeAll(() => writeBusyFolder(busy, 120));
  const args = (name: string) => [busy, '--out', join(root, name), '--size', '96'];

  test('by Ctrl-C or kill -9 goes on, to the same bytes', async () => {
    const [whole, store] = [join(root, 'whole.store'), join(root, 'twice.store')];
    expect((await packProcess(args('whole.store'))).status).toBe(0);
    const bytes = sizeOf(whole);
    // Records reach the file a MiB at a time.
    const isBegun = () => sizeOf(`${store}.partial`) >= 2 ** 20;
    const stopped = await packProcess(args('twice.store'), 'SIGINT', isBegun);
    expect(stopped).toMatchObject({ status: 130, out: '' });
    expect(stopped.err).toContain('stopped; run the same command again to resume');
    const safe = journaled(store);
    expect(safe).toBeGreaterThanOrEqual(2 ** 20 / (3 * 96 * 96) - 1);
    expect(existsSync(`${store}.lock`)).toBe(false);
    const isFurther = () => sizeOf(`${store}.partial`) > 0.7 * bytes;
    expect((await packProcess(args('twice.store'), 'SIGKILL', isFurther)).signal).toBe('SIGKILL');
    expect(existsSync(`${store}.lock`)).toBe(true);
    expect(journaled(store)).toBeGreaterThanOrEqual(safe);
    const end = await packProcess([...args('twice.store'), '--json']);
    expect(end.status).toBe(0);
    expect(JSON.parse(end.out)).toMatchObject({ store, images: { train: 108, val: 12 } });
    expect(readFileSync(store).equals(readFileSync(whole))).toBe(true);
  });

  test.skipIf(process.platform !== 'linux')('decodes on as many threads as cores', async () => {
    const cores = join(root, 'cores.cjs');
    writeFileSync(cores, "require('node:os').availableParallelism = () => 24;");
    const most = async (name: string, poolSize: string | undefined) => {
      vi.stubEnv('UV_THREADPOOL_SIZE', poolSize);
      let threads = 0;
      const onTick = (pid: number) => (threads = Math.max(threads, threadsOf(pid)));
      const node = ['-r', cores];
      const ended = await packProcess(args(name), undefined, undefined, { node, onTick });
      expect(ended.status).toBe(0);
      return threads;
    };
    // The pool starts all of its threads at once; what else runs beside it is the same both times,
    // give or take a few.
    const asUsual = await most('usual.store', '4');
    expect(await most('all.store', undefined)).toBeGreaterThanOrEqual(asUsual + 15);
    vi.unstubAllEnvs();
  });
});
