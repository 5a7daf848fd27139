import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gitea, startGitea } from '../../../sandbox/gitea/start.ts';
import { Failure } from '../../../src/failure/failure.ts';
import { createForge } from '../../../src/forge/create.ts';
import type { Forge } from '../../../src/forge/forge.ts';
import { createPullScenario, type LandedPull } from '../support/pulls.ts';

let gitea: Gitea;
let forge: Forge;
let landed: LandedPull;

beforeAll(async () => {
  gitea = await startGitea();
  const scenario = await createPullScenario(gitea);
  const alice = await scenario.person('alice', 'write');
  const bob = await scenario.person('bob', 'write');
  landed = await scenario.land(alice, [bob], { 'a.txt': 'x' });
  const { url, repository, owner } = scenario;
  forge = createForge({ kind: 'gitea', url, repository, token: owner.token });
});
afterAll(() => gitea.stop());

it('a Gitea that is down cannot say, and one that is up again says the same as before', async () => {
  const before = await forge.pullRequestsOf(landed.mergeCommit);

  await gitea.kill();
  const thrown: unknown = await forge.pullRequestsOf(landed.mergeCommit).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(Failure);
  expect((thrown as Failure).code).toBe('HF1401');

  await gitea.startAgain();
  expect(await forge.pullRequestsOf(landed.mergeCommit)).toEqual(before);
});
