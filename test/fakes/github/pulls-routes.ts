import { z } from 'zod';
import { userOf } from './names.ts';
import type { Objects } from './objects.ts';
import type { Reply, Route } from './routes.ts';
import type { Universe } from './state.ts';

/** The account that the fake's token belongs to. */
export const tokenLogin = 'holdfast-app[bot]';

const wanted = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().optional(),
});
const operation = '/repos/{owner}/{repo}/pulls';

/** Pull requests as a list, and opening one: its branch must have been pushed before. */
export function pullsRoutes(universe: Universe, objects: Objects): Route[] {
  return [
    {
      rule: 'pulls',
      operation,
      pattern: /^\/pulls$/,
      reply(place, _, { query }) {
        const [state, head, base] = ['state', 'head', 'base'].map(name => query.get(name) ?? undefined);
        const fits = [...place.pulls.values()].filter(
          pull =>
            (state === 'all' || pull.closed === (state === 'closed')) &&
            (base === undefined || pull.base.ref === base) &&
            // a head that names no owner filters nothing, as the service does
            (head?.includes(':') !== true ||
              head === `${pull.head.repository?.owner.login ?? 'unknown'}:${pull.head.ref}`),
        );
        return { status: 200, list: fits.toReversed().map(objects.simplePull) };
      },
    },
    {
      rule: 'open',
      operation,
      method: 'post',
      pattern: /^\/pulls$/,
      reply(place, _, { body }): Reply {
        const { title, head, base, ...rest } = wanted.parse(body);
        const tip = place.branches.get(head);
        if (tip === undefined || !place.branches.has(base))
          return invalid(tip === undefined ? 'head' : 'base');
        const isOpen = [...place.pulls.values()].some(
          pull => !pull.closed && pull.head.ref === head && pull.base.ref === base,
        );
        if (isOpen) {
          const message = `A pull request already exists for ${place.owner.login}:${head}.`;
          return unprocessable({ resource: 'PullRequest', code: 'custom', message });
        }
        const author = userOf(universe, tokenLogin);
        const number = Math.max(0, ...place.pulls.keys()) + 1;
        const pull = {
          ...{ number, id: universe.nextId(), title, body: rest.body ?? null, author },
          ...{ createdAt: universe.nextTime(), closed: false, merged: null, reviews: [], events: [] },
          base: { repository: place, ref: base, sha: place.branches.get(base) ?? '' },
          head: { repository: place, ref: head, sha: tip },
          commits: [{ sha: tip, author, committer: author }],
        };
        place.pulls.set(number, pull);
        place.commits.add(tip);
        return { status: 201, body: objects.pull(pull) };
      },
    },
  ];
}

const invalid = (field: string): Reply => unprocessable({ resource: 'PullRequest', field, code: 'invalid' });

function unprocessable(error: Record<string, string>): Reply {
  return {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [error],
      documentation_url: 'https://docs.github.com/rest',
    },
  };
}
