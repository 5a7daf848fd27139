import { expect, it } from 'vitest';
import { FakeDriver, fakeUnit } from './driver.ts';

const unit = fakeUnit('shop', { a: '1', b: '1' });
const declaration = { revision: 'a'.repeat(40) };
const options = { onResource: () => undefined, signal: new AbortController().signal, healthTimeoutMs: 1 };

it('plans what the world lacks or has otherwise, and makes it so', async () => {
  const driver = new FakeDriver();
  driver.world.set('b', '0');

  const plan = await driver.plan(unit, declaration);
  await driver.apply(unit, declaration, plan, options);

  expect(plan.actions.map(({ action, resource }) => `${action} ${resource.name}`)).toEqual([
    'create a',
    'change b',
  ]);
  expect((await driver.compare(unit)).verdict).toBe('in-sync');
});

it('gives another digest when the world moves', async () => {
  const driver = new FakeDriver();
  const before = await driver.plan(unit, declaration);
  driver.world.set('a', '0');

  expect((await driver.plan(unit, declaration)).digest).not.toBe(before.digest);
});

it('compares as unknown while the world cannot be reached', async () => {
  const driver = new FakeDriver();
  driver.down = true;

  expect((await driver.compare(unit)).verdict).toBe('unknown');
  await expect(driver.plan(unit, declaration)).rejects.toMatchObject({ code: 'HF1301' });
});
