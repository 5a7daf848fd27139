import type { Owner } from '../../codeowners/codeowners.ts';
import { Failure } from '../../failure/failure.ts';
import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { membership, person } from './schema.ts';

/**
 * Whether an account is in a team of an organization, or has an e-mail address in public. A team that the token may not see
 * is a Failure HF1402: nobody could be told to be in it.
 */
export async function ownsOn(requester: Requester, owner: Owner, { id, login }: Account): Promise<boolean> {
  const who = encodeURIComponent(login);
  if (owner.kind === 'email') {
    const path = `/users/${who}`;
    const { text } = await requester.get(path);
    const answer = parseBody(person, text, `GET ${path}`, requester.clean);
    return String(answer.id) === id && answer.email?.toLowerCase() === owner.name.toLowerCase();
  }
  if (owner.kind !== 'team') return false;
  const [org = '', slug = ''] = owner.name.split('/').map(encodeURIComponent);
  const team = `/orgs/${org}/teams/${slug}`;
  const path = `${team}/memberships/${who}`;
  const { status, text } = await requester.get(path, [404]);
  if (status === 200) {
    return parseBody(membership, text, `GET ${path}`, requester.clean).state === 'active';
  }
  const known = await requester.get(team, [404]);
  if (known.status === 200) return false;
  throw new Failure('HF1402', `the token cannot see the team ${requester.clean(owner.name)}`, {
    where: { subject: `GET ${team}` },
  });
}
