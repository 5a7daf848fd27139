import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import { apiRoot } from '../../forge/github/address.ts';
import { createRequester, type WritingRequester } from '../../forge/http/requester.ts';
import type { Annotation } from '../annotations.ts';
import type { Conversation } from './conversation.ts';
import { type PullPlace, parsed } from './place.ts';

const commentsSchema = z.array(
  z.object({
    id: z.number(),
    body: z.string().default(''),
    user: z.object({ login: z.string() }).nullable(),
  }),
);
const checkSchema = z.object({ id: z.number() });

/** GitHub takes so many annotations at a time. */
const annotationsAtOnce = 50;
/** And so much text in the summary of a check. */
const mostSummary = 65_000;

export function githubRequester({ url, token }: PullPlace): WritingRequester {
  return createRequester({
    root: apiRoot(url),
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    secrets: [token],
  });
}

/** The conversation of a pull request on GitHub; `author` is the account of the token, which a workflow's token cannot ask for. */
export function githubConversation(
  requester: WritingRequester,
  { repository, pull }: PullPlace,
  author: string,
): Conversation {
  const root = `/repos/${repository}/issues`;
  return {
    me: async () => author,
    async comments() {
      const all: Awaited<ReturnType<Conversation['comments']>> = [];
      for (let page = 1; page <= 30; page += 1) {
        const { text } = await requester.get(`${root}/${pull}/comments?per_page=100&page=${page}`);
        const found = parsed(commentsSchema, text, 'comments');
        all.push(...found.map(({ id, body, user }) => ({ id, body, author: user?.login ?? '' })));
        if (found.length < 100) break;
      }
      return all;
    },
    create: async body => void (await requester.send('POST', `${root}/${pull}/comments`, { body })),
    update: async (id, body) => void (await requester.send('PATCH', `${root}/comments/${id}`, { body })),
  };
}

export interface CheckResult {
  conclusion: 'success' | 'failure' | 'neutral';
  title: string;
  summary: string;
  annotations: readonly Annotation[];
}

/** A check run `holdfast/preview` on the head, with all annotations, fifty at a time. Takes a token with `checks: write`. */
export async function putCheckRun(
  requester: WritingRequester,
  { repository, head }: PullPlace,
  { conclusion, title, summary, annotations }: CheckResult,
): Promise<void> {
  if (!/^[0-9a-f]{40}$/.test(head)) throw new Failure('HF1206', 'a check run needs the full SHA of the head');
  const output = { title: title.slice(0, 255), summary: [...summary].slice(0, mostSummary).join('') };
  const first = annotations.slice(0, annotationsAtOnce);
  const { text } = await requester.send('POST', `/repos/${repository}/check-runs`, {
    name: 'holdfast/preview',
    head_sha: head,
    status: 'completed',
    conclusion,
    output: { ...output, annotations: first },
  });
  const { id } = parsed(checkSchema, text, 'check run');
  for (let at = annotationsAtOnce; at < annotations.length; at += annotationsAtOnce) {
    const more = annotations.slice(at, at + annotationsAtOnce);
    await requester.send('PATCH', `/repos/${repository}/check-runs/${id}`, {
      output: { ...output, annotations: more },
    });
  }
}
