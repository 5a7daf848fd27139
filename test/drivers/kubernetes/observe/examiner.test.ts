import { describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../../../src/cluster/cluster.ts';
import { Schemas } from '../../../../src/cluster/openapi.ts';
import { Judge } from '../../../../src/drivers/kubernetes/compare/judge.ts';
import { Subject } from '../../../../src/drivers/kubernetes/compare/subject.ts';
import { entryOf } from '../../../../src/drivers/kubernetes/observe/entry.ts';
import { Examiner } from '../../../../src/drivers/kubernetes/observe/examiner.ts';
import { Failure } from '../../../../src/failure/failure.ts';
import type { JsonObject } from '../../../../src/json/json.ts';
import { configMaps } from '../../../cluster/kinds.ts';
import { type Answering, fakeConnection } from '../../../fakes/kubernetes/connection.ts';

const target = { kind: configMaps, namespace: 'shop', name: 'a' };
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } };
const live = (data: JsonObject, more: JsonObject = {}) => ({ ...object, data, ...more });

/** An examiner over a server that applies and replaces as it is told, and counts. */
async function examined(answering: Answering = ({ body }) => ({ body })) {
  const fake = fakeConnection(answering);
  const cluster = new Cluster(fake.connection);
  const judge = new Judge(cluster, new Schemas(cluster));
  const declared = {
    ref: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
    object,
    source: { file: 'a' },
    hash: '',
  };
  const entry = entryOf(new Subject('shop', target, declared));
  const settled: boolean[] = [];
  const examiner = new Examiner(
    judge,
    (_entry, changed) => settled.push(changed),
    AbortSignal.timeout(10_000),
  );
  const knowledge = await judge.knowledge(configMaps);
  const idle = async () => {
    while (!examiner.idle) await new Promise(resolve => setImmediate(resolve));
  };
  const dryRuns = () => fake.requests.filter(({ query }) => query?.['dryRun'] === 'All').length;
  return {
    see: (now: JsonObject | undefined, schemaHash = '') =>
      examiner.see(entry, now, { ...knowledge, schemaHash }),
    judged: vi.spyOn(judge, 'judge'),
    examiner,
    entry,
    settled,
    idle,
    dryRuns,
  };
}

describe('an entry', () => {
  it('that is surely the same is judged at once and without the server', async () => {
    const { see, entry, dryRuns } = await examined();

    see(live({ a: '1' }));

    expect(entry.judgement).toEqual({ exempt: [] });
    expect(dryRuns()).toBe(0);
  });

  it('that differs is asked of the server', async () => {
    const { see, entry, idle, settled } = await examined();

    see(live({ a: '2' }));
    await idle();

    expect(entry.judgement?.finding).toMatchObject({
      type: 'changed',
      changes: [{ path: '/data/a', declared: '1', live: '2' }],
    });
    expect(settled[0]).toBe(true);
  });

  it('whose status alone changes costs nothing and tells nothing', async () => {
    const { see, idle, settled, dryRuns } = await examined();
    see(live({ a: '2' }));
    await idle();
    const [told, asked] = [settled.length, dryRuns()];

    for (let turn = 0; turn < 50; turn += 1) see(live({ a: '2' }, { status: { turn } }));
    await idle();

    expect([settled.length, dryRuns()]).toEqual([told, asked]);
  });

  it('that changes while it is being judged ends with the newest', async () => {
    const { see, entry, idle } = await examined();

    see(live({ a: '2' }));
    see(live({ a: '3' }));
    see(live({ a: '4' }));
    await idle();

    expect(entry.judgement?.finding?.changes?.[0]?.live).toBe('4');
  });

  it('whose schema changes while it is being judged is judged again under the new one, and then no more', async () => {
    const { see, judged, idle } = await examined();

    see(live({ a: '2' }), 'old');
    see(live({ a: '2' }), 'new');
    await idle();
    see(live({ a: '2' }), 'new');
    await idle();

    expect(judged.mock.calls.map(([, , { schemaHash }]) => schemaHash)).toEqual(['old', 'new']);
  });

  it('that was put right while it was being judged ends in sync', async () => {
    const { see, entry, idle } = await examined();

    see(live({ a: '2' }));
    see(live({ a: '1' }));
    await idle();

    expect(entry.judgement).toEqual({ exempt: [] });
  });

  it('that is gone is missing', async () => {
    const { see, entry, idle } = await examined();

    see(undefined);
    await idle();

    expect(entry.judgement?.finding?.type).toBe('missing');
  });

  it('is asked of the server again when it did not answer', async () => {
    let outages = 2;
    const { see, entry, idle } = await examined(({ body }) => {
      outages -= 1;
      return outages >= 0 ? new Failure('HF1301', 'down') : { body };
    });

    see(live({ a: '2' }));
    await idle();

    expect(entry.judgement?.finding?.type).toBe('changed');
  });

  it('that cannot be read is unknown until it can', async () => {
    const { see, examiner, entry } = await examined();

    examiner.fail(entry, new Failure('HF1303', 'forbidden'));
    expect(entry.judgement?.finding).toMatchObject({ type: 'unknown', code: 'HF1303' });
    see(live({ a: '1' }));

    expect(entry.judgement).toEqual({ exempt: [] });
  });
});
