import { cpSync, rmSync } from 'node:fs';
import { onFreePort } from '../processes/ports.ts';
import { untilReady } from '../processes/ready.ts';
import type { Supervised } from '../processes/supervise.ts';
import type { Workplace } from '../processes/workplace.ts';

/** A running etcd, whose data can be put back to an earlier state. */
export interface Etcd {
  /** The client URL, the same over restarts. */
  readonly url: string;
  /** Keeps what is stored now; it is away for a moment meanwhile. */
  save(): Promise<void>;
  /** Goes back to what was kept last. Only while no API server runs: one would hold on to what is gone. */
  restore(): Promise<void>;
}

/** Starts etcd for throw-away data: on 127.0.0.1, without waiting for the disk. */
export async function startEtcd(workplace: Workplace, program: string): Promise<Etcd> {
  const [data, kept] = [workplace.path('etcd'), workplace.path('etcd-kept')];
  const start = async (url: string): Promise<Supervised> => {
    const etcd = workplace.start('etcd', program, [
      `--data-dir=${data}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      '--listen-peer-urls=http://127.0.0.1:0',
      '--unsafe-no-fsync',
      '--log-level=error',
    ]);
    await untilReady(etcd, async () => (await fetch(`${url}/readyz`)).ok);
    return etcd;
  };
  const running = await onFreePort(async port => {
    const url = `http://127.0.0.1:${port}`;
    return { url, part: await start(url) };
  });
  const whileStopped = async (work: () => void): Promise<void> => {
    await running.part.stop(5_000);
    work();
    running.part = await onFreePort(
      () => start(running.url),
      async () => Number(new URL(running.url).port),
      20,
    );
  };
  const copy = (from: string, to: string) => {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
  };
  return {
    url: running.url,
    save: () => whileStopped(() => copy(data, kept)),
    restore: () => whileStopped(() => copy(kept, data)),
  };
}
