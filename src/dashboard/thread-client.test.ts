// Threads that die or fall silent cost an answer, never the server.
import { afterEach, expect, test } from 'vitest';
import { ThreadClient } from './thread-client.js';

type Answers = {
  readonly echo: (text: string) => string;
  readonly hang: (none: null) => null;
  readonly die: (none: null) => null;
  readonly fill: (none: null) => null;
};

const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ id, question, about }) => {
  if (question === 'hang') for (;;);
  if (question === 'die') throw new Error('torn');
  if (question === 'fill') for (const all = []; ; ) all.push({ about: String(all.length) });
  parentPort.postMessage({ news: question });
  parentPort.postMessage({ id, answer: about });
});`)}`,
);

const heard: unknown[] = [];
const ends: string[] = [];
let client: ThreadClient<Answers>;
function open(limits: { readonly giveUpMs?: number; readonly mostMegabytes?: number } = {}): void {
  heard.length = 0;
  ends.length = 0;
  client = new ThreadClient<Answers>({
    ...{ script, data: null },
    onNews: (news) => heard.push(news),
    onEnd: (reason) => ends.push(reason),
    ...limits,
  });
}
afterEach(() => client.close());

test('answers and news come in their order', async () => {
  open();
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => client.ask('echo', text)));
  expect(answers).toEqual(['a', 'b', 'c']);
  expect(heard).toEqual(['echo', 'echo', 'echo']);
});

test('one that dies refuses what waits, and the next question starts another', async () => {
  open();
  const waiting = [client.ask('die', null), client.ask('echo', 'lost')];
  for (const each of waiting) await expect(each).rejects.toThrow('torn');
  expect(ends).toEqual(['torn']);
  expect(await client.ask('echo', 'again')).toBe('again');
});

test('one that does not answer is ended', async () => {
  open({ giveUpMs: 500 });
  await expect(client.ask('hang', null)).rejects.toThrow('the folder could not be read in time');
  open();
  expect(await client.ask('echo', 'again')).toBe('again');
});

test('one that takes all memory takes its own alone', async () => {
  open({ mostMegabytes: 32 });
  await expect(client.ask('fill', null)).rejects.toThrow(/memory limit/);
  expect(await client.ask('echo', 'again')).toBe('again');
});
