import type { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { parseBody } from '../http/body.ts';
import type { Requester } from '../http/requester.ts';

const mostPages = 100;

/** What a status means here, where it means something of its own. */
export type Refused = Readonly<Record<number, Failure>>;

/**
 * Every page of a list, as the `Link` headers lead from one to the next; each page is checked by the schema. A list with no
 * end is a Failure HF1405. `enough` ends it before its end.
 */
export async function eachPage<T extends z.ZodType>(
  requester: Requester,
  path: string,
  schema: T,
  refused: Refused = {},
  enough: (page: z.output<T>) => boolean = () => false,
): Promise<z.output<T>[]> {
  const pages: z.output<T>[] = [];
  let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}per_page=100`;
  while (next !== undefined) {
    if (pages.length === mostPages) {
      throw new Failure('HF1405', `the forge's list has no end after ${mostPages} pages`, {
        where: { subject: `GET ${path}` },
      });
    }
    const { status, text, headers } = await requester.get(next, Object.keys(refused).map(Number));
    const failure = refused[status];
    if (failure !== undefined) throw failure;
    const page = parseBody(schema, text, `GET ${path}`, requester.clean);
    pages.push(page);
    next = enough(page) ? undefined : nextOf(headers.get('link'));
  }
  return pages;
}

/** The items of a list that counts them; fewer or more than counted is a Failure HF1405, for it was cut or changed meanwhile. */
export function counted<T>(items: readonly T[], total: number | undefined, path: string): readonly T[] {
  if (items.length === total) return items;
  throw new Failure('HF1405', `the forge counts ${total} items but gave ${items.length}`, {
    where: { subject: `GET ${path}` },
  });
}

/** The target of rel="next" of a Link header (RFC 8288), if any. */
export function nextOf(link: string | null): string | undefined {
  for (const [, target, rest] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel="?next"?/i.test(rest ?? '')) return target;
  }
  return undefined;
}
