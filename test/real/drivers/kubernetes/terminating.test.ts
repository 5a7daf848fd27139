import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src/findings/finding.ts';
import { applyManifests, mustKubectl, readObject } from '../../support/kubectl.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openDriver, shopUnit } from './support/shop.ts';
import { witness } from './support/witness.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
let namespace: string;
beforeAll(async () => {
  opened = await openDriver();
  namespace = `terminating-${randomBytes(4).toString('hex')}`;
});
afterAll(async () => {
  for (const [kind, name] of [
    ['configmap', 'held'],
    ['namespace', namespace],
  ] as const)
    await mustKubectl(
      '-n',
      namespace,
      'patch',
      kind,
      name,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
  opened.close();
});

const held = () => `apiVersion: v1
kind: ConfigMap
metadata: {name: held, namespace: ${namespace}, finalizers: [example.com/hold]}
data: {a: "1"}
`;
const free = () => `apiVersion: v1
kind: ConfigMap
metadata: {name: free, namespace: ${namespace}}
data: {a: "1"}
`;
const manifests = () =>
  [
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${namespace}, finalizers: [example.com/hold]}\n`,
    held(),
    free(),
  ].join('---\n');

/** What is told of each resource: type and message. */
const said = (comparison: Comparison | undefined) =>
  Object.fromEntries(
    (comparison?.findings ?? []).map(({ type, resource, message }) => [resource.name, `${type}: ${message}`]),
  );

describe('a namespace that is being deleted', () => {
  it('is told under watch and at once, with each object in it, and none is in sync', async () => {
    await applyManifests(manifests(), '--field-manager=holdfast');
    const { unit, declaration } = await shopUnit(manifests());
    const seen = await witness(opened, [unit, declaration]);
    await seen.until([]);

    await mustKubectl('delete', 'namespace', namespace, '--wait=false');
    await waitUntil(
      'the rest to be gone',
      async () => (await readObject('configmap', 'free', namespace)) === undefined,
      30_000,
    );
    const going = `its namespace ${namespace} is being deleted`;
    const expected = {
      [namespace]: expect.stringContaining('it is being deleted'),
      held: expect.stringContaining(going),
      free: `missing: ${going}`,
    };
    const missing = async () => said(seen.last())['free']?.startsWith('missing');
    await waitUntil('all to be told', missing, 20_000);
    expect(said(seen.last())).toEqual(expected);
    expect(seen.last()).toMatchObject({ verdict: 'drifted', resources: { declared: 3, inSync: 0 } });
    await seen.observation.close();

    const once = await opened.driver.compare(unit, declaration);
    expect(said(once)).toEqual(expected);
    expect(once.resources).toEqual({ declared: 3, inSync: 0 });
  });
});
