import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/json/json.ts';
import { isMap } from '../../src/json/value.ts';
import { checkBuiltIn } from '../../src/validate/built-in.ts';
import { shippedPack } from '../../src/validate/pack/pack.ts';
import { Findings } from '../../src/validate/problem.ts';

const pack = shippedPack();

function problemsOf(object: JsonObject): string[] {
  const schema = pack.kinds[String(object['apiVersion'])]?.[String(object['kind'])]?.schema ?? '';
  const found = new Findings({ hidden: object['kind'] === 'Secret' });
  checkBuiltIn(pack, schema, object, found);
  return found.problems.map(({ path, what }) => `/${path.join('/')}: ${what}`);
}

const deployment = (
  container: JsonObject = {},
  spec: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', ...metadata },
  spec: {
    selector: { matchLabels: { app: 'cart' } },
    template: {
      metadata: { labels: { app: 'cart' } },
      spec: { containers: [{ name: 'web', image: 'cart:1', ...container }] },
    },
    ...spec,
  },
});
const inContainer = '/spec/template/spec/containers/0';

describe('an object of a built-in kind', () => {
  it.each<[string, JsonObject]>([
    ['as it should be', deployment()],
    ['quantities as text and as numbers', deployment({ resources: { limits: { cpu: 1, memory: '1.5Gi' } } })],
    ['ports by number and by name', deployment({ livenessProbe: { httpGet: { port: 'http' } } })],
    ['null for a field that may be absent', deployment({ env: null, resources: null }, { replicas: null })],
    ['null in a map and in a list', deployment({ args: [null] }, {}, { labels: { tier: null } })],
    ['an empty text where the server fills in', deployment({ imagePullPolicy: '' })],
    [
      'a status, which the server drops',
      { ...deployment(), status: { conditions: [{ type: 'Available' }] } },
    ],
    ['a creation time of null', deployment({}, {}, { creationTimestamp: null })],
    ['env vars with different names', deployment({ env: [{ name: 'A' }, { name: 'B' }] })],
    [
      'one port over two protocols',
      deployment({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }),
    ],
  ])('is valid: %s', (_, object) => {
    expect(problemsOf(object)).toEqual([]);
  });

  it.each<[string, JsonObject, string]>([
    [
      'an unknown field',
      deployment({}, { replica: 1 }),
      '/spec/replica: unknown field "replica"; did you mean replicas?',
    ],
    [
      'a field in the wrong case',
      deployment({ imagepullpolicy: 'Always' }),
      `${inContainer}/imagepullpolicy: unknown field "imagepullpolicy"; did you mean imagePullPolicy?`,
    ],
    [
      'a field of Object.prototype',
      deployment({ constructor: 1 }),
      `${inContainer}/constructor: unknown field "constructor"`,
    ],
    [
      'text for a number',
      deployment({}, { replicas: '3' }),
      '/spec/replicas: it must be an integer of 32 bits, and is a string: "3"',
    ],
    [
      'a fraction',
      deployment({}, { replicas: 1.5 }),
      '/spec/replicas: it must be an integer of 32 bits, and is a number with a fraction: 1.5',
    ],
    [
      'a number beyond 32 bits',
      deployment({}, { replicas: 2 ** 31 }),
      '/spec/replicas: it must be an integer of 32 bits, and is an integer: 2147483648',
    ],
    [
      'a number for a label',
      deployment({}, {}, { labels: { tier: 1 } }),
      '/metadata/labels/tier: it must be a string, and is an integer: 1',
    ],
    [
      'text for a boolean',
      deployment({ tty: 'yes' }),
      `${inContainer}/tty: it must be true or false, and is a string: "yes"`,
    ],
    [
      'a list for an object',
      deployment({ resources: [] }),
      `${inContainer}/resources: it must be an object, and is a list`,
    ],
    [
      'an object for a list',
      deployment({ args: {} }),
      `${inContainer}/args: it must be a list, and is an object`,
    ],
    [
      'a quantity that is none',
      deployment({ resources: { limits: { cpu: '1 core' } } }),
      `${inContainer}/resources/limits/cpu: it must be a quantity such as 100m, 1.5 or 2Gi, and is a string: "1 core"`,
    ],
    [
      'a value that is not in the enum',
      deployment({ imagePullPolicy: 'Allways' }),
      `${inContainer}/imagePullPolicy: it must be one of Always, IfNotPresent, Never: "Allways"`,
    ],
    [
      'a required field that is missing',
      deployment({ volumeMounts: [{ name: 'data' }] }),
      `${inContainer}/volumeMounts/0: the required field mountPath is missing`,
    ],
    [
      'a required field that is null',
      deployment({ name: null }),
      `${inContainer}: the required field name is missing`,
    ],
    [
      'no spec',
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } },
      '/: the required field spec is missing',
    ],
    [
      'a key that is there twice',
      deployment({ env: [{ name: 'A' }, { name: 'A' }] }),
      `${inContainer}/env/1: name=A is there twice`,
    ],
    [
      'a key with a default that is there twice',
      deployment({ ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      `${inContainer}/ports/1: containerPort=80,protocol=TCP is there twice`,
    ],
    [
      'an unknown field in the status',
      { ...deployment(), status: { replica: 1 } },
      '/status/replica: unknown field "replica"; did you mean replicas?',
    ],
  ])('is invalid: %s', (_, object, problem) => {
    expect(problemsOf(object)).toEqual([problem]);
  });

  it('has every problem named, not the first', () => {
    expect(problemsOf(deployment({ tty: 1, bogus: 1 }, { replicas: 'x' }))).toHaveLength(3);
  });

  it('of the kind Secret never has a value in a message', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'hunter2!' },
      stringData: { b: 12345 },
    };
    expect(problemsOf(secret)).toEqual([
      '/data/a: it must be base64',
      '/stringData/b: it must be a string, and is an integer',
    ]);
  });

  it('may hold anything: checking it ends, without a crash', () => {
    const junk = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const place = fc.constantFrom('metadata', 'spec', 'status', 'data');
    const kinds = Object.entries(pack.kinds).flatMap(([apiVersion, all]) =>
      Object.keys(all).map(kind => ({ apiVersion, kind })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), place, junk, (kind, key, value) => {
        const problems = problemsOf({ ...kind, [key]: value });
        expect(problems.every(problem => problem.startsWith('/'))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('that is large and wrong everywhere has a bounded number of problems', () => {
    const env = Array.from({ length: 20_000 }, (_, index) => ({ name: `A${index}`, vallue: 'x' }));
    expect(problemsOf(deployment({ env }))).toHaveLength(100);
  });
});

describe('the schema pack', () => {
  it('has every type that it refers to, and is small', () => {
    const wanted = new Set<string>();
    JSON.stringify(pack, (key, value: unknown) => {
      if ((key === 'ref' || key === 'schema') && typeof value === 'string') wanted.add(value);
      return value;
    });
    expect([...wanted].filter(name => !Object.hasOwn(pack.schemas, name))).toEqual([]);
    expect(isMap(pack.schemas['io.k8s.api.core.v1.PodSpec'] as Json)).toBe(true);
    expect(JSON.stringify(pack).length).toBeLessThan(400_000);
    expect(pack.version).toMatch(/^1\.\d+$/);
  });
});
