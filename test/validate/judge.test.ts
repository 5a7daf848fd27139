import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/failure/failure.ts';
import type { JsonObject } from '../../src/json/json.ts';
import { type Judgement, judge } from '../../src/validate/judge.ts';
import { KnownKinds } from '../../src/validate/kinds.ts';
import { knownLifecycles, lifecycleOf } from '../../src/validate/lifecycle.ts';
import { shippedPack } from '../../src/validate/pack/pack.ts';
import { minorOf } from '../../src/validate/version.ts';

const pack = shippedPack();

function judged(
  apiVersion: string,
  kind: string,
  options: { version?: string; definitions?: JsonObject[]; rest?: JsonObject } = {},
): Judgement {
  const object = { apiVersion, kind, metadata: { name: 'one' }, ...options.rest };
  const kinds = new KnownKinds(pack, options.definitions ?? []);
  const minor = minorOf(options.version ?? pack.version);
  return judge({ ref: { apiVersion, kind, name: 'one' }, object }, { pack, kinds, minor });
}

const definition = (kind: string, version: JsonObject): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gizmos.example.com' },
  spec: { group: 'example.com', names: { kind }, versions: [{ name: 'v1', served: true, ...version }] },
});
const sized = { schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } } };

describe('an API version', () => {
  it.each([
    ['batch/v1beta1', 'CronJob', '1.34', 'any more (removed in 1.25); it takes batch/v1'],
    ['extensions/v1beta1', 'Ingress', '1.22', 'any more (removed in 1.22); it takes networking.k8s.io/v1'],
    ['extensions/v1beta1', 'PodSecurityPolicy', '1.20', 'it takes policy/v1beta1'],
    ['extensions/v1beta1', 'PodSecurityPolicy', '1.34', 'nothing takes its place'],
    [
      'flowcontrol.apiserver.k8s.io/v1beta1',
      'FlowSchema',
      '1.34',
      'it takes flowcontrol.apiserver.k8s.io/v1',
    ],
    ['batch/v1', 'CronJob', '1.20', 'yet (since 1.21); it takes batch/v1beta1'],
    ['resource.k8s.io/v1', 'DeviceClass', '1.30', 'yet (since 1.34); it has nothing in its place'],
    ['v1', 'Deployment', '1.34', 'has no kind Deployment in v1; Deployment is known of apps/v1'],
    ['apps/v2', 'Deployment', '1.34', 'has no kind Deployment in apps/v2; Deployment is known of apps/v1'],
  ])('%s of %s is not served by %s: %s', (apiVersion, kind, version, words) => {
    expect(judged(apiVersion, kind, { version }).notServed).toContain(words);
  });

  it.each([
    ['v1', 'Endpoints', '1.34', 'deprecated since 1.33; use discovery.k8s.io/v1 EndpointSlice'],
    [
      'policy/v1beta1',
      'PodDisruptionBudget',
      '1.22',
      'deprecated since 1.21 and will be gone in 1.25; use policy/v1',
    ],
  ])('%s of %s is deprecated, which is only noted, in %s: %s', (apiVersion, kind, version, words) => {
    const { notServed, note } = judged(apiVersion, kind, { version });
    expect(notServed).toBeUndefined();
    expect(note).toEqual({ code: 'HF1123', what: expect.stringContaining(words) });
  });

  it('of Kubernetes that is older than the schemas is unknown, without a word of definitions', () => {
    const { unknown } = judged('extensions/v1beta1', 'Ingress', { version: '1.15' });
    expect(unknown?.what).toMatch(/^the Ingress of extensions\/v1beta1 is not in the schemas of Kubernetes/);
  });

  it('that is not deprecated yet is not noted', () => {
    expect(judged('v1', 'Endpoints', { version: '1.32' }).note).toBeUndefined();
  });

  it('that the pack has is not in the table as gone, and one that is gone is not in the pack', () => {
    const minor = minorOf(pack.version);
    for (const key of knownLifecycles()) {
      const [apiVersion = '', kind = ''] = key.split(' ');
      const life = lifecycleOf(apiVersion, kind);
      const served = Object.hasOwn(pack.kinds[apiVersion] ?? {}, kind);
      if (life?.removed !== undefined && life.removed <= minor)
        expect({ key, served }).toEqual({ key, served: false });
      if (life?.since !== undefined && life.since <= minor)
        expect({ key, served }).toEqual({ key, served: true });
    }
  });

  it.each(['1.34', 'v1.34', '1.34.2', 'v1.34.2-eks-1'])('is judged for %s', version => {
    expect(minorOf(version)).toBe(34);
  });

  it.each(['34', '2.1', 'latest', '1', '1.x'])('is not judged for %s, which is no version', version => {
    expect(() => minorOf(version)).toThrow(Failure);
  });
});

