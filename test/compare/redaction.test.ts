import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/compare/redaction.ts';

const secret = { group: '', kind: 'Secret' };

describe('what is taken out', () => {
  it.each([
    '/data/password',
    '/data',
    '/stringData/password',
    '/stringdata/password',
    '/Data',
    '/password',
    '/database',
    '/metadata',
    '/type/password',
    '/metadata/stringData/a',
    '',
    '/metadata/annotations/note',
    '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration',
  ])('is the value of a Secret at %s', path => {
    expect(redact(secret, [{ path, op: 'changed', declared: 'a', live: 'b', by: { manager: 'm' } }])).toEqual(
      [{ path, op: 'changed', redacted: true, by: { manager: 'm' } }],
    );
  });

  it('is the copy of an object in the last-applied annotation of anything', () => {
    const path = '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration';

    expect(redact({ group: 'apps', kind: 'Deployment' }, [{ path, op: 'added', live: '{}' }])).toEqual([
      { path, op: 'added', redacted: true },
    ]);
  });
});

describe('what stays', () => {
  it.each([
    [secret, '/type'],
    [secret, '/metadata/labels/a'],
    [secret, '/metadata/labels'],
    [secret, '/metadata/finalizers'],
    [secret, '/immutable'],
    [{ group: '', kind: 'ConfigMap' }, '/data/a'],
    [{ group: 'example.com', kind: 'Secret' }, '/data/a'],
  ])('is %j at %s', (kind, path) => {
    const change = { path, op: 'added' as const, live: 'x' };

    expect(redact(kind, [change])).toEqual([change]);
  });
});

it('leaves no value below data, whatever the path', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 8 }), (key, value) => {
      const told = redact(secret, [
        { path: `/data/${key}`, op: 'changed', declared: value, live: { deep: value } },
      ]);

      expect(told).toEqual([{ path: `/data/${key}`, op: 'changed', redacted: true }]);
    }),
  );
});
