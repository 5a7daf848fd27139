/**
 * Runs tasks beside each other until all have ended. The signal given to them fires with the one that is passed in, and when
 * one of them fails: then the others are stopped, and what it threw is thrown. So no part goes on while another is gone.
 */
export async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void> | undefined)[],
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const running = tasks.map(async task => task(either));
  try {
    await Promise.all(running);
  } finally {
    failed.abort();
    await Promise.allSettled(running);
  }
}
