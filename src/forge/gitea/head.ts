import { Failure } from '../../failure/failure.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';
import { gitReferences, type Pull } from './schema.ts';

/**
 * A pull request with the head that is or was reviewed. While the head's branch is there, Gitea gives the commit where that is now,
 * also of a pull request that was merged before; its own ref stays.
 */
export async function withReviewedHead(requester: Requester, repository: string, pull: Pull): Promise<Pull> {
  const ref = `refs/pull/${pull.number}/head`;
  const path = `${repository}/git/${ref}`;
  const { text } = await requester.get(path);
  const refs = parseBody(gitReferences, text, `GET ${path}`, requester.clean);
  const found = refs.find(one => one.ref === ref);
  if (found === undefined) throw new Failure('HF1405', `the forge does not know its own ${ref}`);
  return { ...pull, head: { ...pull.head, sha: found.object.sha } };
}
