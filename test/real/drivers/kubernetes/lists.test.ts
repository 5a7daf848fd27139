import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyManifests, mustKubectl } from '../../support/kubectl.ts';
import { bring, newNamespace, onlyFinding, openDriver, shopUnit, ways } from './support/shop.ts';

const group = `lists-${randomBytes(4).toString('hex')}.example.com`;
let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
let made = 0;
beforeAll(async () => {
  opened = await openDriver();
  namespace = await newNamespace('lists');
  await applyManifests(definition);
  await mustKubectl('wait', `crd/racks.${group}`, '--for=condition=Established', '--timeout=60s');
});
afterAll(async () => {
  await mustKubectl('delete', 'crd', `racks.${group}`, '--wait=false');
  await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  opened.close();
});

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: racks.${group} }
spec:
  group: ${group}
  scope: Namespaced
  names: { plural: racks, kind: Rack }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                tags: { type: array, x-kubernetes-list-type: set, items: { type: string } }
                doors:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [door, side]
                  items: { type: object, required: [door], properties: { door: { type: integer }, side: { type: string, default: left } } }
                rows:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [row-id]
                  items: { type: object, required: [row-id], properties: { row-id: { type: string }, v: { type: string } } }
                tiers: { type: object, additionalProperties: { type: object, properties: { size: { type: integer, default: 5 } } } }
`;

const rack = (name: string) => `apiVersion: ${group}/v1
kind: Rack
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  tags: [b, a]
  doors: [{ door: 1 }, { door: 1, side: right }]
  rows: [{ row-id: "a=b,c=d", v: "1" }, { row-id: x/z, v: "2" }]
  tiers: { small: {}, large: { size: 9 } }
`;
const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: a }, ports: [{ name: web, port: 80 }] }
`;
const role = (name: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: ${name}, namespace: ${namespace} }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
`;

type Told = [op: string, path: string, by?: string];
const hand = 'kubectl-patch';

/** What is declared, how it is edited by hand (a JSON patch), and all that must be told. */
const cases: [what: string, manifest: (name: string) => string, patch: object[], told: Told[]][] = [
  [
    'a value of a set in the place of another',
    rack,
    [{ op: 'replace', path: '/spec/tags/1', value: 'z' }],
    [['changed', '/spec/tags/1', hand]],
  ],
  [
    'the first value of a set gone: the others were not touched',
    rack,
    [{ op: 'remove', path: '/spec/tags/0' }],
    [['removed', '/spec/tags/0']],
  ],
  [
    'a set in another order: nobody is named',
    rack,
    [{ op: 'replace', path: '/spec/tags', value: ['a', 'b'] }],
    [['changed', '/spec/tags']],
  ],
  [
    'a merge key that was left to its default',
    rack,
    [{ op: 'replace', path: '/spec/doors/0/side', value: 'back' }],
    [
      ['added', '/spec/doors/door=1,side=back', hand],
      ['removed', '/spec/doors/door=1,side=left'],
    ],
  ],
  [
    'the protocol of a port that was left to its default',
    service,
    [{ op: 'replace', path: '/spec/ports/0/protocol', value: 'UDP' }],
    [
      ['removed', '/spec/ports/port=80,protocol=TCP'],
      ['added', '/spec/ports/port=80,protocol=UDP', hand],
    ],
  ],
  [
    'an item whose key has a dash and whose name looks like keys',
    rack,
    [{ op: 'replace', path: '/spec/rows/0/v', value: 'z' }],
    [['changed', '/spec/rows/row-id=a=b,c=d/v', hand]],
  ],
  [
    'a map that was declared empty and is full of defaults',
    rack,
    [{ op: 'remove', path: '/spec/tiers/small' }],
    [['removed', '/spec/tiers/small']],
  ],
  [
    'a list that is null now',
    role,
    [{ op: 'replace', path: '/rules', value: null }],
    [['removed', '/rules/0']],
  ],
];

describe.each(Object.keys(ways))('after %s', way => {
  it.each(cases)('is told: %s', async (_, manifest, patch, expected) => {
    // never the same twice: a test that is run again must not find what it left
    const name = `l${made++}`;
    const declared = manifest(name);
    await bring(way, namespace, declared);
    const { unit, declaration } = await shopUnit(declared);
    expect((await opened.driver.compare(unit, declaration)).findings).toEqual([]);

    const kind = manifest === rack ? `racks.${group}` : manifest === role ? 'role' : 'service';
    await mustKubectl('-n', namespace, 'patch', kind, name, '--type=json', '-p', JSON.stringify(patch));

    const { changes = [] } = onlyFinding(await opened.driver.compare(unit, declaration));
    expect(changes.map(({ op, path, by }) => [op, path, ...(by === undefined ? [] : [by.manager])])).toEqual(
      expected,
    );
  });
});
