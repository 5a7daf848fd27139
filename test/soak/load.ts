import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/cluster/connection.ts';
import type { FakeReceiver } from '../fakes/receiver/receiver.ts';

export const app = 'soak';
const path = `/api/v1/namespaces/${app}/configmaps`;

export const nameOf = (index: number): string => `object-${String(index).padStart(5, '0')}`;

/** As much as an object of the kind usually holds. */
export const dataOf = (index: number): Record<string, string> => ({
  value: 'declared',
  settings: `index: ${index}\n${'some: words\n'.repeat(10)}`,
});

export const object = (name: string, data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: app },
  data,
});

/** Makes all that is declared, as somebody else than Holdfast. */
export async function fill(connection: Connection, count: number): Promise<void> {
  await connection.request({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: app } },
  });
  let next = 0;
  const work = async () => {
    for (let index = next++; index < count; index = next++) {
      const body = object(nameOf(index), dataOf(index));
      const { status } = await connection.request({ method: 'POST', path, body });
      if (status !== 201) throw new Error(`the API server answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
}

/** Objects of the same kind that nobody declares come, change and go, so many times a second, until the signal. */
export async function churn(connection: Connection, perSecond: number, signal: AbortSignal): Promise<number> {
  let writes = 0;
  for (let round = 0; !signal.aborted; round += 1) {
    const name = `passing-${round}`;
    await connection.request({ method: 'POST', path, body: object(name, { round: '0' }) });
    for (let change = 1; change <= 3 && !signal.aborted; change += 1) {
      await sleep(1000 / perSecond, undefined, { signal }).catch(() => undefined);
      await patch(connection, name, { round: String(change) });
    }
    await connection.request({ method: 'DELETE', path: `${path}/${name}` });
    writes += 5;
  }
  return writes;
}

export async function patch(
  connection: Connection,
  name: string,
  data: Record<string, string>,
): Promise<void> {
  await connection.request({
    method: 'PATCH',
    path: `${path}/${name}`,
    query: { fieldManager: 'kubectl-edit' },
    contentType: 'application/merge-patch+json',
    body: { data },
  });
}

/** One hand edit: from the answer of the API server to the alert, in milliseconds; then it is put right. */
export async function edit(connection: Connection, receiver: FakeReceiver, index: number): Promise<number> {
  const name = nameOf(index);
  const told = async (words: string): Promise<void> => {
    for (const end = Date.now() + 60_000; ; await sleep(5)) {
      if (receiver.received.some(({ body }) => body.includes(name) && body.includes(words))) return;
      if (Date.now() > end) throw new Error(`${name} was not told as ${words} within a minute`);
    }
  };
  await patch(connection, name, { value: 'by hand' });
  const began = performance.now();
  await told('opened');
  const ms = performance.now() - began;
  await patch(connection, name, { value: 'declared' });
  await told('resolved');
  receiver.received.length = 0;
  return ms;
}
