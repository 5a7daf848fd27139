import type { Context } from 'hono';

/** Who may look at the page. What is refused gets an answer that says how to get in, and nothing else. */
export interface Access {
  /** A name for who asks, or the answer that refuses. */
  admit(context: Context): Promise<{ who: string } | Response>;
}

/** A refusal as plain text, which nothing caches. */
export function refusal(status: 401 | 403, words: string): Response {
  return new Response(`${words}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
