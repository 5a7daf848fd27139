import { beforeAll, beforeEach, expect, it } from 'vitest';
import { Cluster } from '../../../src/cluster/cluster.ts';
import { type LeaseOptions, whileLeading } from '../../../src/converge/lease.ts';
import { applyManifests, mustKubectl, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';
import { openConnection } from './support.ts';

const durationMs = 1_500;
let cluster: Cluster;
let namespace: string;
/** Who leads now, and everybody who ever led. */
let leading: Set<string>;
let led: string[];
let mostAtOnce: number;

beforeAll(async () => {
  cluster = new Cluster(await openConnection());
});

beforeEach(async () => {
  namespace = await uniqueNamespace('lease');
  [leading, led, mostAtOnce] = [new Set(), [], 0];
});

function contend(holder: string, more: Partial<LeaseOptions> = {}) {
  const stop = new AbortController();
  const options = { cluster, namespace, name: 'converger', holder, durationMs, ...more };
  const done = whileLeading(options, stop.signal, async signal => {
    leading.add(holder);
    led.push(holder);
    mostAtOnce = Math.max(mostAtOnce, leading.size);
    await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
    leading.delete(holder);
  });
  return {
    end: () => {
      stop.abort();
      return done;
    },
  };
}

const someLeads = (holder: string) => waitUntil(`${holder} to lead`, () => leading.has(holder));

it('lets one lead, and the other at once when the first gives it back', async () => {
  const first = contend('first');
  await someLeads('first');
  const second = contend('second');

  await first.end();
  await someLeads('second');
  await second.end();

  expect(led).toEqual(['first', 'second']);
  expect(mostAtOnce).toBe(1);
});

it('passes over from a holder that died, whatever the clock in its lease says', async () => {
  const far = '2099-01-01T00:00:00.000000Z';
  const dead = JSON.stringify({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'converger', namespace },
    spec: { holderIdentity: 'dead', leaseDurationSeconds: 1, acquireTime: far, renewTime: far },
  });
  await applyManifests(dead);
  const began = performance.now();

  const heir = contend('heir');
  await someLeads('heir');
  const waitedMs = performance.now() - began;
  await heir.end();

  expect(waitedMs).toBeGreaterThan(durationMs);
  expect(await readObject('lease', 'converger', namespace)).toMatchObject({
    spec: { holderIdentity: '', leaseTransitions: 1 },
  });
});

it('stops the work of a holder whose lease was taken away', async () => {
  const first = contend('first');
  await someLeads('first');

  await mustKubectl(
    'patch',
    'lease',
    'converger',
    '-n',
    namespace,
    '--type=merge',
    '-p',
    '{"spec":{"holderIdentity":"usurper"}}',
  );
  await waitUntil('the first to stop', () => !leading.has('first'));
  await first.end();

  expect(await readObject('lease', 'converger', namespace)).toMatchObject({
    spec: { holderIdentity: 'usurper' },
  });
});
