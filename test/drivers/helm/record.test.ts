import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRecord, withStatus } from '../../../src/drivers/helm/record.ts';
import type { JsonObject } from '../../../src/json/json.ts';

const payload = {
  name: 'web',
  version: 3,
  info: { status: 'deployed', last_deployed: '2026-11-20T10:00:00.5+01:00', description: 'Upgrade complete' },
  chart: {
    metadata: { name: 'web', version: '1.0.0' },
    templates: [{ name: 'templates/a.yaml', data: Buffer.from('a').toString('base64') }],
    values: { colour: 'red' },
  },
  config: { colour: 'blue' },
  manifest: '---\n# Source: web/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
};

function secretOf(content: unknown, zip = true): JsonObject {
  const json = Buffer.from(JSON.stringify(content));
  const release = Buffer.from((zip ? gzipSync(json) : json).toString('base64')).toString('base64');
  return { metadata: { name: 'x', labels: { status: 'deployed', version: '3' } }, data: { release } };
}

describe('the record of a release', () => {
  it('gives revision, status, chart, values and objects', () => {
    expect(readRecord(secretOf(payload), { manager: 'Helm' })).toMatchObject({
      revision: 3,
      status: 'deployed',
      updatedAt: '2026-11-20T09:00:00.500Z',
      chart: { name: 'web', version: '1.0.0' },
      defaults: { colour: 'red' },
      values: { colour: 'blue' },
      by: { manager: 'Helm' },
      manifest: {
        objects: [{ identity: { kind: 'ConfigMap', name: 'web' }, template: 'web/templates/a.yaml' }],
      },
    });
  });

  it('of an old helm is not zipped', () => {
    expect(readRecord(secretOf(payload, false), undefined).revision).toBe(3);
  });

  it.each([
    ['Rollback to 2', { rolledBackTo: 2, ours: undefined }],
    [`Holdfast ${'a'.repeat(40)}`, { rolledBackTo: undefined, ours: 'a'.repeat(40) }],
    ['Rollback "web" failed: password opensesame', { rolledBackTo: undefined, ours: undefined }],
  ])('with the description %j', (description, expected) => {
    const record = readRecord(secretOf({ ...payload, info: { ...payload.info, description } }), undefined);
    expect(record).toMatchObject(expected);
    expect(JSON.stringify(record)).not.toContain('opensesame');
  });

  it.each<[string, JsonObject]>([
    ['nonsense', { data: { release: 'bm9uc2Vuc2U=' } }],
    ['no data', {}],
    ['another shape', secretOf({ version: 'three' })],
    [
      'a bomb',
      {
        data: {
          release: Buffer.from(gzipSync(Buffer.alloc(70 * 1024 * 1024)).toString('base64')).toString(
            'base64',
          ),
        },
      },
    ],
  ])('that is %s is HF1808, and the words hold nothing of it', (_, secret) => {
    expect(() => readRecord(secret, undefined)).toThrow(expect.objectContaining({ code: 'HF1808' }));
  });

  it('with another status is as it was, but for that', () => {
    const next = withStatus(secretOf(payload), 'failed', 'interrupted');
    expect(readRecord(next, undefined)).toMatchObject({
      revision: 3,
      status: 'failed',
      values: { colour: 'blue' },
    });
    expect(next['metadata']).toMatchObject({ name: 'x', labels: { status: 'failed', version: '3' } });
  });
});
