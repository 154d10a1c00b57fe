// What of a study is in the queue, before a run opens its folder: nobody trains that a second time,
// and nobody changes settings under it.
import { InUseError, SchedulerError, UsageError } from '../base/errors.js';
import { inFlight, type InFlight, nothingInFlight } from '../launch/slurm/in-flight.js';
import { Scheduler } from '../launch/slurm/scheduler.js';
import type { Plan } from '../study/plan/plan.js';

/** What of `plan` is in flight in `directory`, whose lock the caller holds. Where the networks are
 *  trained on this machine and the queue cannot be asked, nothing is known to be.
 *  @throws SchedulerError if jobs go to Slurm and squeue gives no answer, InUseError if jobs of
 *  other settings are in the queue, UsageError for --force beside any */
export async function flightOfPlan(
  directory: string,
  plan: Plan,
  { slurm, force }: { slurm: { readonly scheduler: Scheduler } | null; force: boolean },
): Promise<InFlight> {
  const flight = await inFlight(directory, slurm?.scheduler ?? new Scheduler()).catch(
    (error: unknown) => {
      if (slurm !== null || !(error instanceof SchedulerError)) throw error;
      return nothingInFlight;
    },
  );
  const cancelling = `\`selffer cancel ${directory}\` ends what is in the queue`;
  if (force && flight.networks.size > 0) {
    throw new UsageError(
      `${directory}: ${flight.networks.size} networks are in the queue, and --force would remove runs under them`,
      { hint: `Leave --force out, or first: ${cancelling}.` },
    );
  }
  const other = plan.networks.find(({ name, identity }) => {
    const flying = flight.networks.get(name);
    return flying !== undefined && flying.identity !== identity;
  });
  if (other === undefined) return flight;
  const { id } = flight.networks.get(other.name)?.job ?? {};
  throw new InUseError(
    `${directory}: ${other.name} is in the queue (job ${id}) with other settings than these`,
    { hint: `Give another --out, or first: ${cancelling}.` },
  );
}
