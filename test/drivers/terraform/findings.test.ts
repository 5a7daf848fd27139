import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../src/declared/terraform/blocks.ts';
import { planOf } from '../../../src/drivers/terraform/digest.ts';
import { judge } from '../../../src/drivers/terraform/findings.ts';
import { readPlan, type TerraformPlan } from '../../../src/drivers/terraform/plan-file.ts';
import { planWith, resourceChange } from './support.ts';

const definition = { name: 'net', driver: 'terraform' as const, path: 'infra-state/net' };
const main =
  'resource "aws_s3_bucket" "data" {\n}\nmodule "x" {\n  source = "../../modules/x"\n}\noutput "o" {}\n';
const blocks = new Map([
  ['infra-state/net', blocksOf('infra-state/net/main.tf', main)],
  ['modules/x', blocksOf('modules/x/b.tf', '\nresource "aws_s3_bucket" "b" {\n}\n')],
]);
const judged = (plan: TerraformPlan) => judge(plan, definition, blocks);
const only = (change: Parameters<typeof resourceChange>[0], more = {}) =>
  judged(planWith([resourceChange(change)], more));
const changesOf = (change: Parameters<typeof resourceChange>[0]) => only(change).findings[0]?.changes;

describe('the finding of a resource', () => {
  it.each<[string, string[], string | undefined]>([
    ['create', ['create'], 'missing'],
    ['update', ['update'], 'changed'],
    ['delete', ['delete'], 'orphaned'],
    ['delete, create', ['delete', 'create'], 'changed'],
    ['create, delete', ['create', 'delete'], 'changed'],
    ['forget', ['forget'], 'orphaned'],
    ['no-op', ['no-op'], undefined],
    ['read', ['read'], undefined],
  ])('for the actions %s', (_, actions, type) => {
    expect(only({ actions, before: { a: 1 }, after: { a: 2 } }).findings[0]?.type).toBe(type);
  });

  it('names address, file and line, and each field: live first read, declared as planned', () => {
    expect(only({ before: { tags: { team: 'b' } }, after: { tags: { team: 'a' } } }).findings).toEqual([
      {
        unit: 'net',
        type: 'changed',
        resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.data' },
        source: { file: 'infra-state/net/main.tf', line: 1 },
        changes: [{ path: '/tags/team', op: 'changed', declared: 'a', live: 'b' }],
      },
    ]);
  });

  it.each([
    ['module.x.aws_s3_bucket.b', 'modules/x/b.tf', 2],
    ['module.x["a.b]\\"module.y"].aws_s3_bucket.b', 'modules/x/b.tf', 2],
    ['module.x.module.deep.aws_s3_bucket.b', 'infra-state/net/main.tf', 3],
    ['module.gone.aws_s3_bucket.b', 'infra-state/net', undefined],
  ])('%s is declared at its block, or at the nearest call', (address, file, line) => {
    const change = {
      ...(resourceChange({ address, actions: ['create'] }) as object),
      type: 'aws_s3_bucket',
      name: 'b',
    };
    expect(judged(planWith([change])).findings[0]?.source).toEqual({
      file,
      ...(line === undefined ? {} : { line }),
    });
  });

  it('is undeclared where live only has more', () => {
    const { findings } = only({ before: { tags: { team: 'a', x: 'y' } }, after: { tags: { team: 'a' } } });
    expect(findings[0]).toMatchObject({
      type: 'undeclared',
      changes: [{ path: '/tags/x', op: 'added', live: 'y' }],
    });
  });

  it('says what would be destroyed, because of what, and that it was changed by somebody', () => {
    const { findings } = only(
      {
        actions: ['delete', 'create'],
        before: { name: 'b' },
        after: { name: 'a' },
        replace_paths: [['name']],
      },
      { resource_drift: [resourceChange({ before: { name: 'a' }, after: { name: 'b' } })] },
    );
    expect(findings[0]?.message).toBe(
      'putting it right destroys it and makes it anew (because of /name); it was changed outside of Terraform',
    );
  });

  it.each([
    ['moved', { previous_address: 'aws_s3_bucket.old' }, 'it was aws_s3_bucket.old'],
    [
      'deposed',
      { deposed: 'abc', actions: ['delete'] },
      'what is left of an earlier replacement is to be destroyed',
    ],
  ])('that is %s says so', (_, more, message) => {
    expect(only({ actions: ['no-op'], ...more }).findings[0]?.message).toBe(message);
  });
});

