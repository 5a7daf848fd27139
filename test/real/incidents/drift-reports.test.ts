/** Incidents in the custom resource DriftReport of a real API server: what is saved is what a later process loads. */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Connection } from '../../../src/cluster/connection.ts';
import { IncidentDesk } from '../../../src/incidents/desk.ts';
import { DriftReportStore } from '../../../src/incidents/store.ts';
import { RecordingOutlet } from '../../fakes/incidents/parts.ts';
import { comparison, drift } from '../../incidents/sample.ts';
import { kubectl, mustKubectl, uniqueNamespace } from '../support/kubectl.ts';
import { waitUntil } from '../support/wait-until.ts';

const seen = { revision: 'a'.repeat(40) };
const cart = 'drift/shop/apps/v1/Deployment/shop/cart';
let connection: Connection;
let namespace: string;

beforeAll(async () => {
  connection = await Connection.open({ kubeconfig: inject('kubeconfig') });
  for (const file of readdirSync('manifests/holdfast/crds')) {
    await mustKubectl('apply', '--server-side', '--force-conflicts', '-f', `manifests/holdfast/crds/${file}`);
  }
  await mustKubectl('wait', '--for=condition=Established', 'crd/driftreports.holdfast.dev', '--timeout=30s');
  namespace = await uniqueNamespace('reports');
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
  connection.close();
});

function open() {
  const outlet = new RecordingOutlet('console');
  const failures: string[] = [];
  const desk = new IncidentDesk({
    outlets: [outlet],
    store: new DriftReportStore(connection, { namespace, onUnreadable: what => failures.push(what) }),
    telling: () => ({
      environment: 'prod',
      repository: 'infra',
      revision: seen.revision,
      severity: 'info',
      next: 'nothing',
    }),
    onFailure: failure => failures.push(failure.line),
    gatherMs: 20,
  });
  desk.start();
  const idle = () =>
    waitUntil('the desk is idle', () => desk.idle).catch(error => {
      throw new Error(failures.join('; '), { cause: error });
    });
  return { outlet, failures, desk, idle };
}

describe('incidents in the cluster', () => {
  it('are neither repeated nor forgotten by the next process', async () => {
    const first = open();
    first.desk.units(['shop']);
    first.desk.compared(comparison([drift('cart'), drift('web')]), seen);
    await first.idle();
    await first.desk.close();

    const second = open();
    second.desk.units(['shop']);
    second.desk.compared(comparison([drift('cart')]), seen);
    await second.idle();
    await second.desk.close();

    expect(first.outlet.heard).toEqual([`opened ${cart}`, `opened ${cart.replace('cart', 'web')}`]);
    expect(second.outlet.heard).toEqual([`resolved ${cart.replace('cart', 'web')}`]);
    expect([...first.failures, ...second.failures]).toEqual([]);
  });

  it('are seen with kubectl get drift', async () => {
    const { desk, idle } = open();
    desk.compared(comparison([drift('cart')]), seen);
    await idle();
    await desk.close();

    const [head, row] = (await mustKubectl('get', 'drift', 'shop', '-n', namespace)).split('\n');

    expect(head).toMatch(/NAME +DRIVER +VERDICT +DECLARED +IN-SYNC +FINDINGS +OPEN +REVISION +COMPARED/);
    expect(row).toMatch(/^shop +kubernetes +drifted +10 +9 +1 +1 +a{40} /);
  });

  it('fit into the cluster when 5,000 resources drift, as one digest that a restart does not repeat', async () => {
    const findings = [...Array(5_000).keys()].map(index => drift(`d${index}`, 'x'.repeat(2_000)));
    const first = open();
    first.desk.compared(comparison(findings, { unit: 'mass' }), seen);
    await first.idle();
    await first.desk.close();
    const second = open();
    second.desk.compared(comparison(findings, { unit: 'mass' }), seen);
    await second.idle();
    await second.desk.close();

    const digests = [...first.outlet.heard, ...second.outlet.heard].filter(line => line.includes('mass'));
    expect(digests).toEqual(['opened digest/mass']);
    expect([...first.failures, ...second.failures]).toEqual([]);
    const count = await mustKubectl(
      'get',
      'drift',
      'mass',
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.findingCount}',
    );
    expect(count).toBe('5000');
  });

  it('leave no report of a unit that is no more', async () => {
    const { desk, idle } = open();
    desk.units(['gone', 'stays']);
    for (const unit of ['gone', 'stays']) desk.compared(comparison([], { unit }), seen);
    await idle();
    desk.units(['stays']);
    await idle();
    await desk.close();

    const names = await mustKubectl('get', 'drift', '-n', namespace, '-o', 'name');

    expect(names).toContain('/stays\n');
    expect(names).not.toContain('/gone\n');
  });

  it('are not written without a namespace, and the reason is named', async () => {
    const store = new DriftReportStore(connection, { namespace: `${namespace}-none` });

    await expect(store.save({ name: 'shop', incidents: [] })).rejects.toMatchObject({ code: 'HF1001' });
  });
});
