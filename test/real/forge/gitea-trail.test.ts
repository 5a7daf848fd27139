/** What a real Gitea tells besides pull requests, and what is shown on it. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { createForge } from '../../../src/forge/create.ts';
import type { Account, Forge } from '../../../src/forge/forge.ts';
import { createPullScenario, type Person, type PullScenario } from '../support/pulls.ts';
import { waitUntil } from '../support/wait-until.ts';

let scenario: PullScenario;
let alice: Person;
let forge: Forge;
beforeAll(async () => {
  const url = inject('giteaUrl');
  scenario = await createPullScenario({ url, adminToken: inject('giteaToken') });
  alice = await scenario.person('alice', 'write');
  forge = createForge({ kind: 'gitea', url, repository: scenario.repository, token: scenario.owner.token });
});

const accountOf = ({ id, login }: Person): Account => ({ id, login, bot: false });

it('tells who moved the branch from where to where, whatever the commits say', async () => {
  const before = await scenario.tip();
  const author = { name: 'bob', email: 'bob@example.com' };
  const after = await scenario.commit(alice, 'main', { 'a.yaml': 'x' }, { author });
  const move = await waitUntil('Gitea notes the push', async () =>
    (await forge.moves('main', before))?.find(each => each.after === after),
  );
  expect(move).toMatchObject({ kind: 'untold', before, after, actor: accountOf(alice) });
});

it('shows a sync as a status of the commit, and moves it on', async () => {
  const commit = await scenario.tip();
  const description = 'x'.repeat(300);
  await forge.announce({ commit, state: 'pending', description: 'applying', environment: 'test' });
  await forge.announce({ commit, state: 'success', description, environment: 'test' });
  const { json } = await scenario.api.call(
    scenario.owner.token,
    'GET',
    `/repos/${scenario.repository}/commits/${commit}/status`,
  );
  const status = z.object({ context: z.string(), status: z.string(), description: z.string() });
  const { statuses } = z.object({ statuses: z.array(status) }).parse(json);
  expect(statuses).toMatchObject([{ context: 'holdfast/sync (test)', status: 'success' }]);
  expect(statuses[0]?.description).toHaveLength(140);
});

it('knows the members of a team, and says so when it cannot see one', async () => {
  const { api, owner } = scenario;
  const org = `acme-${randomBytes(4).toString('hex')}`;
  const made = z.object({ id: z.int() });
  await api.expect(made, owner.token, 'POST', '/orgs', { username: org });
  const team = { name: 'payments', permission: 'write', units: ['repo.code'] };
  const { id } = await api.expect(made, owner.token, 'POST', `/orgs/${org}/teams`, team);
  await api.expect(z.unknown(), owner.token, 'PUT', `/teams/${id}/members/${alice.login}`);

  const owns = (name: string, person: Person) =>
    forge.owns({ kind: 'team', name: `${org}/${name}` }, accountOf(person));
  expect(await owns('payments', alice)).toBe(true);
  expect(await owns('payments', owner)).toBe(false);
  await expect(owns('hidden', alice)).rejects.toMatchObject({ code: 'HF1402' });
});
