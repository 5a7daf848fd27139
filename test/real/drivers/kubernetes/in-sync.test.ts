import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mustKubectl } from '../../support/kubectl.ts';
import { ordinarySet } from './support/manifests.ts';
import { bring, newNamespace, openDriver, shopUnit, ways } from './support/shop.ts';

let opened: Awaited<ReturnType<typeof openDriver>>;
beforeAll(async () => {
  opened = await openDriver();
});
afterAll(() => opened.close());

describe('objects as they were applied', () => {
  it.each(Object.keys(ways))('are in sync when they came by %s', async way => {
    const namespace = await newNamespace();
    const manifests = ordinarySet(namespace);
    const { unit, declaration } = await shopUnit(manifests);

    await bring(way, namespace, manifests);

    const comparison = await opened.driver.compare(unit, declaration);
    expect(comparison.findings).toEqual([]);
    expect(comparison.verdict).toBe('in-sync');
    expect(comparison.resources).toEqual({ declared: 16, inSync: 16 });
    await mustKubectl('delete', 'namespace', namespace, '--wait=false');
  });
});