describe('fields', () => {
  it.each<[string, unknown, unknown, unknown[]]>([
    ['null and nothing are the same', { a: null }, {}, []],
    [
      'an empty text that is declared otherwise',
      { a: '' },
      { a: 'x' },
      [{ path: '/a', op: 'removed', declared: 'x' }],
    ],
    [
      'items of a list are set aside wherever they stand',
      { a: ['x', 'y'] },
      { a: ['z', 'x', 'y'] },
      [{ path: '/a/0', op: 'removed', declared: 'z' }],
    ],
    [
      'another order alone',
      { a: ['x', 'y'] },
      { a: ['y', 'x'] },
      [{ path: '/a', op: 'changed', declared: ['y', 'x'], live: ['x', 'y'] }],
    ],
    [
      'an item that differs in a field',
      { a: [{ p: 1, q: 1 }] },
      { a: [{ p: 1, q: 2 }] },
      [{ path: '/a/0/q', op: 'changed', declared: 2, live: 1 }],
    ],
    [
      'keys with slashes',
      { t: { 'a/b~c': 1 } },
      { t: { 'a/b~c': 2 } },
      [{ path: '/t/a~1b~0c', op: 'changed', declared: 2, live: 1 }],
    ],
    [
      'tags_all beside tags',
      { tags: { a: 1 }, tags_all: { a: 1 } },
      { tags: { a: 2 }, tags_all: { a: 2 } },
      [{ path: '/tags/a', op: 'changed', declared: 2, live: 1 }],
    ],
    [
      'tags_all alone',
      { tags_all: { a: 1 } },
      { tags_all: { a: 2 } },
      [{ path: '/tags_all/a', op: 'changed', declared: 2, live: 1 }],
    ],
  ])('%s', (_, before, after, expected) => {
    expect(changesOf({ before, after }) ?? []).toEqual(expected);
  });

  it('what is only known after applying is no difference', () => {
    expect(changesOf({ before: { arn: 'x', a: 1 }, after: { a: 2 }, after_unknown: { arn: true } })).toEqual([
      { path: '/a', op: 'changed', declared: 2, live: 1 },
    ]);
  });
});

const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:x' };

describe('policy documents', () => {
  it('in another order are no finding, and are listed as exempt', () => {
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: 'arn:y' };
    const other = { Resource: ['arn:x'], Action: ['s3:PutObject', 's3:GetObject'], Effect: 'Allow' };
    const { findings, exempt, resources } = only({
      before: { policy: policy(deny, other) },
      after: { policy: policy(allow, deny) },
    });
    expect(findings).toEqual([]);
    expect(exempt).toEqual([
      {
        resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.data' },
        path: '/policy',
        rule: 'the same JSON document, written otherwise',
      },
    ]);
    expect(resources).toEqual({ declared: 1, inSync: 1 });
  });

  it('that say something else are one', () => {
    const less = { ...allow, Action: 's3:GetObject' };
    expect(changesOf({ before: { policy: policy(allow) }, after: { policy: policy(less) } })?.[0]?.path).toBe(
      '/policy',
    );
  });

  it('lists in other documents have an order', () => {
    const [before, after] = [
      JSON.stringify({ command: ['a', 'b'] }),
      JSON.stringify({ command: ['b', 'a'] }),
    ];
    expect(changesOf({ before: { doc: before }, after: { doc: after } })?.length).toBe(1);
    expect(
      changesOf({ before: { doc: before }, after: { doc: '{ "command": ["a", "b"] }' } }),
    ).toBeUndefined();
  });
});

const secret = 'correct-horse-battery';

/** Everything that leaves the driver for a plan. */
const told = (plan: TerraformPlan) => JSON.stringify([judged(plan), planOf(plan, 'net', 'r')]);

