/** What a command of Slurm says, over the queue in `folder`. */
export function answer(
  folder: string,
  command: string,
  args: readonly string[],
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }>;
