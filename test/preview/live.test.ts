import { describe, expect, it } from 'vitest';
import type { Plan, PlannedAction } from '../../src/drivers/driver.ts';
import type { Comparison, Finding, ObjectRef } from '../../src/findings/finding.ts';
import type { LiveSource } from '../../src/preview/live.ts';
import { previewExitCode } from '../../src/preview/model.ts';
import { comparison } from '../report/sample.ts';
import { configMap, deployment, headRevision, previewed } from './sample.ts';

const unit = (text: string) => ({ 'manifests/shop/all.yaml': text });
const cart: ObjectRef = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'cart' };
const map = (name: string): ObjectRef => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name });
const image = '/spec/template/spec/containers/name=web/image';
const by = { manager: 'kubectl-set', operation: 'Update', time: '2026-08-03T14:02:09Z' };

function live(
  findings: readonly Partial<Finding>[],
  extra: { actions?: PlannedAction[]; refused?: Plan['refused']; removed?: Partial<Finding>[] } = {},
): LiveSource {
  const compared = (found: readonly Partial<Finding>[]): Comparison =>
    comparison(found.map(each => ({ unit: 'shop', type: 'changed', resource: cart, ...each })));
  const { actions, refused = [], removed } = extra;
  const plan = actions && { unit: 'shop', revision: headRevision, digest: '', actions, refused };
  return {
    from: 'cluster',
    view: async () => ({
      head: compared(findings),
      ...(removed && { removed: compared(removed) }),
      ...(plan && { plan }),
    }),
  };
}

describe('a preview with live', () => {
  it.each([
    ['live is as the base: merging changes it', 'cart:1.2', { why: 'merge', live: 'cart:1.2' }],
    ['live is neither: merging overwrites it', 'cart:9', { why: 'overwrites', live: 'cart:9', by }],
  ])('%s', async (_what, image13, field) => {
    const changes = [{ path: image, op: 'changed' as const, declared: 'cart:1.3', live: image13, by }];

    const { resources } = await previewed(
      unit(deployment()),
      unit(deployment({ image: 'cart:1.3' })),
      live([{ changes }]),
    );

    expect(resources[0]?.fields).toEqual([{ path: image, base: 'cart:1.2', head: 'cart:1.3', ...field }]);
  });

  it('tells what live has already, as no action', async () => {
    const { resources } = await previewed(
      unit(deployment()),
      unit(deployment({ image: 'cart:1.3' })),
      live([]),
    );

    expect(resources).toMatchObject([
      { action: 'none', fields: [{ why: 'already' }], notes: ['live is so already'], risks: [] },
    ]);
  });

  it('tells drift that merging puts right, and who made it', async () => {
    const changes = [{ path: '/spec/replicas', op: 'changed' as const, declared: 2, live: 7, by }];

    const { resources } = await previewed(
      unit(deployment()),
      unit(`${deployment()}---\n${configMap('new')}`),
      live([{ changes }, { type: 'missing', resource: map('new') }]),
    );

    expect(resources).toMatchObject([
      {
        resource: cart,
        action: 'change',
        fields: [{ path: '/spec/replicas', why: 'reverts', base: 2, head: 2, live: 7, by }],
        notes: [expect.stringContaining('changed by hand')],
      },
      { resource: map('new'), action: 'create', fields: [] },
    ]);
  });

  it('takes recreation from the plan', async () => {
    const { resources } = await previewed(
      unit(deployment()),
      unit(deployment({ image: 'cart:1.3' })),
      live([{ changes: [] }], { actions: [{ action: 'recreate', resource: cart }] }),
    );

    expect(resources).toMatchObject([{ action: 'recreate', risks: ['recreation'] }]);
  });

  it.each([
    ['deletes what the plan prunes', [{ action: 'prune' as const, resource: map('gone') }], 'it is deleted'],
    ['leaves what it does not', [], 'left running'],
  ])('%s', async (_what, actions, words) => {
    const { resources } = await previewed(
      unit(`${configMap('a')}---\n${configMap('gone')}`),
      unit(configMap('a')),
      live([], { actions, removed: [{ type: 'changed', resource: map('gone') }] }),
    );

    expect(resources).toMatchObject([{ action: 'remove', notes: [expect.stringContaining(words)] }]);
  });

  it('does not remove what is gone already', async () => {
    const { resources } = await previewed(
      unit(`${configMap('a')}---\n${configMap('gone')}`),
      unit(configMap('a')),
      live([], { removed: [{ type: 'missing', resource: map('gone') }] }),
    );
    expect(resources).toMatchObject([{ action: 'none', risks: [] }]);
  });

  it.each([
    ['invalid', 'HF1306 spec.replicas: Invalid value', 'the server would refuse it', 1],
    ['unknown', 'HF1303 forbidden', 'could not be compared', 2],
  ] as const)('shows what is %s as a problem', async (type, message, words, code) => {
    const found = await previewed(
      unit(deployment()),
      unit(deployment({ replicas: 3 })),
      live([{ type, message }]),
    );

    expect(found.resources[0]?.problems).toEqual([`${words}: ${message}`]);
    expect(previewExitCode(found)).toBe(code);
  });

  it('says of a unit whose live state cannot be had why, and shows base and head all the same', async () => {
    const broken: LiveSource = {
      from: 'cluster',
      view: async () => {
        throw new Error('boom');
      },
    };

    const found = await previewed(unit(deployment()), unit(deployment({ replicas: 3 })), broken);

    expect(found.units[0]?.problems).toEqual([expect.stringContaining('HF1307')]);
    expect(found.resources).toMatchObject([{ action: 'change', fields: [{ why: 'merge' }] }]);
    expect(previewExitCode(found)).toBe(2);
  });
});
