import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls every 50 ms until `read` gives something other than undefined or false, and returns it. After `ms` it throws,
 * naming what was waited for and the last error of `read`, if it threw.
 */
export async function waitUntil<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const end = performance.now() + ms;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await read();
      if (value !== undefined && value !== false) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= end) throw new Error(`not within ${ms} ms: ${what}`, { cause: lastError });
    await sleep(50);
  }
}
