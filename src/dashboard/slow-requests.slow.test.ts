// Requests that never come to their end hold up nobody: it takes seconds until they are cut off.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Dashboard, openDashboard } from './dashboard.js';
import { findStudies } from './find-studies.js';

let root: string;
let page: Dashboard;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'selffer-slow-'));
  page = await openDashboard({ studies: findStudies([root]), port: 0 });
});
afterAll(async () => {
  await page.close();
  rmSync(root, { recursive: true });
});

/** Milliseconds until the server closes a connection on which `text` has come. */
function closedAfter(text: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1', () => socket.write(text));
    socket.resume();
    socket.on('error', () => {});
    socket.on('close', () => resolve(performance.now() - started));
  });
}

const head = 'POST /api/studies/x/start HTTP/1.1\r\nHost: localhost\r\n';

test.each([
  ['half a header', 'GET / HTTP/1.1\r\nHost: local'],
  ['headers without an end', `${head}X: 1\r\n`],
  [
    'a body that does not come',
    `${head}X-Selffer: 1\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
  ],
  ['a connection that says nothing more', 'GET /api/studies HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('%s', async (_, text) => {
  const others = Array.from({ length: 40 }, () => closedAfter(text));
  const answer = await fetch(`${page.url}api/studies`);
  expect(answer.status).toBe(200);
  for (const ms of await Promise.all(others)) expect(ms).toBeLessThan(40_000);
});
