import type { Owner } from '../../codeowners/codeowners.ts';
import { Failure } from '../../failure/failure.ts';
import type { Account } from '../forge.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { member, person } from './schema.ts';

const levels: Readonly<Record<string, number>> = { developer: 30, maintainer: 40, owner: 50 };

/** The access level of an account in a project or group, members of groups above included; 0 for none. */
export async function accessLevel(requester: Requester, place: string, { id }: Account): Promise<number> {
  const path = `${place}/members/all/${encodeURIComponent(id)}`;
  const { status, text } = await requester.get(path, [404]);
  if (status === 404) return 0;
  const found = parseBody(member, text, `GET ${path}`, requester.clean);
  const active = found.state === undefined || found.state === 'active';
  return String(found.id) === id && active ? found.access_level : 0;
}

/**
 * Whether an account is in a group, has exactly a role in the project, or shows an address. `@name` may be an account or a
 * group of one word: it is asked for as a group here, and is nobody's where there is none.
 */
export async function ownsOn(
  requester: Requester,
  project: string,
  owner: Owner,
  account: Account,
): Promise<boolean> {
  if (owner.kind === 'role') {
    return (await accessLevel(requester, project, account)) === (levels[owner.name.replace(/s$/, '')] ?? -1);
  }
  if (owner.kind === 'email') {
    const path = `/users/${encodeURIComponent(account.id)}`;
    const { text } = await requester.get(path);
    const answer = parseBody(person, text, `GET ${path}`, requester.clean);
    return answer.public_email?.toLowerCase() === owner.name.toLowerCase();
  }
  const group = `/groups/${encodeURIComponent(owner.name)}`;
  if ((await accessLevel(requester, group, account)) > 0) return true;
  if (owner.kind === 'user') return false;
  const known = await requester.get(`${group}?with_projects=false`, [404]);
  if (known.status === 200) return false;
  throw new Failure('HF1402', `the token cannot see the group ${requester.clean(owner.name)}`, {
    where: { subject: `GET ${group}` },
  });
}
