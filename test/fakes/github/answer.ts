import { createHash } from 'node:crypto';
import type { Reply } from './routes.ts';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): WireAnswer {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

export function errorAnswer(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): WireAnswer {
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return jsonAnswer(status, body, headers);
}

/**
 * One page of a reply, as GitHub cuts it: 30 items by default, 100 at most whatever is asked for, and links to the next and
 * last page by the repository's id.
 */
export function pageOf(reply: Reply, query: URLSearchParams, canonical: string) {
  if (!('list' in reply)) return { status: reply.status, body: reply.body, headers: {} };
  const asked = Number(query.get('per_page') ?? 30);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, 100) : 30;
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(reply.list.length / size));
  const items = reply.list.slice((page - 1) * size, page * size);
  const link = (number: number, rel: string) => {
    const target = new URL(canonical);
    for (const [name, value] of query) target.searchParams.set(name, value);
    target.searchParams.set('page', String(number));
    return `<${target.href}>; rel="${rel}"`;
  };
  const next = page < last ? [link(page + 1, 'next'), link(last, 'last')] : [];
  const before = page > 1 ? [link(page - 1, 'prev'), link(1, 'first')] : [];
  const links = [...before, ...next].join(', ');
  const headers: Record<string, string> = links === '' ? {} : { link: links };
  return { status: 200, body: reply.wrap?.(items, reply.list.length) ?? items, headers };
}

/** With an ETag; a 304 without a body where the request names the same one. */
export function withEtag(answer: WireAnswer, asked: string | undefined): WireAnswer {
  const digest = createHash('sha256')
    .update(answer.body)
    .update(answer.headers['link'] ?? '')
    .digest('hex');
  const etag = `W/"${digest}"`;
  if (asked === etag) return { status: 304, headers: { etag }, body: '' };
  return { ...answer, headers: { ...answer.headers, etag } };
}
