import { Failure } from '../../failure/failure.ts';
import { parseBody } from '../http/body.ts';
import type { Answer, Requester } from '../http/requester.ts';
import { repository as schema } from './schema.ts';

/**
 * The Failure HF1403 for a repository that was renamed or transferred. GitHub redirects to the id; what is there is asked
 * for its name, to tell it. It is never used: somebody has to look and change the setting.
 */
export async function movedRepository(
  requester: Requester,
  repository: string,
  { headers }: Answer,
): Promise<Failure> {
  const where = { subject: `GET ${repository}` };
  const target = headers.get('location') ?? '';
  try {
    const { text } = await requester.get(target);
    const { full_name: name, id } = parseBody(schema, text, where.subject, requester.clean);
    return new Failure('HF1403', `it was moved to ${requester.clean(name)} (id ${id})`, { where });
  } catch {
    return new Failure('HF1403', `it was moved to ${requester.clean(target) || 'an unnamed place'}`, {
      where,
    });
  }
}
