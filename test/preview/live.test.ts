import { describe, expect, it } from 'vitest';
import type { Plan, PlannedAction } from '../../src/drivers/driver.ts';
import type { Comparison, Finding, ObjectRef } from '../../src/findings/finding.ts';
import type { LiveSource } from '../../src/preview/live.ts';
import type { LiveView } from '../../src/preview/live-view.ts';
import { previewMarkdown } from '../../src/preview/markdown.ts';
import { previewExitCode } from '../../src/preview/model.ts';
import { verdictLine } from '../../src/preview/words.ts';
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

  it('says why what is no longer declared is left', async () => {
    const source = live([]);
    const view: LiveView = {
      head: comparison([]),
      plan: {
        ...{ unit: 'shop', revision: headRevision, digest: '', actions: [], refused: [] },
        kept: [{ resource: map('gone'), message: '9 of 10 objects are gone at once' }],
      },
    };
    const { resources } = await previewed(
      unit(`${configMap('a')}---\n${configMap('gone')}`),
      unit(configMap('a')),
      { ...source, view: async () => view },
    );
    expect(resources[0]?.notes).toEqual([
      'no longer declared: it is left running, since 9 of 10 objects are gone at once',
    ]);
  });

  it('tells what an earlier revision left behind and converging deletes now', async () => {
    const { resources } = await previewed(
      unit(configMap('a')),
      unit(configMap('a', 'c')),
      live([], { actions: [{ action: 'prune', resource: map('old') }] }),
    );
    expect(resources[0]).toMatchObject({
      resource: map('old'),
      action: 'remove',
      risks: ['removal'],
      notes: [expect.stringContaining('it is deleted')],
    });
  });

  it('tells what a rule leaves to whoever holds it as not applied', async () => {
    const rule = 'replicas set by a HorizontalPodAutoscaler';
    const source = live([]);
    const head = comparison([], { exempt: [{ resource: cart, path: '/spec/replicas', rule }] });
    const { resources } = await previewed(unit(deployment()), unit(deployment({ replicas: 4 })), {
      ...source,
      view: async () => ({ head }),
    });
    expect(resources).toMatchObject([
      {
        action: 'none',
        fields: [{ path: '/spec/replicas', why: 'left', base: 2, head: 4, rule }],
        highlights: ['2 → 4 replicas, left to whoever scales it', expect.stringContaining('CPU')],
        notes: [expect.stringContaining('does not apply it')],
      },
    ]);
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

describe('a unit whose resources a plan tells better than its files', () => {
  const stack = (bucket: string) => ({
    'infra-state/net/template.yaml': `Resources: { ${bucket}: { Type: AWS::S3::Bucket } }\n`,
    'infra-state/net/deployment.yaml': 'template-file-path: infra-state/net/template.yaml\n',
    'holdfast.yaml': 'units: [{ name: net, driver: cloudformation, path: infra-state/net }]\n',
  });
  const bucket = (name: string) => ({ type: 'AWS::S3::Bucket', name });
  const asks = (view: Partial<LiveView>): LiveSource => ({
    from: 'cluster',
    view: async () => ({ head: comparison([], { unit: 'net', driver: 'cloudformation' }), ...view }),
  });
  const plan = (actions: PlannedAction[], refused: Plan['refused'] = []): Plan => ({
    unit: 'net',
    revision: headRevision,
    digest: '',
    actions,
    refused,
  });

  it('is told by its files where live is not asked', async () => {
    const found = await previewed(stack('A'), stack('B'));

    expect(found.units).toMatchObject([{ name: 'net', effect: 'changed' }]);
    expect(found.resources).toMatchObject([
      { resource: bucket('A'), action: 'remove', notes: ['no longer declared: CloudFormation deletes it'] },
      { resource: bucket('B'), action: 'create', source: { file: 'infra-state/net/template.yaml', line: 1 } },
    ]);
    expect(verdictLine(found)).toBe('Merging: 1 removed, 1 created');
  });

  it('tells a property that cannot be changed in place as a recreation', async () => {
    const named = (name: string) => {
      const files = stack('A');
      const text = `Resources: { A: { Type: AWS::S3::Bucket, Properties: { BucketName: ${name} } } }\n`;
      return { ...files, 'infra-state/net/template.yaml': text };
    };
    const found = await previewed(named('one'), named('two'));

    expect(found.resources).toMatchObject([
      { action: 'recreate', fields: [{ path: '/BucketName', base: 'one', head: 'two' }] },
    ]);
  });

  it('is never told as one that changes nothing where its files cannot be read', async () => {
    const found = await previewed(stack('A'), { ...stack('B'), 'infra-state/net/template.yaml': 'a: [' });

    expect(found.units).toMatchObject([{ name: 'net', effect: 'changed', untold: true }]);
    expect(found.resources).toEqual([]);
    expect(found.failures).toMatchObject([{ type: 'invalid', code: 'HF1901' }]);
    expect(previewExitCode(found)).not.toBe(0);
  });

  it('is told by its plan', async () => {
    const found = await previewed(
      stack('A'),
      stack('B'),
      asks({
        plan: plan(
          [
            { action: 'prune', resource: bucket('A') },
            { action: 'recreate', resource: bucket('C'), message: 'Name cannot be changed' },
          ],
          [{ resource: bucket('D'), message: 'HF1940 it holds data' }],
        ),
      }),
    );

    expect(found.resources).toMatchObject([
      { resource: bucket('D'), problems: ['it would not be applied: HF1940 it holds data'] },
      { resource: bucket('A'), action: 'remove', risks: ['removal', 'storage'] },
      { resource: bucket('C'), action: 'recreate', notes: ['Name cannot be changed'] },
    ]);
    expect(verdictLine(found)).toBe('Merging: 1 removed, 1 recreated; 1 problem');
  });

  it('says why it cannot be planned, and tells its files', async () => {
    const changes = [{ path: '/Properties/Name', op: 'changed' as const, declared: 'x', live: 'y', by }];
    const found = await previewed(
      stack('A'),
      stack('B'),
      asks({
        head: comparison([{ unit: 'net', type: 'changed', resource: bucket('B'), changes }]),
        unplanned: 'HF1932 the stack needs a person',
      }),
    );

    expect(found.units).toMatchObject([
      {
        problems: ['it cannot be planned: HF1932 the stack needs a person'],
        notes: [expect.stringMatching(/^told from/), 'live differs from the head in 1 of its resources'],
      },
    ]);
    expect(found.resources).toMatchObject([{ action: 'remove' }, { action: 'create' }]);
    expect(previewExitCode(found)).toBe(2);
  });

  it('leaves what it made when it is no longer declared', async () => {
    const found = await previewed(stack('A'), { 'holdfast.yaml': 'units: []\n' }, asks({}));

    expect(found.units[0]).toMatchObject({ effect: 'removed' });
    expect(found.resources[0]?.notes).toEqual([expect.stringContaining('left running')]);
    expect(found.units[0]).not.toHaveProperty('untold');
  });
});

describe('what keeps merging from changing anything at once', () => {
  const before = unit(deployment());
  const after = unit(deployment({ replicas: 3 }));

  it('is a unit that is alert-only', async () => {
    const settings = { 'holdfast.yaml': 'converge: { units: [{ unit: shop, mode: alert-only }] }\n' };
    const found = await previewed({ ...before, ...settings }, { ...after, ...settings });

    expect(found.units).toMatchObject([
      { mode: 'alert-only', notes: [expect.stringContaining('by itself')] },
    ]);
    expect(verdictLine(found)).toBe(
      'Merging: 1 changed; 1 unit alert-only: nothing by itself, only when a sync is asked for',
    );
  });

  const hold = (spec: object) => [
    {
      metadata: { name: 'freeze-1', namespace: 'holdfast', resourceVersion: '1', creationTimestamp: 't' },
      spec: { reason: 'audit', by: 'bob', ...spec },
    },
  ];

  it.each([
    [
      { until: '2026-08-04T08:00:00.000Z' },
      'a freeze until 2026-08-04T08:00:00.000Z (audit, by bob): merging will apply after',
      '1 unit frozen until 2026-08-04T08:00:00.000Z: merging will apply after',
    ],
    [
      { units: ['shop'] },
      'a freeze until it is lifted (audit, by bob): merging will apply after',
      '1 unit frozen until it is lifted: merging will apply after',
    ],
  ])('is a hold by hand: %j', async (spec, note, verdict) => {
    const found = await previewed(before, after, live([]), { holds: hold(spec) });
    expect(found.units).toMatchObject([{ frozen: { by: 'bob' }, notes: [note] }]);
    expect(verdictLine(found)).toContain(verdict);
  });

  it.each([
    ['another unit', { units: ['other'] }],
    ['one that is over', { until: '2026-08-03T08:00:00.000Z' }],
    ['one that was lifted', { lifted: { by: 'bob', at: '2026-08-03T08:00:00.000Z' } }],
  ])('is no hold of %s', async (_what, spec) => {
    const found = await previewed(before, after, live([]), { holds: hold(spec) });
    expect(found.units[0]).not.toHaveProperty('frozen');
  });

  it('is perhaps a hold that cannot be looked at', async () => {
    const found = await previewed(before, after, live([]), { holds: { unknown: 'HF1303 forbidden' } });
    expect(found.notes).toEqual(['whether somebody holds a unit by hand is not known: HF1303 forbidden']);
    expect(previewMarkdown(found)).toContain('HF1303 forbidden');
  });

  it('is a window in which nothing is changed, by its reason', async () => {
    const settings = {
      'holdfast.yaml':
        'freezes: [{ reason: summer sale, dates: { from: 2026-08-01, to: 2026-08-07 } }, { reason: past, dates: { from: 2026-07-01, to: 2026-07-02 } }]\n',
    };
    const found = await previewed({ ...before, ...settings }, { ...after, ...settings });

    expect(found.units).toMatchObject([
      { notes: ['a freeze until the end of 2026-08-07 UTC (summer sale): merging will apply after'] },
    ]);
  });
});
