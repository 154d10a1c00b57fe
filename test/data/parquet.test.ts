import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parquetMetadata } from 'hyparquet';
import { type ColumnSource, parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packImages } from '../../src/data/pack/pack-images.js';
import { openStore, prepareStore } from '../../src/data/prepare/store.js';
import { contents, pattern } from './contents.js';

const root = mkdtempSync(join(tmpdir(), 'selffer-parquet-'));
process.env['SELFFER_CACHE_DIR'] = join(root, 'cache');
afterAll(() => rmSync(root, { recursive: true }));

let serial = 0;
const fresh = () => join(root, String(serial++));

interface Row {
  readonly label: number | bigint | string | null;
  readonly bytes: Uint8Array | null;
  readonly path?: string;
}

interface Table {
  readonly rows: readonly Row[];
  /** Names of the columns. */
  readonly image?: string;
  readonly label?: string;
  /** Features by column as `datasets` writes them; null: no such metadata. */
  readonly features?: Record<string, object> | null;
  readonly labelType?: 'INT64' | 'STRING';
  readonly codec?: 'SNAPPY' | 'GZIP' | 'BROTLI' | 'UNCOMPRESSED';
  readonly rowGroupSize?: number;
  /** A further column of integers. */
  readonly extra?: string;
}

const classLabel = (names: readonly string[]) => ({ names, _type: 'ClassLabel' });
const colours = ['green', 'red', 'blue'];

/** A Parquet file with the columns, types and metadata of the Hub's image sets. */
function parquet(table: Table): Uint8Array {
  const { rows, image = 'image', label = 'label', labelType = 'INT64', extra } = table;
  const features =
    table.features === undefined
      ? { [image]: { _type: 'Image' }, [label]: classLabel(colours) }
      : table.features;
  const isText = labelType === 'STRING';
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: extra === undefined ? 2 : 3 },
    { name: image, num_children: 2, repetition_type: 'OPTIONAL' },
    { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    isText
      ? { name: label, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' }
      : { name: label, type: 'INT64', repetition_type: 'OPTIONAL' },
  ];
  const columnData: ColumnSource[] = [
    { name: image, data: rows.map(({ bytes, path = null }) => ({ bytes, path })) },
    {
      name: label,
      data: rows.map((row) => (typeof row.label === 'number' ? BigInt(row.label) : row.label)),
    },
  ];
  if (extra !== undefined) {
    schema.push({ name: extra, type: 'INT64', repetition_type: 'OPTIONAL' });
    columnData.push({ name: extra, data: rows.map(() => 1n) });
  }
  const buffer = parquetWriteBuffer({
    ...{
      schema,
      columnData,
      rowGroupSize: table.rowGroupSize ?? 1000,
      codec: table.codec ?? 'SNAPPY',
    },
    compressors: { GZIP: (bytes) => gzipSync(bytes), BROTLI: (bytes) => brotliCompressSync(bytes) },
    ...(features === null
      ? {}
      : { kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }] }),
  });
  return new Uint8Array(buffer);
}

function writeFiles(files: Record<string, Uint8Array>): string {
  const folder = fresh();
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

const prepare = (source: string | string[], size = 8) =>
  prepareStore({ source, baseDirectory: root, size });

/** A picture of its own for each seed. */
function picture(seed: number, channels: 1 | 3 = 3) {
  return sharp(pattern(seed, 10 * 12 * channels), { raw: { width: 12, height: 10, channels } });
}

/** Rows of colour images in three formats, labels going round. */
async function someRows(count: number, first: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < count; at++) {
    const image = picture(first + at);
    const encoded = image.toFormat((['jpeg', 'png', 'webp'] as const)[at % 3]!, { lossless: true });
    rows.push({ label: at % 3, bytes: await encoded.toBuffer() });
  }
  return rows;
}

let train: Row[];
let val: Row[];
beforeAll(async () => {
  train = await someRows(20, 0);
  val = await someRows(6, 100);
});

const usual = () => ({
  'data/train-00000-of-00002.parquet': parquet({ rows: train.slice(0, 11), rowGroupSize: 4 }),
  'data/train-00001-of-00002.parquet': parquet({ rows: train.slice(11), codec: 'GZIP' }),
  'data/validation-00000-of-00001.parquet': parquet({ rows: val, codec: 'BROTLI' }),
});

