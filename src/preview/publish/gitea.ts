import { z } from 'zod';
import { createRequester } from '../../forge/http/requester.ts';
import type { Conversation } from './conversation.ts';
import { type PullPlace, parsed } from './place.ts';

const userSchema = z.object({ login: z.string().min(1) });
const commentsSchema = z.array(
  z.object({
    id: z.number(),
    body: z.string().default(''),
    user: z.object({ login: z.string() }).nullable(),
  }),
);

/** The conversation of a pull request on Gitea or Forgejo. */
export function giteaConversation({ url, token, repository, pull }: PullPlace): Conversation {
  const requester = createRequester({
    root: `${url.replace(/\/$/, '')}/api/v1`,
    headers: { authorization: `token ${token}`, accept: 'application/json' },
    secrets: [token],
  });
  const root = `/repos/${repository}/issues`;
  return {
    me: async () => parsed(userSchema, (await requester.get('/user')).text, 'account').login,
    async comments() {
      // Gitea gives all comments of an issue at once
      const { text } = await requester.get(`${root}/${pull}/comments`);
      return parsed(commentsSchema, text, 'comments').map(({ id, body, user }) => ({
        id,
        body,
        author: user?.login ?? '',
      }));
    },
    create: async body => void (await requester.send('POST', `${root}/${pull}/comments`, { body })),
    update: async (id, body) => void (await requester.send('PATCH', `${root}/comments/${id}`, { body })),
  };
}
