import type { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';

/** Gitea's own default for the most items of one answer; a server may be set lower. */
const perPage = 50;
const mostPages = 200;

/**
 * A whole list, page by page. Gitea counts it in `X-Total-Count` but hides some items after cutting the pages (pending
 * reviews of others), so a short or empty page is not the end before the counted pages are read.
 *
 * @param hiding whether the list may have fewer items than counted; if not, fewer is a Failure HF1405 (truncated).
 */
export async function allPages<T>(
  requester: Requester,
  path: string,
  schema: z.ZodType<T[]>,
  hiding: boolean,
): Promise<T[]> {
  const items: T[] = [];
  const join = path.includes('?') ? '&' : '?';
  for (let page = 1; page <= mostPages; page += 1) {
    const { text, headers } = await requester.get(`${path}${join}page=${page}&limit=${perPage}`);
    const some = parseBody(schema, text, `GET ${path}`, requester.clean);
    items.push(...some);
    const total = totalOf(headers, path);
    if (items.length >= total) return items;
    if (some.length > 0 || page * perPage < total) continue;
    if (hiding) return items;
    throw new Failure('HF1405', `the forge counts ${total} items but gave ${items.length}`, {
      where: { subject: `GET ${path}` },
    });
  }
  throw new Failure('HF1405', `the forge's list has no end after ${mostPages} pages`, {
    where: { subject: `GET ${path}` },
  });
}

function totalOf(headers: Headers, path: string): number {
  const total = headers.get('x-total-count') ?? '';
  if (/^\d{1,9}$/.test(total)) return Number(total);
  throw new Failure('HF1405', 'the forge gave a list without its length', {
    where: { subject: `GET ${path}` },
  });
}
