// One browser that listens: server-sent events.
import type { ServerResponse } from 'node:http';
import type { StudyEvents } from './api.js';
import { commonHeaders } from './reply.js';

const BEAT_MS = 15_000;
/** A browser that does not take what it is told is cut off; it comes back and hears all anew. */
const MOST_WAITING_BYTES = 32 * 2 ** 20;

/** See above. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #timer: NodeJS.Timeout;

  constructor(response: ServerResponse, onClose: () => void) {
    this.#response = response;
    response.writeHead(200, {
      ...commonHeaders,
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.flushHeaders();
    this.#timer = setInterval(() => this.#write(':\n\n'), BEAT_MS).unref();
    response.on('close', () => {
      clearInterval(this.#timer);
      onClose();
    });
  }

  /** @param json of an object: it has no line feeds */
  send(event: keyof StudyEvents, json: string): void {
    this.#write(`event: ${event}\ndata: ${json}\n\n`);
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    if (this.#response.writableLength > MOST_WAITING_BYTES) this.#response.destroy();
    else if (!this.#response.writableEnded) this.#response.write(text);
  }
}