describe('a set of Parquet files', () => {
  test('is the same pixels as a folder of its images', async () => {
    const files = usual();
    const metadata = parquetMetadata(
      files['data/train-00000-of-00002.parquet'].buffer as ArrayBuffer,
    );
    expect(metadata.row_groups).toHaveLength(3);
    const images: Record<string, Uint8Array> = {};
    for (const [part, rows] of [
      ['train', train],
      ['val', val],
    ] as const) {
      for (const [at, { label, bytes }] of rows.entries()) {
        images[`${part}/${colours[label as number]}/${String(at).padStart(3, '0')}`] = bytes!;
      }
    }
    const folder = await prepare(writeFiles(images));
    const info = await prepare(writeFiles(files));
    expect(info).toMatchObject({
      classes: ['blue', 'green', 'red'],
      form: { channels: 3 },
      skipped: [],
    });
    expect(info.counts).toEqual(folder.counts);
    expect(contents(openStore(info.path))).toEqual(contents(openStore(folder.path)));
  });

  test('is the same named by its folder, the folder above, or its files', async () => {
    const folder = writeFiles(usual());
    const { manifestHash } = await prepare(folder);
    for (const source of [join(folder, 'data'), join(folder, 'data/*.parquet')]) {
      expect((await prepare(source)).manifestHash).toBe(manifestHash);
    }
  });

  test('packed is what a study decodes, without remarks', async () => {
    const folder = writeFiles(usual());
    const decoded = await prepare(folder);
    const request = {
      source: [folder],
      baseDirectory: root,
      size: 8,
      resize: 'warp',
      records: 'raw',
      isStrict: true,
    } as const;
    const report = await packImages({ ...request, out: `${fresh()}.store` });
    expect(report).toMatchObject({
      manifestHash: decoded.manifestHash,
      remarks: [],
      images: { train: 20, val: 6 },
    });
    expect(contents(openStore(report.store))).toEqual(contents(openStore(decoded.path)));
  });

  test('takes the test split where there is no validation, and no other split', async () => {
    const other = parquet({ rows: await someRows(3, 200) });
    const one = {
      'train.parquet': parquet({ rows: train }),
      'test.parquet': parquet({ rows: val }),
    };
    const { counts } = await prepare(
      writeFiles({ ...one, 'extra.parquet': other, 'dev-notes.parquet': other }),
    );
    expect(counts).toMatchObject({ train: [6, 7, 7], val: [2, 2, 2] });
    const both = writeFiles({ ...one, 'validation.parquet': other });
    expect((await prepare(both)).counts.val).toEqual([1, 1, 1]);
    await expect(prepare(join(both, '*.parquet'))).rejects.toThrow(
      /test\.parquet: a test split beside a validation split/,
    );
  });

  test('that is grey has one channel; later colour images are left out and listed', async () => {
    const grey = async (seed: number, label: number): Promise<Row> => {
      const image = picture(seed, 1).toColourspace('b-w');
      return {
        label,
        bytes: await (seed % 2 ? image.png() : image.jpeg({ quality: 100 })).toBuffer(),
      };
    };
    const rows = [];
    for (let at = 0; at < 102; at++) rows.push(await grey(at, at % 3));
    const stray = await picture(7).png().toBuffer();
    const files = {
      'train.parquet': parquet({ rows: [...rows, { label: 1, bytes: stray }] }),
      'test.parquet': parquet({ rows: rows.slice(0, 3) }),
    };
    const info = await prepare(writeFiles(files));
    expect(info).toMatchObject({
      form: { channels: 1 },
      counts: { train: [34, 34, 34], val: [1, 1, 1] },
    });
    expect(info.skipped).toEqual([
      {
        file: 'train/red/train/000102.png',
        origin: expect.any(String) as string,
        reason: 'a colour image in a set of grey ones',
      },
    ]);
    const wanted = await sharp(pattern(1, 120), { raw: { width: 12, height: 10, channels: 1 } })
      .resize(8, 8, { fit: 'fill', kernel: 'lanczos3' })
      .toColourspace('b-w')
      .raw()
      .toBuffer();
    const first = openStore(info.path).train;
    expect([...first.pixels([...first.labels].indexOf(2))]).toEqual([...wanted]);
    // One colour image among the first hundred makes it a colour set.
    const mixed = {
      ...files,
      'train.parquet': parquet({ rows: [...rows.slice(0, 99), { label: 1, bytes: stray }] }),
    };
    expect(await prepare(writeFiles(mixed))).toMatchObject({ form: { channels: 3 }, skipped: [] });
  });
});

