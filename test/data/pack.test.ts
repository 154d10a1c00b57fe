import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  packImages,
  type PackProgress,
  type PackRequest,
} from '../../src/data/pack/pack-images.js';
import { readStoreIndex } from '../../src/data/store/read-index.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { type OddFile, writeBrokenFolder } from './broken-images.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-pack-'));
afterAll(() => rmSync(root, { recursive: true }));

const folder = join(root, 'images');
const GOOD = 20;
let odd: OddFile[];
beforeAll(async () => {
  odd = await writeBrokenFolder(folder, GOOD);
});

function pack(
  out: string,
  extra: Partial<PackRequest> = {},
  onProgress?: (progress: PackProgress) => void,
) {
  const request = { source: [folder], baseDirectory: root, out: join(root, out), size: 32 };
  const usual = { resize: 'warp', records: 'raw', isStrict: false } as const;
  return packImages({ ...request, ...usual, ...extra }, onProgress);
}

describe('300 broken or unusual files of 30 kinds', () => {
  test('are each reported with the reason, and every good image is kept', async () => {
    expect(odd).toHaveLength(300);
    expect(new Set(odd.map(({ kind }) => kind)).size).toBe(30);
    const report = await pack('odd.store');
    for (const { file, isKept, reason } of odd) {
      const found = (isKept ? report.remarks : report.skipped).filter((each) => each.file === file);
      expect(
        found.map((each) => each.reason),
        file,
      ).toEqual([expect.stringMatching(reason)]);
    }
    expect(report.skipped.length + report.remarks.length).toBe(300);
    expect(report.images).toEqual({ train: 2 * GOOD + 60, val: 2 * GOOD, test: 0 });
    const { train } = readStoreIndex(report.store);
    const names = Array.from(train.labels, (_, at) => train.records!.names.at(at));
    expect(names.filter((name) => name.startsWith('good-'))).toHaveLength(2 * GOOD);
    expect(JSON.parse(readFileSync(`${report.store}.report.json`, 'utf8'))).toEqual(report);
  });

  test('--strict stops at one and names it', async () => {
    await expect(pack('strict.store', { isStrict: true })).rejects.toThrow(/^train\/a\/.*: /);
    expect(existsSync(join(root, 'strict.store'))).toBe(false);
    // Without it the same command then goes on to the end.
    expect((await pack('strict.store')).skipped).toHaveLength(240);
  });
});

describe('a packed store', () => {
  test('of raw records is what a study would have decoded, pixel by pixel and by its hash', async () => {
    const { store } = await pack('raw.store');
    const request = { baseDirectory: root, size: 32, cache: join(root, 'cache') };
    const decoded = await prepareStore({ ...request, source: folder });
    const packed = await prepareStore({ ...request, source: 'raw.store' });
    expect(packed.path).toBe(store);
    expect(packed.manifestHash).toBe(decoded.manifestHash);
    const [a, b] = [openStore(decoded.path), openStore(packed.path)];
    expect(b.classes).toEqual(a.classes);
    for (const part of ['train', 'val'] as const) {
      expect([...b[part].labels]).toEqual([...a[part].labels]);
      for (let at = 0; at < a[part].count; at++) {
        expect(Buffer.from(b[part].pixels(at)).equals(a[part].pixels(at))).toBe(true);
      }
    }
    await expect(prepareStore({ ...request, source: store, size: 16 })).rejects.toThrow(
      'its images are 32x32, size is 16',
    );
  });

  test('of JPEG records is decoded for a study, and close to the raw one', async () => {
    const jpeg = await pack('jpeg.store', { records: 'jpeg', resize: 'crop' });
    const raw = await pack('crop.store', { resize: 'crop' });
    expect(jpeg.sizeBytes).toBeLessThan(raw.sizeBytes);
    expect(jpeg.manifestHash).not.toBe(raw.manifestHash);
    expect(() => openStore(jpeg.store).train.pixels(0)).toThrow('its records are JPEG images');
    const request = { baseDirectory: root, size: 32, cache: join(root, 'cache') };
    const info = await prepareStore({ ...request, source: jpeg.store });
    expect(info.skipped).toEqual([]);
    const [a, b] = [openStore(info.path), openStore(raw.store)];
    expect([...a.train.labels]).toEqual([...b.train.labels]);
    for (let at = 0; at < a.train.count; at++) {
      const [x, y] = [a.train.pixels(at), b.train.pixels(at)];
      const difference = x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / x.length;
      expect(difference).toBeLessThan(4);
    }
  });

  test('is left as it is by the same command, and refused by another', async () => {
    const { store } = await pack('twice.store');
    const before = statSync(store).mtimeMs;
    let files = 0;
    await pack('twice.store', {}, (progress) => (files = progress.files));
    expect([statSync(store).mtimeMs, files]).toEqual([before, 0]);
    await expect(pack('twice.store', { size: 31 })).rejects.toThrow(
      /exists and is a store of another/,
    );
    writeFileSync(join(root, 'note.txt'), 'mine');
    await expect(pack('note.txt')).rejects.toThrow(/exists and is not a whole store/);
  });
});