describe('secrets', () => {
  it.each<[string, object, Record<string, unknown>]>([
    [
      'marked in the declaration',
      { before: { p: 'x' }, after: { p: secret }, after_sensitive: { p: true } },
      {},
    ],
    ['marked live', { before: { p: secret }, after: { p: 'x' }, before_sensitive: { p: true } }, {}],
    [
      'in an object that is marked as a whole',
      { before: {}, after: { c: { p: secret } }, after_sensitive: { c: true } },
      {},
    ],
    [
      'copied by the provider to a field without a mark',
      {
        before: { t: {}, copy: {} },
        after: { t: { p: secret }, copy: { q: secret } },
        after_sensitive: { t: { p: true } },
      },
      {},
    ],
    [
      'in a longer text',
      {
        before: { t: 'a' },
        after: { t: `postgres://u:${secret}@h`, p: secret },
        after_sensitive: { p: true },
      },
      {},
    ],
    [
      'of a sensitive variable',
      { before: { t: 'a' }, after: { t: secret } },
      {
        variables: { v: { value: secret } },
        configuration: { root_module: { variables: { v: { sensitive: true } } } },
      },
    ],
    [
      'as a key',
      { before: {}, after: { t: { [secret]: 'x' }, p: secret }, after_sensitive: { p: true } },
      {},
    ],
    [
      'in a plan without marks',
      { before: { t: 'a' }, after: { t: secret }, before_sensitive: undefined, after_sensitive: undefined },
      {},
    ],
    [
      'in what changed outside',
      { before: { a: 1 }, after: { a: 2 } },
      { resource_drift: [resourceChange({ before: { p: secret }, after: { p: 'y' } })] },
    ],
    [
      'in an address',
      {
        address: `aws_s3_bucket.data["${secret}"]`,
        before: {},
        after: { p: secret },
        after_sensitive: { p: true },
      },
      {},
    ],
  ])('%s are never told', (_, change, more) => {
    const given = resourceChange(change as never) as { change: Record<string, unknown> };
    for (const key of ['before_sensitive', 'after_sensitive'])
      if (key in change && (change as Record<string, unknown>)[key] === undefined) delete given.change[key];
    expect(told(planWith([given], more))).not.toContain(secret);
  });

  it('of an output are never told', () => {
    const output = {
      actions: ['update'],
      before: 'x',
      after: secret,
      after_unknown: false,
      before_sensitive: false,
      after_sensitive: true,
    };
    const plan = planWith([], { output_changes: { o: output } });
    expect(told(plan)).not.toContain(secret);
    expect(judged(plan).findings).toEqual([
      {
        unit: 'net',
        type: 'changed',
        resource: { type: 'Output', name: 'o' },
        source: { file: 'infra-state/net/main.tf', line: 6 },
        changes: [{ path: '/value', op: 'changed', redacted: true }],
      },
    ]);
  });

  it('it is told that they changed', () => {
    expect(changesOf({ before: { p: 'x' }, after: { p: secret }, after_sensitive: { p: true } })).toEqual([
      { path: '/p', op: 'changed', redacted: true },
    ]);
  });

  it('wherever a secret stands, if it is marked anywhere', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const value = fc.letrec(tie => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(secret, `x ${secret} y`, 'plain', 1, null),
        fc.dictionary(key, tie('node')),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.dictionary(key, value), (before, after) => {
        const change = resourceChange({
          before: { ...before, p: secret },
          after,
          before_sensitive: { p: true },
        });
        expect(told(planWith([change]))).not.toContain(secret);
      }),
    );
  });
});

describe('the digest of a plan', () => {
  const one = resourceChange({ address: 'aws_s3_bucket.a', before: { x: 1, y: 2 }, after: { x: 2, y: 2 } });
  const two = resourceChange({ address: 'aws_s3_bucket.b', actions: ['create'], after: { x: 1 } });
  const digest = (changes: unknown[], revision = 'r', more = {}) =>
    planOf(planWith(changes, more), 'net', revision).digest;

  it('is the same in whatever order the changes and keys stand, and whatever else the plan says', () => {
    const reversed = resourceChange({
      address: 'aws_s3_bucket.a',
      after: { y: 2, x: 2 },
      before: { y: 2, x: 1 },
    });
    expect(digest([two, reversed], 'r', { timestamp: 'later' })).toBe(digest([one, two]));
    expect(digest([one, two, resourceChange({ address: 'aws_s3_bucket.c', actions: ['no-op'] })])).toBe(
      digest([one, two]),
    );
  });

  it.each<[string, unknown[], string, object]>([
    [
      'a value',
      [resourceChange({ address: 'aws_s3_bucket.a', before: { x: 1, y: 2 }, after: { x: 3, y: 2 } }), two],
      'r',
      {},
    ],
    [
      'what is live',
      [resourceChange({ address: 'aws_s3_bucket.a', before: { x: 0, y: 2 }, after: { x: 2, y: 2 } }), two],
      'r',
      {},
    ],
    ['one resource less', [one], 'r', {}],
    ['the revision', [one, two], 'q', {}],
    [
      'an output',
      [one, two],
      'r',
      { output_changes: { o: { actions: ['create'], before: null, after: 1 } } },
    ],
  ])('is another with %s', (_, changes, revision, more) => {
    expect(digest(changes, revision, more)).not.toBe(digest([one, two]));
  });

  it('actions say what would be done', () => {
    const replaced = resourceChange({
      address: 'aws_s3_bucket.c',
      actions: ['create', 'delete'],
      before: { n: 1 },
      after: { n: 2 },
    });
    const gone = resourceChange({ address: 'aws_s3_bucket.d', actions: ['delete'], before: {} });
    expect(planOf(planWith([one, two, replaced, gone]), 'net', 'r').actions).toEqual([
      { action: 'change', resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.a' }, paths: ['/x'] },
      { action: 'create', resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.b' } },
      { action: 'recreate', resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.c' }, paths: ['/n'] },
      { action: 'prune', resource: { type: 'aws_s3_bucket', name: 'aws_s3_bucket.d' } },
    ]);
  });
});

it.each([
  ['an unknown major', '{"format_version":"2.0"}', /its format is 2\.0/],
  ['no JSON', 'Error: x', /it is not JSON/],
  [
    'another shape, without repeating it',
    '{"format_version":"1.2","resource_changes":"s3cret"}',
    /^resource_changes is not as its format says$/,
  ],
  ['a run that failed', '{"format_version":"1.2","errored":true}', /ended with errors/],
])('a plan with %s is refused', (_, text, message) => {
  expect(() => readPlan(text)).toThrow(message);
});
