// The files of the page: found once, when the server starts. What is asked for is looked up in that
// list, and no path is ever made of what a request says.
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { Refusal } from './refusal.js';
import type { Reply } from './reply.js';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Files whose names say their content never change. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.[a-z0-9]+$/;

/** Answers requests for the page's files. */
export class Assets {
  readonly #files: ReadonlyMap<string, string>;

  /** @param directory where the built page is; links in it are left out */
  constructor(directory: string) {
    this.#files = new Map(
      filesIn(directory).map((path) => [
        `/${relative(directory, path).split(sep).join('/')}`,
        path,
      ]),
    );
  }

  /** @param path of the request, decoded  @throws Refusal if there is no such file */
  async answer(path: string): Promise<Reply> {
    const wanted = path === '/' ? '/index.html' : path;
    const file = this.#files.get(wanted);
    if (file === undefined) {
      if (wanted !== '/index.html') throw new Refusal(404, 'there is no such page');
      throw new Refusal(503, 'the page has not been built', 'Run `npm run build` in the clone.');
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    const cache = HASHED.test(wanted) ? 'public, max-age=31536000, immutable' : 'no-cache';
    return { status: 200, type, cache, body: await readFile(file) };
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
