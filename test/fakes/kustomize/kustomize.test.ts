import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fakeKustomize } from './kustomize.ts';

it('runs its script, counts, and goes without a trace', () => {
  const fake = fakeKustomize('echo "$@"');
  const { HOLDFAST_KUSTOMIZE: program } = fake.environment;

  expect(execFileSync(program, ['build', '.'], { encoding: 'utf8' })).toBe('build .\n');
  execFileSync(program);
  expect(fake.runs).toBe(2);

  fake.remove();
  expect(existsSync(program)).toBe(false);
});