describe('columns', () => {
  test('of CIFAR-100: img, and the fine labels', async () => {
    const features = {
      img: { _type: 'Image' },
      coarse_label: classLabel(['x', 'y']),
      fine_label: classLabel(colours),
    };
    const table = { image: 'img', label: 'fine_label', extra: 'coarse_label', features };
    const info = await prepare(
      writeFiles({
        'train.parquet': parquet({ rows: train, ...table }),
        'test.parquet': parquet({ rows: val, ...table }),
      }),
    );
    expect(info.counts).toMatchObject({ train: [6, 7, 7], val: [2, 2, 2] });
    expect(info.classes).toEqual(['blue', 'green', 'red']);
  });

  test('of other names count if they are the only ones of their kind', async () => {
    const table = {
      image: 'photo',
      label: 'species',
      features: { species: classLabel(colours) },
      extra: 'id',
    };
    const info = await prepare(
      writeFiles({
        'train.parquet': parquet({ rows: train, ...table }),
        'test.parquet': parquet({ rows: val, ...table }),
      }),
    );
    expect(info.classes).toEqual(['blue', 'green', 'red']);
  });

  test.each([
    ['numbers without names', 'INT64', (label: number) => 5 * label, ['0', '10', '5']],
    ['names', 'STRING', (label: number) => colours[label]!, ['blue', 'green', 'red']],
  ] as const)('of labels that are %s', async (_, labelType, label, classes) => {
    const rows = (from: readonly Row[]) =>
      from.map((row) => ({ ...row, label: label(row.label as number) }));
    const info = await prepare(
      writeFiles({
        'train.parquet': parquet({ rows: rows(train), labelType, features: null }),
        'test.parquet': parquet({ rows: rows(val), labelType, features: null }),
      }),
    );
    expect(info.classes).toEqual(classes);
  });

  test.each<[string, Partial<Table>, RegExp]>([
    [
      'no labels',
      { label: 'caption', features: null },
      /no column of labels among image \{bytes, path\}, caption INT64$/,
    ],
    [
      'several that may be labels',
      { label: 'a', extra: 'b', features: { a: classLabel(['x']), b: classLabel(['y']) } },
      /several columns of labels among image \{bytes, path\}, a INT64, b INT64$/,
    ],
    [
      'a class name twice',
      { features: { label: classLabel(['x', 'y', 'x']) } },
      /column label: labels 0 and 2 have the same class name, "x"/,
    ],
  ])('with %s are an error that lists them', async (_, table, error) => {
    const files = {
      'train.parquet': parquet({ rows: train, ...table }),
      'test.parquet': parquet({ rows: val, ...table }),
    };
    await expect(prepare(writeFiles(files))).rejects.toThrow(error);
  });

  test('without images are an error that lists them', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'text', data: ['a', 'b'], type: 'STRING' },
        { name: 'label', data: [0, 1], type: 'INT32' },
      ],
    });
    await expect(prepare(writeFiles({ 'train.parquet': new Uint8Array(buffer) }))).rejects.toThrow(
      /no column of images among text STRING, label INT32$/,
    );
  });
});

test('the reading thread does not keep a command from its end', { timeout: 60_000 }, () => {
  const folder = writeFiles({
    'train.parquet': parquet({ rows: train }),
    'test.parquet': parquet({ rows: val }),
  });
  const bin = fileURLToPath(new URL('../../bin/selffer.js', import.meta.url));
  const args = [bin, 'data', 'pack', folder, '--out', `${fresh()}.store`, '--size', '8'];
  expect(spawnSync(process.execPath, args, { timeout: 30_000 })).toMatchObject({ status: 0 });
});

