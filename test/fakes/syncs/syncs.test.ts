import { expect, it } from 'vitest';
import { FakeSyncs } from './syncs.ts';

const spec = { unit: 'shop', revision: 'a'.repeat(40), reason: 'merge' as const };

it('refuses a status that was written over an older version', async () => {
  const syncs = new FakeSyncs();
  const first = await syncs.create(spec);
  await syncs.patchStatus(first, { phase: 'Planning' });

  expect(await syncs.patchStatus(first, { phase: 'Applying' })).toBe('moved');
});

it('merges a status and removes what is null', async () => {
  const syncs = new FakeSyncs();
  const sync = await syncs.create(spec);
  const one = await syncs.patchStatus(sync, { phase: 'Planning', message: 'x' });

  const two = one === 'moved' ? one : await syncs.patchStatus(one, { holder: 'me', message: null });

  expect(two).toMatchObject({ status: { phase: 'Planning', holder: 'me' } });
  expect(two === 'moved' || two.status?.message).toBeUndefined();
});

it('tells a watch everything now and after each change', async () => {
  const syncs = new FakeSyncs();
  const stop = new AbortController();
  const seen: number[] = [];
  const watching = syncs.watch(all => seen.push(all.length), stop.signal);

  await syncs.create(spec);
  await syncs.create(spec);
  stop.abort();
  await watching;
  await syncs.create(spec);

  expect(seen).toEqual([0, 1, 2]);
});

it('gives a failure for every request while it is down', async () => {
  const syncs = new FakeSyncs();
  syncs.down = true;

  await expect(syncs.list()).rejects.toMatchObject({ code: 'HF1301' });
});
