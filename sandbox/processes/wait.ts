import { setTimeout as sleep } from 'node:timers/promises';

/** Polls a condition every 20 ms until it holds; resolves to whether it did before the deadline. */
export async function sleepUntil(
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= end) return false;
    await sleep(20);
  }
}