describe('a custom kind', () => {
  it('is checked against its definition', () => {
    const definitions = [definition('Gizmo', sized)];
    expect(judged('example.com/v1', 'Gizmo', { definitions, rest: { size: 1 } }).problems).toEqual([]);
    expect(judged('example.com/v1', 'Gizmo', { definitions, rest: { size: 'x' } }).problems).toHaveLength(1);
  });

  it('with two definitions is valid when it fits one', () => {
    const definitions = [
      definition('Gizmo', { schema: { openAPIV3Schema: { type: 'object' } } }),
      definition('Gizmo', sized),
    ];
    expect(judged('example.com/v1', 'Gizmo', { definitions, rest: { size: 1 } }).problems).toEqual([]);
    expect(judged('example.com/v1', 'Gizmo', { definitions, rest: { sise: 1 } }).problems).not.toEqual([]);
  });

  it('of a definition that is not served any more is known, and not checked', () => {
    const old = { ...definition('Gizmo', sized), apiVersion: 'apiextensions.k8s.io/v1beta1' };
    expect(judged('example.com/v1', 'Gizmo', { definitions: [old], rest: { size: 'x' } })).toEqual({
      problems: [],
    });
  });

  it.each<[string, JsonObject[], string]>([
    [
      'has no definition',
      [],
      'no CustomResourceDefinition that is declared here serves Gizmo of example.com/v1',
    ],
    ['has one for another kind', [definition('Widget', sized)], 'no CustomResourceDefinition'],
    [
      'is no longer served',
      [definition('Gizmo', { ...sized, served: false })],
      'no CustomResourceDefinition',
    ],
    [
      'is served in another version',
      [definition('Gizmo', { ...sized, name: 'v2' })],
      'Gizmo is known of example.com/v2',
    ],
    [
      'has a definition that is none',
      [{ ...definition('Gizmo', sized), spec: 'x' }],
      'no CustomResourceDefinition',
    ],
  ])('is unknown where it %s', (_, definitions, words) => {
    expect(judged('example.com/v1', 'Gizmo', { definitions }).unknown).toEqual({
      kind: 'no-schema',
      what: expect.stringContaining(words),
    });
  });

  it('of a group of Kubernetes that must be switched on is unknown', () => {
    expect(judged('resource.k8s.io/v1beta1', 'DeviceClass').unknown?.what).toContain(
      'DeviceClass is known of resource.k8s.io/v1',
    );
  });
});

describe('a label', () => {
  it.each<[string, string | undefined, string | undefined]>([
    ['app.kubernetes.io/name', 'cart', undefined],
    ['tier', '', undefined],
    [
      'tier',
      'a b',
      'it must have at most 63 letters, digits, -, _ and ., and begin and end with a letter or digit: "a b"',
    ],
    ['tier', 'x'.repeat(64), expect.stringContaining('at most 63')],
    ['a/b/c', 'x', 'it is no key for a label'],
    ['', 'x', 'it is no key for a label'],
    ['Example.com/a', 'x', 'it is no key for a label'],
  ])('%s=%s', (key, value, problem) => {
    const rest = { metadata: { name: 'one', labels: { [key]: value ?? null } } };
    const found = judged('v1', 'ConfigMap', { rest }).problems.map(({ what }) => what);
    expect(found).toEqual(problem === undefined ? [] : [problem]);
  });
});
