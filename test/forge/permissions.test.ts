import { expect, it } from 'vitest';
import { rememberedPermissions } from '../../src/forge/permissions.ts';
import type { Permission } from '../../src/forge/proposals.ts';

function asked(answers: (Permission | Error)[]) {
  const calls: string[] = [];
  let now = 0;
  const permissionOf = rememberedPermissions(
    async login => {
      calls.push(login);
      const answer = answers.shift() ?? 'none';
      if (answer instanceof Error) throw answer;
      return answer;
    },
    () => now,
  );
  const pass = (ms: number) => {
    now += ms;
  };
  return { calls, permissionOf, pass };
}

it('asks once in five minutes, for whatever case the login is written in', async () => {
  const { calls, permissionOf, pass } = asked(['write', 'read']);
  expect(await permissionOf('alice')).toBe('write');
  pass(299_999);
  expect(await permissionOf('Alice')).toBe('write');
  pass(1);
  expect(await permissionOf('alice')).toBe('read');
  expect(calls).toHaveLength(2);
});

it('asks once for questions at the same time', async () => {
  const { calls, permissionOf } = asked(['write']);
  expect(await Promise.all([permissionOf('alice'), permissionOf('alice')])).toEqual(['write', 'write']);
  expect(calls).toHaveLength(1);
});

it('does not remember that it could not be told', async () => {
  const { permissionOf } = asked([new Error('down'), 'write']);
  await expect(permissionOf('alice')).rejects.toThrow('down');
  expect(await permissionOf('alice')).toBe('write');
});
