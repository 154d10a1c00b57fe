// Is the advice right? On settings whose every arm is trained as well: what it loses against the
// best, and what simple rules lose.
//   npm run bench:advise -- [--settings a,b] [--work DIR] [--version NAME] [--out DIR]
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeEnvironment } from '../environment.js';
import { writeRecord } from '../write-record.js';
import { unpackTiny } from './images.js';
import { runSetting, type SettingResult } from './one-setting.js';
import { settings } from './settings.js';
import { regretTable, wayTable } from './table.js';

const shared = fileURLToPath(new URL('../../../../shared', import.meta.url));
const { values: options } = parseArgs({
  options: {
    settings: { type: 'string' },
    work: { type: 'string', default: 'truth' },
    version: { type: 'string', default: '1' },
    data: { type: 'string', default: join(shared, 'data') },
    models: { type: 'string', default: join(shared, 'models') },
    out: { type: 'string' },
  },
});
const asked = options.settings?.split(',') ?? settings.map(({ name }) => name);
const environment = describeEnvironment('bench:advise', 1);
const work = resolve(options.work);
const places = { work, data: options.data };
unpackTiny(places);

const results: SettingResult[] = [];
for (const setting of settings.filter(({ name }) => asked.includes(name))) {
  const folder = join(work, 'settings', setting.name);
  const kept = join(folder, `result-${options.version}.json`);
  if (!existsSync(kept)) {
    const started = performance.now();
    console.error(`${setting.name} ...`);
    const result = await runSetting(setting, places, options.models, options.version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, `${JSON.stringify(result)}\n`);
    console.error(`${setting.name}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
  results.push(JSON.parse(readFileSync(kept, 'utf8')) as SettingResult);
}
const text = `${regretTable(results)}\n\n${wayTable(results)}\n`;
console.log(text);
if (options.out !== undefined) {
  writeRecord(options.out, environment, results);
  writeFileSync(join(options.out, 'table.md'), text);
}
