// The schemas and the user's file, compared with the table of settings.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ParseError } from '../../base/errors.js';
import { printStudy } from '../file/print-study.js';
import { readStudyFile } from '../file/read-study.js';
import { clusterSchema, mergeSettings } from './settings.js';
import { readUserCluster, userClusterFile } from './user-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'selffer-cluster-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function put(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const STUDY = 'name: s\ndata: {source: glyphs}\nnetwork: glyph28\n';

test('the schema of study files has the table’s settings', () => {
  const path = new URL('../../../schema/study.schema.json', import.meta.url);
  const schema = JSON.parse(readFileSync(path, 'utf8')) as { properties: { cluster: unknown } };
  expect(schema.properties.cluster).toEqual(clusterSchema());
});

test('a study’s block is read as one form of each value, and enters nothing that is printed', () => {
  const path = put(
    'study.yaml',
    `${STUDY}cluster: {time: 90, mem: 16G, cpusPerTask: 4, sbatch: --exclude=n1, stage: true}\n`,
  );
  const { study, cluster } = readStudyFile(path);
  const sbatch = ['--exclude=n1'];
  expect(cluster).toEqual({ time: '90', mem: '16G', cpusPerTask: 4, sbatch, stage: 'temporary' });
  expect(printStudy(study)).not.toContain('cluster');
});

test('mistakes name the file, the line and what was wanted', () => {
  const path = userClusterFile({ XDG_CONFIG_HOME: directory });
  put('selffer/cluster.yaml', 'partition: long\ntime: soon\ncpus: 4\n');
  expect(() => readUserCluster(path)).toThrow(ParseError);
  expect(() => readUserCluster(path)).toThrow(
    /cluster.yaml:2:1: cluster.time: found "soon", wanted minutes, or hours.*\n.*cluster.yaml:3.*unknown key of cluster "cpus"/,
  );
});

test('of two sources the earlier wins, key by key', () => {
  put('selffer/cluster.yaml', 'partition: long\ntime: 60\n');
  const own = readUserCluster(userClusterFile({ XDG_CONFIG_HOME: directory }));
  const merged = mergeSettings([
    ['command line', { time: '5' }],
    ['study file', { mem: '2G' }],
    ['mine', own],
  ]);
  expect(merged.settings).toEqual({ time: '5', mem: '2G', partition: 'long' });
  expect(merged.setBy).toEqual({ time: 'command line', mem: 'study file', partition: 'mine' });
  expect(readUserCluster(join(directory, 'none.yaml'))).toEqual({});
});
