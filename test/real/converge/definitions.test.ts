import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Driver } from '../../../src/drivers/driver.ts';
import { applyManifests, readObject, uniqueNamespace } from '../support/kubectl.ts';
import { openDriver, said, shop } from './support.ts';

let driver: Driver;

beforeAll(async () => {
  driver = await openDriver();
});

/** A definition whose last version is the one that is stored. */
function definition(group: string, ...versions: string[]): string {
  const served = versions.map(
    name =>
      `{name: ${name}, served: true, storage: ${name === versions.at(-1)}, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}`,
  );
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Gadget, plural: gadgets}
  versions: [${served.join(', ')}]
`;
}

/** A definition that was upgraded to a second version and is to go back to the first alone. */
async function upgraded() {
  const group = `g${randomBytes(4).toString('hex')}.example.com`;
  for (const versions of [['v1'], ['v1', 'v2']]) {
    const unit = await shop(driver, definition(group, ...versions));
    expect((await unit.converge()).map(({ result }) => result)).toEqual(['applied']);
  }
  return { group, back: await shop(driver, definition(group, 'v1')) };
}

const stored = async (group: string) =>
  (await readObject('crd', `gadgets.${group}`))?.['status'] as { storedVersions: string[] };

describe('a definition that goes back to an earlier release', () => {
  it('lets go of its later version where there is no object of its kind', async () => {
    const { group, back } = await upgraded();

    const applied = await back.converge();

    expect(applied.map(each => `${said(each)}: ${each.result}`)).toEqual([
      `change CustomResourceDefinition gadgets.${group}: applied`,
    ]);
    expect(await stored(group)).toMatchObject({ storedVersions: ['v1'] });
    expect(await back.findings()).toEqual([]);
  });

  it('is refused where an object may be stored in it, and nothing is touched', async () => {
    const { group, back } = await upgraded();
    const namespace = await uniqueNamespace('gadgets');
    await applyManifests(
      `{apiVersion: ${group}/v2, kind: Gadget, metadata: {name: a, namespace: ${namespace}}, spec: {b: 1}}\n`,
    );

    const plan = await back.plan();

    expect(plan.actions).toEqual([]);
    expect(plan.refused).toMatchObject([{ message: expect.stringMatching(/^HF1306 .*storedVersions/) }]);
    expect(await stored(group)).toMatchObject({ storedVersions: ['v1', 'v2'] });
    expect(await readObject(`gadgets.${group}`, 'a', namespace)).toMatchObject({ spec: { b: 1 } });
  });
});