describe('broken Parquet', () => {
  const refused = async (files: Record<string, Uint8Array>, error: RegExp) => {
    await expect(
      prepare(writeFiles({ 'test.parquet': parquet({ rows: val }), ...files })),
    ).rejects.toThrow(error);
  };

  test('rows that hold no image are left out and listed', async () => {
    const rows = [
      ...train,
      { label: 0, bytes: pattern(3, 50) },
      { label: 1, bytes: null, path: 'a/b.jpg' },
      { label: 2, bytes: train[0]!.bytes!.subarray(0, 200), path: 'x/cut.jpg' },
    ];
    const info = await prepare(
      writeFiles({ 'train.parquet': parquet({ rows }), 'test.parquet': parquet({ rows: val }) }),
    );
    expect(info.counts.train).toEqual([6, 7, 7]);
    expect(info.skipped.map(({ file, reason }) => `${file}: ${reason}`)).toEqual([
      expect.stringMatching(/^train\/blue\/train\/000022-cut\.jpg: damaged or cut off JPEG image/),
      expect.stringMatching(/^train\/green\/train\/000020: not an image that can be read/),
      'train/red/train/000021-b.jpg: the row has no image, only a path: a/b.jpg',
    ]);
  });

  test.each([
    [-1, /row 20 has label -1, wanted 0 to 2/],
    [3, /row 20 has label 3, wanted 0 to 2/],
    [null, /row 20 has label null, wanted 0 to 2/],
  ])('label %s is refused', async (label, error) => {
    await refused(
      { 'train.parquet': parquet({ rows: [...train, { ...train[0]!, label }] }) },
      error,
    );
  });

  test('a negative label is no class where labels have no names', async () => {
    const rows = [...train, { ...train[0]!, label: -1 }];
    const file = parquet({ rows, features: null });
    await refused(
      { 'train.parquet': file },
      /row 20 has label -1, wanted a number from 0 or a name/,
    );
  });

  test('files that are cut off, foreign or empty', async () => {
    const whole = parquet({ rows: train });
    const footer = 'parquet file invalid';
    await refused(
      { 'train.parquet': whole.subarray(0, 3000) },
      new RegExp(`train\\.parquet: not a whole Parquet file \\(${footer}`),
    );
    await refused(
      { 'train.parquet': Buffer.from('hello, this is no Parquet') },
      new RegExp(footer),
    );
    await refused(
      { 'train.parquet': new Uint8Array(0) },
      /train\.parquet: not a whole Parquet file/,
    );
    const damaged = Uint8Array.from(whole);
    damaged.fill(255, 4, 1000);
    await refused({ 'train.parquet': damaged }, /train\.parquet: not a whole Parquet file/);
  });

  test('a run of levels that is said to go on for thousands of millions of values', async () => {
    const endless = Uint8Array.from(parquet({ rows: train.slice(0, 3), codec: 'UNCOMPRESSED' }));
    const [group] = parquetMetadata(endless.slice().buffer).row_groups;
    const label = group?.columns.find(({ meta_data: meta }) => meta?.path_in_schema[0] === 'label');
    const page = Number(label?.meta_data?.data_page_offset);
    // Definition levels: one group of packed bits, of which three are set.
    const levels = Buffer.from([3, 0b111]);
    const at = Buffer.from(endless).indexOf(levels, page);
    expect(at - page).toBeGreaterThan(0);
    expect(at - page).toBeLessThan(60);
    // Twice the number of values, 2^31 - 1, as a variable-length integer.
    endless.set([0xfe, 0xff, 0xff, 0xff, 0x0f, 1], at);
    const folder = { 'train.parquet': endless };
    await refused(folder, /train\.parquet: not a whole Parquet file \(.*(end|memory)/);
    // The next file is read by another thread.
    await refused({ 'train.parquet': new Uint8Array(0) }, /not a whole Parquet file \(Offset/);
  });

  test('a shard that is missing, and two sets in one folder', async () => {
    const shard = parquet({ rows: train });
    await refused(
      { 'train-00001-of-00003.parquet': shard },
      /: train-00000-of-00003\.parquet and 1 more is missing$/,
    );
    const two = writeFiles({ 'full/train.parquet': shard, 'small/train.parquet': shard });
    await expect(prepare(two)).rejects.toThrow(
      /2 sets of Parquet files \(full, small\), wanted one/,
    );
    const unnamed = writeFiles({ '0000.parquet': shard });
    await expect(prepare(join(unnamed, '0000.parquet'))).rejects.toThrow(
      /its name does not say which part/,
    );
    expect(readFileSync(join(unnamed, '0000.parquet'))).toHaveLength(shard.length);
  });
});

describe('sets as the Hub converts them', () => {
  test('have a folder for each split, below a configuration or not', async () => {
    const [train, val] = [await someRows(6, 0), await someRows(3, 50)];
    const files = {
      'train/0000.parquet': parquet({ rows: train.slice(0, 3) }),
      'train/0001.parquet': parquet({ rows: train.slice(3) }),
      'test/0000.parquet': parquet({ rows: val }),
    };
    const below = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [`default/${name}`, bytes]),
    );
    const [a, b] = [await prepare(writeFiles(files)), await prepare(writeFiles(below))];
    expect(a.counts).toMatchObject({ train: [2, 2, 2], val: [1, 1, 1] });
    expect(b.manifestHash).toBe(a.manifestHash);
    // Beside a validation split the test split is left out.
    const three = { ...files, 'validation/0000.parquet': files['test/0000.parquet'] };
    expect((await prepare(writeFiles(three))).manifestHash).toBe(a.manifestHash);
    Reflect.deleteProperty(files, 'train/0000.parquet');
    await expect(prepare(writeFiles(files))).rejects.toThrow('train: 0000.parquet is missing');
  });

  test('may have images that are bytes of which nothing is said', async () => {
    const rows = await someRows(6, 0);
    const flat = (part: readonly Row[]) =>
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'img_bytes', data: part.map(({ bytes }) => bytes), type: 'BYTE_ARRAY' },
            { name: 'label', data: part.map(({ label }) => BigInt(label as number)) },
          ],
        }),
      );
    const info = await prepare(
      writeFiles({ 'train.parquet': flat(rows.slice(0, 3)), 'test.parquet': flat(rows.slice(3)) }),
    );
    expect(info.classes).toEqual(['0', '1', '2']);
    expect(info.counts.val).toEqual([1, 1, 1]);
  });
});
