import { z } from 'zod';
import { createRequester } from '../../forge/http/requester.ts';
import type { Conversation } from './conversation.ts';
import { type PullPlace, parsed } from './place.ts';

const userSchema = z.object({ username: z.string().min(1) });
const notesSchema = z.array(
  z.object({
    id: z.number(),
    body: z.string(),
    system: z.boolean().default(false),
    author: z.object({ username: z.string() }),
  }),
);

/** The notes of a merge request on GitLab. */
export function gitlabConversation({ url, token, repository, pull }: PullPlace): Conversation {
  const requester = createRequester({
    root: `${url.replace(/\/$/, '')}/api/v4`,
    headers: { 'private-token': token, accept: 'application/json' },
    secrets: [token],
  });
  const root = `/projects/${encodeURIComponent(repository)}/merge_requests/${pull}/notes`;
  return {
    me: async () => parsed(userSchema, (await requester.get('/user')).text, 'account').username,
    async comments() {
      const all: Awaited<ReturnType<Conversation['comments']>> = [];
      for (let page = 1; page <= 30; page += 1) {
        const { text } = await requester.get(`${root}?sort=asc&per_page=100&page=${page}`);
        const found = parsed(notesSchema, text, 'notes');
        all.push(
          ...found
            .filter(({ system }) => !system)
            .map(({ id, body, author }) => ({ id, body, author: author.username })),
        );
        if (found.length < 100) break;
      }
      return all;
    },
    create: async body => void (await requester.send('POST', root, { body })),
    update: async (id, body) => void (await requester.send('PUT', `${root}/${id}`, { body })),
  };
}
