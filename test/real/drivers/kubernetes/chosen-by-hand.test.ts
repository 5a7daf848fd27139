import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustKubectl } from '../../support/kubectl.ts';
import { bring, newNamespace, onlyFinding, openDriver, shopUnit, ways } from './support/shop.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('chosen');
});
afterAll(async () => {
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

async function compare(manifests: string) {
  const { unit, declaration } = await shopUnit(manifests);
  return opened.driver.compare(unit, declaration);
}

const edit = ['--field-manager=kubectl-edit', '--type=json', '-p'];
const letters = (way: string) => way.replaceAll(/[^a-z]+/g, '-');

it.each(Object.keys(ways))(
  'a node port is nobody’s until somebody chooses another, made by %s',
  async way => {
    const name = `door-${letters(way)}`.slice(0, 50);
    const service = `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: ${namespace}}, spec: {type: NodePort, selector: {app: a}, ports: [{name: http, port: 80}]}}\n`;
    await bring(way, namespace, service);
    expect((await compare(service)).findings).toEqual([]);

    const port = 32_000 + Object.keys(ways).indexOf(way);
    const patch = `[{"op": "replace", "path": "/spec/ports/0/nodePort", "value": ${port}}]`;
    await mustKubectl('-n', namespace, 'patch', 'service', name, ...edit, patch);

    // the second time nothing may have been learned from the first
    for (const _ of [1, 2]) {
      expect(onlyFinding(await compare(service))).toMatchObject({
        type: 'undeclared',
        changes: [
          {
            path: '/spec/ports/port=80,protocol=TCP/nodePort',
            live: port,
            by: { manager: 'kubectl-edit', operation: 'Update' },
          },
        ],
      });
    }
  },
);

it('a label on a Pod is told where a quota leaves no room to ask what the Pod would be', async () => {
  const crowded = await newNamespace('crowded');
  const pod = `{apiVersion: v1, kind: Pod, metadata: {name: one, namespace: ${crowded}}, spec: {containers: [{name: web, image: "example.com/web:1"}]}}\n`;
  const quota = `{apiVersion: v1, kind: ResourceQuota, metadata: {name: one, namespace: ${crowded}}, spec: {hard: {pods: 1}}}\n`;
  await bring('client-side kubectl apply', crowded, `${quota}---\n${pod}`);
  await mustKubectl('-n', crowded, 'label', 'pod', 'one', 'by-hand=yes', '--field-manager=kubectl-label');

  const finding = onlyFinding(await compare(pod));

  await mustKubectl('delete', 'namespace', crowded, '--wait=false');
  expect(finding).toMatchObject({
    type: 'undeclared',
    changes: [{ path: '/metadata/labels/by-hand', live: 'yes', by: { manager: 'kubectl-label' } }],
  });
});
