// Who a process is, so that another process can tell later whether it still lives. A number alone
// does not say: numbers are given out again, are counted anew after a boot and in each container,
// and a killed process keeps its number until its parent has asked for its end.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What distinguishes one process from all others; null where the system or an older version of
 *  this program did not say. */
export interface ProcessOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in kernel ticks since the boot. */
  readonly startTicks: string | null;
  /** Names the boot of the machine. */
  readonly bootId: string | null;
  /** Names the space in which `pid` counts: containers have their own. */
  readonly pidNamespace: string | null;
}

/** Whether a process lives: `elsewhere` if that cannot be known here. */
export type Standing = 'running' | 'gone' | 'elsewhere';

let own: ProcessOwner | null = null;

/** This process. */
export function thisProcess(): ProcessOwner {
  own ??= {
    pid: process.pid,
    host: hostname(),
    startTicks: processStatus(process.pid)?.startTicks ?? null,
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
  return own;
}

/** Whether `owner` lives, as far as `from` can tell. Numbers that no process can have are `gone`.
 *  A process of this number that cannot be distinguished from `from` itself is `running`. */
export function standingOf(owner: ProcessOwner, from: ProcessOwner = thisProcess()): Standing {
  if (!Number.isSafeInteger(owner.pid) || owner.pid <= 0) return 'gone';
  const isSameBoot = sameWhereKnown(owner.bootId, from.bootId);
  const isSameSpace = sameWhereKnown(owner.pidNamespace, from.pidNamespace);
  if (owner.host !== from.host) {
    // A machine that was given another name is still known by its boot.
    const isKnown = owner.bootId !== null && owner.pidNamespace !== null;
    if (!isKnown || !isSameBoot || !isSameSpace) return 'elsewhere';
  }
  if (!isSameBoot) return 'gone';
  if (!isSameSpace) return 'elsewhere';
  const status = processStatus(owner.pid);
  if (status === null) return exists(owner.pid) ? 'running' : 'gone';
  if (status.isEnded) return 'gone';
  return sameWhereKnown(owner.startTicks, status.startTicks) ? 'running' : 'gone';
}

function sameWhereKnown(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

// Signal 0 asks only whether the process is there.
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True if the process of this number began after `time` (ms since 1970), so that it cannot have
 *  written what is older; false where that is not known. */
export function beganAfter(pid: number, time: number): boolean {
  const ticks = Number(processStatus(pid)?.startTicks ?? Number.NaN);
  const boot = /^btime (\d+)$/m.exec(orNull(() => readFileSync('/proc/stat', 'utf8')) ?? '')?.[1];
  if (boot === undefined) return false;
  return 1000 * (Number(boot) + ticks / TICKS_A_SECOND) > time + CLOCK_ERROR_MS;
}

/** Of /proc, on all processors. */
const TICKS_A_SECOND = 100;
/** Clocks are set while machines run. */
const CLOCK_ERROR_MS = 5000;

// In a space of its own without a /proc of its own, the numbers in /proc are others'.
let isProcOurs: boolean | null = null;

/** From /proc/<pid>/stat; null where there is no such file. `isEnded`: killed, but its parent has
 *  not asked yet. */
function processStatus(pid: number): { startTicks: string; isEnded: boolean } | null {
  isProcOurs ??= orNull(() => readlinkSync('/proc/self')) === String(process.pid);
  if (!isProcOurs) return null;
  const text = orNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the command in brackets, which may hold spaces and brackets.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields?.[0], fields?.[19]];
  if (state === undefined || startTicks === undefined) return null;
  return { startTicks, isEnded: state === 'Z' || state === 'X' };
}

function orNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** A process of this host as part of a file's name: "4711-123456-4026531836-0f3c...", with 0 for
 *  what is not known. */
export function ownerTag({ pid, startTicks, pidNamespace, bootId }: ProcessOwner): string {
  const space = pidNamespace?.replace(/\D/g, '') ?? '';
  return [pid, startTicks ?? '0', space || '0', bootId?.replaceAll('-', '') ?? '0'].join('-');
}

/** The process of `host` that {@link ownerTag} wrote, or older versions as the number alone; null
 *  for any other text. */
export function taggedOwner(tag: string, host: string): ProcessOwner | null {
  const parts = /^(\d+)(?:-(\d+)-(\d+)-([0-9a-f]+))?$/.exec(tag);
  if (parts === null) return null;
  const [, pid, ticks = '0', space = '0', boot = '0'] = parts;
  return {
    pid: Number(pid),
    host,
    startTicks: ticks === '0' ? null : ticks,
    pidNamespace: space === '0' ? null : `pid:[${space}]`,
    bootId: boot === '0' ? null : boot.replace(/^(.{8})(.{4})(.{4})(.{4})(.+)$/, '$1-$2-$3-$4-$5'),
  };
}
