import { expect, it } from 'vitest';
import { FakeFreezes } from './freezes.ts';

const request = { reason: 'an incident', by: 'olga' };
const names = (freezes: { metadata: { name: string } }[]) => freezes.map(({ metadata }) => metadata.name);

it('holds until it is lifted, and keeps what was lifted', async () => {
  const freezes = new FakeFreezes();
  await freezes.freeze(request);
  await freezes.freeze({ ...request, units: ['shop'] });

  const lifted = await freezes.unfreeze({ units: ['shop', 'other'] }, 'otto');

  expect(names(lifted)).toEqual(['freeze-2']);
  expect(names(await freezes.current())).toEqual(['freeze-1']);
  expect((await freezes.list())[1]?.spec.lifted?.by).toBe('otto');
});

it('holds no longer than it says', async () => {
  let now = new Date('2026-11-21T12:00:00Z');
  const freezes = new FakeFreezes(() => now);
  await freezes.freeze({ ...request, until: '2026-11-21T13:00:00Z' });

  now = new Date('2026-11-21T13:00:00Z');

  expect(await freezes.current()).toEqual([]);
});

it('fails as the server does when it is down', async () => {
  const freezes = new FakeFreezes();
  freezes.down = true;

  await expect(freezes.current()).rejects.toMatchObject({ code: 'HF1301' });
});
