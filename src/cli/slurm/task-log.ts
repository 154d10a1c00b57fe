// The log of a task: what happens, a line each with its time, and now and then how far it is.
import type { LaunchEvent } from '../../study/run/launcher.js';
import { print } from '../output.js';
import { formatAccuracy } from '../quantities.js';

const STEP_EVERY_MS = 60_000;
let lastStep = -Infinity;

/** Writes a line with the time into the log. */
export function say(line: string): void {
  print(`${new Date().toISOString().slice(0, 19)}Z ${line}`);
}

/** Writes what a worker says into the log. */
export function logEvent(event: LaunchEvent): void {
  const line = lineOf(event);
  if (line !== null) say(line);
}

function lineOf(event: LaunchEvent): string | null {
  switch (event.event) {
    case 'begun':
      return `training ${event.networks.length} networks of ${event.gang}`;
    case 'ready': {
      const { name, version, instructionSet, threads } = event.executor;
      return `${name} ${version} (${instructionSet}), ${threads} threads`;
    }
    case 'step': {
      if (performance.now() - lastStep < STEP_EVERY_MS) return null;
      lastStep = performance.now();
      const rate = Math.round(event.images / event.seconds);
      return `iteration ${event.iteration} of ${event.iterations}, ${rate} images/s`;
    }
    case 'ended': {
      const accuracy = event.accuracy === null ? '' : `, ${formatAccuracy(event.accuracy)}`;
      const why = event.message === undefined ? '' : `: ${event.message}`;
      return `${event.network} is ${event.state}${accuracy}${why}`;
    }
    case 'skipped':
      return `not trained: ${event.networks.join(', ')}: ${event.message}`;
    case 'warning':
      return `warning: ${event.message}`;
    case 'stopped':
      return `saved at iteration ${event.iteration}`;
    case 'over':
      return event.end.outcome === 'failed' ? `failed: ${event.end.message}` : event.end.outcome;
    default:
      return null;
  }
}
