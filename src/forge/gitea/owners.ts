import type { Owner } from '../../codeowners/codeowners.ts';
import { Failure } from '../../failure/failure.ts';
import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { allPages } from './pages.ts';
import { person, teams } from './schema.ts';

/** Whether an account is in a team of an organization; a team that is not there, or not shown, is a Failure HF1402. */
export async function ownsOn(requester: Requester, owner: Owner, { id, login }: Account): Promise<boolean> {
  const who = encodeURIComponent(login);
  if (owner.kind === 'email') {
    const path = `/users/${who}`;
    const { text } = await requester.get(path);
    const answer = parseBody(person, text, `GET ${path}`, requester.clean);
    return String(answer.id) === id && answer.email.toLowerCase() === owner.name.toLowerCase();
  }
  if (owner.kind !== 'team') return false;
  const [org = '', name = ''] = owner.name.split('/');
  const path = `/orgs/${encodeURIComponent(org)}/teams`;
  const team = (await teamsOf(requester, path)).find(one => one.name.toLowerCase() === name.toLowerCase());
  if (team === undefined) {
    throw new Failure('HF1402', `the token cannot see the team ${requester.clean(owner.name)}`, {
      where: { subject: `GET ${path}` },
    });
  }
  return (await requester.get(`/teams/${team.id}/members/${who}`, [404])).status === 200;
}

/** All teams of an organization, which its members may list (Gitea's search of teams shows one's own only); none where one may not. */
async function teamsOf(requester: Requester, path: string) {
  try {
    return await allPages(requester, path, teams, false);
  } catch (error) {
    if (error instanceof Failure && (error.code === 'HF1402' || error.code === 'HF1403')) return [];
    throw error;
  }
}
