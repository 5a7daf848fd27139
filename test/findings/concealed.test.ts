import { describe, expect, it } from 'vitest';
import { concealed } from '../../src/findings/concealed.ts';
import type { FieldChange } from '../../src/findings/finding.ts';
import { finding, imageChange } from '../incidents/sample.ts';

const env = '/spec/template/spec/containers/name=web/env';
const of = (change: FieldChange) => concealed(finding({ changes: [change] })).changes?.[0];

describe('what is stored and told', () => {
  it.each([
    'DB_PASSWORD',
    'GITHUB_TOKEN',
    'client-secret',
    'AWS_ACCESS_KEY_ID',
    'DATABASE_URL',
    'API_KEY',
    'PGPASS_PASS',
  ])('holds no value of the variable %s, and says that it differs', name => {
    const path = `${env}/name=${name}/value`;
    expect(of({ path, op: 'changed', declared: 'one', live: 'two' })).toEqual({
      path,
      op: 'changed',
      redacted: true,
    });
  });

  it.each(['LOG_LEVEL', 'COMPASS', 'AUTHOR', 'MONKEY', 'KEYBOARD'])('holds the value of %s', name => {
    const change: FieldChange = {
      path: `${env}/name=${name}/value`,
      op: 'changed',
      declared: 'one',
      live: 'two',
    };
    expect(of(change)).toBe(change);
  });

  it('holds none where the variable is a part of a larger value', () => {
    const container = {
      name: 'debug',
      env: [
        { name: 'DB_PASSWORD', value: 'hunter2' },
        { name: 'A', value: 'b' },
      ],
    };
    const change = of({ path: '/spec/template/spec/containers/name=debug', op: 'added', live: container });

    expect(JSON.stringify(change)).not.toContain('hunter2');
    expect(change).toMatchObject({
      live: { name: 'debug', env: [{ name: 'DB_PASSWORD' }, { name: 'A', value: 'b' }] },
    });
  });

  it('holds no copy of an object in an annotation', () => {
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'hunter2', a: 'b' };
    expect(
      JSON.stringify(of({ path: '/metadata/annotations', op: 'added', live: annotations })),
    ).not.toContain('hunter2');
  });

  it('holds no value of a key of a ConfigMap that is named like a secret, alone or with the others', () => {
    const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    const told = (change: FieldChange) => concealed(finding({ resource, changes: [change] })).changes?.[0];
    const alone = told({ path: '/data/DB_PASSWORD', op: 'changed', declared: 'hunter1', live: 'hunter2' });
    expect(alone).toEqual({ path: '/data/DB_PASSWORD', op: 'changed', redacted: true });
    const whole = told({ path: '/data', op: 'added', live: { DB_PASSWORD: 'hunter2', colour: 'red' } });
    expect(JSON.stringify(whole)).not.toContain('hunter');
    expect(whole?.live).toMatchObject({ colour: 'red' });
    const colour: FieldChange = { path: '/data/colour', op: 'changed', declared: 'green', live: 'red' };
    expect(told(colour)).toBe(colour);
  });

  it('is the same finding where there is nothing to hide', () => {
    const plain = finding({ changes: [imageChange] });
    expect(concealed(plain)).toBe(plain);
  });
});
