import { Failure } from '../../src/failure/failure.ts';
import { PortTaken } from './ports.ts';
import type { Supervised } from './supervise.ts';
import { sleepUntil } from './wait.ts';

/**
 * Waits until a started part answers. A part that ends before, or that does not answer in time, is killed and becomes a
 * Failure with the end of its log; when it ended because its port was taken, PortTaken.
 */
export async function untilReady(
  part: Supervised,
  answers: () => Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> {
  let ready = false;
  await sleepUntil(async () => {
    ready = await answers().catch(() => false);
    return ready || !part.running();
  }, deadlineMs);
  if (ready && part.running()) return;
  const ended = !part.running();
  const log = part.tail(200);
  await part.kill();
  if (ended && /address already in use|EADDRINUSE/i.test(log)) throw new PortTaken(part.name);
  const what = ended ? 'ended before it was ready' : `was not ready in ${deadlineMs / 1000} s`;
  throw new Failure('HF1004', `${part.name} ${what}:\n${part.tail()}`);
}
