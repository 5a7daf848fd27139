import { onFreePort } from '../processes/ports.ts';
import { untilReady } from '../processes/ready.ts';
import type { Workplace } from '../processes/workplace.ts';

/** Starts etcd for throw-away data: on 127.0.0.1, without waiting for the disk. Returns its client URL. */
export async function startEtcd(workplace: Workplace, program: string): Promise<string> {
  return onFreePort(async port => {
    const url = `http://127.0.0.1:${port}`;
    const etcd = workplace.start('etcd', program, [
      `--data-dir=${workplace.path('etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      '--listen-peer-urls=http://127.0.0.1:0',
      '--unsafe-no-fsync',
      '--log-level=error',
    ]);
    await untilReady(etcd, async () => (await fetch(`${url}/readyz`)).ok);
    return url;
  });
}
