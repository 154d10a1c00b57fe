// Every state that Slurm 20 to 25 gives a job, and what it means for a task of ours.

/** Where a job is: it waits, it holds a node, or nothing more will come of it. */
export type Standing = 'queued' | 'running' | 'ended';

const states = {
  BOOT_FAIL: 'ended',
  CANCELLED: 'ended',
  COMPLETED: 'ended',
  COMPLETING: 'running',
  CONFIGURING: 'running',
  DEADLINE: 'ended',
  EXPEDITING: 'queued',
  FAILED: 'ended',
  LAUNCH_FAILED: 'ended',
  NODE_FAIL: 'ended',
  OUT_OF_MEMORY: 'ended',
  PENDING: 'queued',
  POWER_UP_NODE: 'running',
  PREEMPTED: 'ended',
  RECONFIG_FAIL: 'ended',
  REQUEUED: 'queued',
  REQUEUE_FED: 'queued',
  REQUEUE_HOLD: 'queued',
  RESIZING: 'running',
  RESV_DEL_HOLD: 'queued',
  REVOKED: 'ended',
  RUNNING: 'running',
  SIGNALING: 'running',
  SPECIAL_EXIT: 'queued',
  STAGE_OUT: 'running',
  STOPPED: 'running',
  SUSPENDED: 'running',
  TIMEOUT: 'ended',
  UPDATE_DB: 'running',
} as const satisfies Record<string, Standing>;

/** What a state means. One that no version knew when this was written counts as queued: nothing is
 *  submitted a second time, and people are shown its name. */
export function standingOfState(state: string): Standing {
  return Object.hasOwn(states, state) ? states[state as keyof typeof states] : 'queued';
}
