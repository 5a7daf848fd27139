import type { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { nextOf } from '../github/pages.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';

const mostPages = 100;

/** A whole list, as the `Link` headers lead from page to page; `enough` ends it before its end. One without an end is HF1405. */
export async function allPages<T>(
  requester: Requester,
  path: string,
  schema: z.ZodType<T[]>,
  enough: (page: T[]) => boolean = () => false,
): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}per_page=100`;
  for (let page = 1; next !== undefined; page += 1) {
    if (page > mostPages) {
      throw new Failure('HF1405', `the forge's list has no end after ${mostPages} pages`, {
        where: { subject: `GET ${path}` },
      });
    }
    const { text, headers } = await requester.get(next);
    const some = parseBody(schema, text, `GET ${path}`, requester.clean);
    items.push(...some);
    next = enough(some) ? undefined : nextOf(headers.get('link'));
  }
  return items;
}
