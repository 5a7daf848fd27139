import type { Owner } from '../../codeowners/codeowners.ts';
import { Failure } from '../../failure/failure.ts';
import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
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
  const path = `/orgs/${encodeURIComponent(org)}/teams/search?q=${encodeURIComponent(name)}&limit=50`;
  const { status, text } = await requester.get(path, [404, 403]);
  const found = status === 200 ? parseBody(teams, text, `GET ${path}`, requester.clean).data : [];
  const team = found.find(one => one.name.toLowerCase() === name.toLowerCase());
  if (team === undefined) {
    throw new Failure('HF1402', `the token cannot see the team ${requester.clean(owner.name)}`, {
      where: { subject: `GET ${path}` },
    });
  }
  return (await requester.get(`/teams/${team.id}/members/${who}`, [404])).status === 200;
}