describe('a pack that was killed', () => {
  /** Packs `records` and keeps what a kill would have left at some moments. */
  async function remains(records: 'raw' | 'jpeg') {
    const out = `whole-${records}.store`;
    const moments: string[] = [];
    const { store } = await pack(out, { records, syncEveryMs: 1 }, ({ files }) => {
      if (files % 100 !== 0 || !existsSync(join(root, `${out}.journal`))) return;
      const moment = `${records}-${files}.store`;
      for (const each of ['partial', 'journal', 'lock']) {
        copyFileSync(join(root, `${out}.${each}`), join(root, `${moment}.${each}`));
      }
      moments.push(moment);
    });
    return { whole: readFileSync(store), moments };
  }

  test.each(['raw', 'jpeg'] as const)('goes on to the same bytes (%s)', async (records) => {
    const { whole, moments } = await remains(records);
    expect(moments.length).toBeGreaterThanOrEqual(3);
    let gained = 0;
    for (const [turn, moment] of moments.entries()) {
      // A torn journal line, and a record that the journal does not know.
      const journal = join(root, `${moment}.journal`);
      if (turn % 2 === 1) truncateSync(journal, statSync(journal).size - 7);
      writeFileSync(join(root, `${moment}.partial`), 'more', { flag: 'a' });
      const report = await pack(
        moment,
        { records },
        ({ resumed }) => (gained = Math.max(gained, resumed)),
      );
      expect(readFileSync(report.store).equals(whole)).toBe(true);
      for (const each of ['partial', 'journal', 'lock']) {
        expect(existsSync(join(root, `${moment}.${each}`))).toBe(false);
      }
    }
    expect(gained).toBeGreaterThan(0);
  });

  test('begins anew when the source has changed, and waits for a living process', async () => {
    const other = join(root, 'other');
    mkdirSync(join(other, 'train/a'), { recursive: true });
    copyFileSync(join(folder, 'train/a/good-0.jpg'), join(other, 'train/a/1.jpg'));
    const changed = join(root, 'changed.store');
    writeFileSync(`${changed}.journal`, '{"key":"of something else"}\n{"part":"train"}\n');
    writeFileSync(`${changed}.partial`, 'x'.repeat(1e5));
    const report = await pack('changed.store', { source: [other] });
    expect(report).toMatchObject({ images: { train: 1, val: 0 }, emptyClasses: { val: ['a'] } });
    await expect(
      prepareStore({ source: report.store, baseDirectory: root, size: 32 }),
    ).rejects.toThrow('no validation images in ');
    writeFileSync(join(root, 'busy.store.lock'), `${hostname()} ${process.ppid}\n`);
    await expect(pack('busy.store')).rejects.toThrow(
      `process ${process.ppid} on ${hostname()} is packing`,
    );
  });
});
