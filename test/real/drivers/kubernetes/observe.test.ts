import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustKubectl } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { bring, newNamespace, openDriver, shopUnit } from './support/shop.ts';
import { witness } from './support/witness.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('observe');
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

function configMap(name: string, data = '{a: "1"}'): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: ${namespace}}, data: ${data}}\n`;
}

const path = (kind: string, name: string) => `/api/v1/namespaces/${namespace}/${kind}/${name}`;

async function patch(at: string, body: unknown, fieldManager = 'somebody') {
  const contentType = 'application/merge-patch+json';
  return opened.connection.request({ method: 'PATCH', path: at, query: { fieldManager }, contentType, body });
}

describe('a unit under watch', () => {
  it('tells a hand edit in well under a second, and again when it is put right', async () => {
    await bring('server-side apply by us', namespace, configMap('edited'));
    const seen = await witness(opened, configMap('edited'));
    await seen.until([]);
    const latencies: number[] = [];

    for (const value of ['2', '3', '4', '5', '6']) {
      await patch(path('configmaps', 'edited'), { data: { a: value } });
      const answered = performance.now();
      const told = await seen.until(['changed ConfigMap/edited']);
      await waitUntil(
        'the new value',
        async () => seen.last()?.findings[0]?.changes?.[0]?.live === value,
        5_000,
      );
      latencies.push((seen.comparisons.at(-1)?.at ?? Number.NaN) - answered);
      expect(told.verdict).toBe('drifted');
    }
    await patch(path('configmaps', 'edited'), { data: { a: '1' } });
    await seen.until([]);

    await seen.observation.close();
    expect(latencies.sort((a, b) => a - b)[2]).toBeLessThan(500);
  });

  it('tells what is deleted and what comes back', async () => {
    await bring('server-side apply by us', namespace, configMap('gone'));
    const seen = await witness(opened, configMap('gone'));
    await seen.until([]);

    await mustKubectl('-n', namespace, 'delete', 'configmap', 'gone');
    await seen.until(['missing ConfigMap/gone']);
    await bring('server-side apply by us', namespace, configMap('gone'));
    await seen.until([]);

    await seen.observation.close();
  });

  it('compares with another declaration from then on, and asks only for what that changes', async () => {
    await bring('server-side apply by us', namespace, configMap('kept'));
    await bring('server-side apply by us', namespace, configMap('more'));
    const seen = await witness(opened, configMap('kept'));
    await seen.until([]);

    const wider = await shopUnit(`${configMap('kept', '{a: "9"}')}---\n${configMap('more')}`);
    seen.observation.declare(wider.unit, wider.declaration);
    await seen.until(['changed ConfigMap/kept']);
    const back = await shopUnit(configMap('more'));
    seen.observation.declare(back.unit, back.declaration);
    const end = await seen.until([]);

    await seen.observation.close();
    expect(end.resources).toEqual({ declared: 1, inSync: 1 });
  });

  it('costs no dry run and tells nothing when only status changes', async () => {
    const manifest = `{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: busy, namespace: ${namespace}}, spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}}`;
    await bring('server-side apply by us', namespace, manifest);
    const counted = await openDriver();
    let dryRuns = 0;
    const request = counted.connection.request.bind(counted.connection);
    counted.connection.request = asked => {
      if (asked.query?.['dryRun'] === 'All') dryRuns += 1;
      return request(asked);
    };
    const seen = await witness(counted, manifest);
    await seen.until([]);
    const told = seen.comparisons.length;

    const at = `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets/busy`;
    for (let turn = 1; turn <= 20; turn += 1) {
      await patch(`${at}/status`, { status: { observedGeneration: turn } });
    }
    await patch(at, { spec: { minAvailable: 2 } });
    await seen.until(['changed PodDisruptionBudget/busy']);

    await seen.observation.close();
    counted.close();
    expect(seen.comparisons.length).toBe(told + 1);
    // the one for the change of the spec
    expect(dryRuns).toBe(1);
  });

  it('takes up custom resources when their kind comes to be served, and lets go when it is gone', async () => {
    const group = `${namespace}.example.com`;
    const crd = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: gadgets.${group}}, spec: {group: ${group}, scope: Namespaced, names: {plural: gadgets, kind: Gadget}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}, colour: {type: string, default: red}}}}}}}]}}`;
    const gadget = `{apiVersion: ${group}/v1, kind: Gadget, metadata: {name: g, namespace: ${namespace}}, spec: {size: 1}}`;
    const seen = await witness(opened, gadget);
    await seen.until(['unknown Gadget/g']);

    await bring('server-side apply by us', namespace, crd);
    await seen.until(['missing Gadget/g'], 20_000);
    await bring('server-side apply by us', namespace, gadget);
    await seen.until([]);
    await mustKubectl(
      '-n',
      namespace,
      'patch',
      `gadgets.${group}`,
      'g',
      '--type=merge',
      '-p',
      '{"spec":{"colour":"blue"}}',
    );
    const drifted = await seen.until(['undeclared Gadget/g']);
    await mustKubectl('delete', 'crd', `gadgets.${group}`);
    await seen.until(['unknown Gadget/g'], 30_000);

    await seen.observation.close();
    expect(drifted.findings[0]?.changes).toMatchObject([{ path: '/spec/colour', op: 'added', live: 'blue' }]);
  });
});
