import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { ProposalAdapterOptions } from '../create-proposals.ts';
import { errorMessage, parseBody } from '../http/body.ts';
import { fixedToken } from '../http/credentials.ts';
import { createRequester } from '../http/requester.ts';
import { openedBy } from '../opening.ts';
import type { MergedPull, OpenedPull, Proposals } from '../proposals.ts';
import { accountOf } from './evidence.ts';
import { withReviewedHead } from './head.ts';
import { allPages } from './pages.ts';
import * as schema from './schema.ts';

const side = z.object({ ref: z.string(), repo_id: z.int() });
const opened = z.object({ number: z.int().positive(), html_url: z.url() });
const listed = z
  .array(opened.extend({ base: side, head: side, user: schema.user.nullable() }))
  .nullable()
  .transform(pulls => pulls ?? []);

/** Gitea (measured on 1.26). Permissions are asked for with the reading token, which must be an administrator's there. */
export function giteaProposals(options: ProposalAdapterOptions): Proposals {
  const { url, owner, name, token, writeToken, app: _app, ...rest } = options;
  const requesterOf = (own: string) => {
    const credentials = fixedToken(own, value => ({
      authorization: `token ${value}`,
      accept: 'application/json',
      'user-agent': 'holdfast',
    }));
    const secrets = () => [token, writeToken];
    return createRequester({ ...rest, root: `${url}/api/v1`, headers: credentials.headers, secrets });
  };
  const reader = requesterOf(token);
  const writer = requesterOf(writeToken);
  const repository = `/repos/${owner}/${name}`;
  const pulls = `${repository}/pulls`;

  async function findOpen(branch: string, base: string): Promise<OpenedPull | undefined> {
    const open = await allPages(reader, `${pulls}?state=open&sort=recentupdate`, listed, true);
    const found = open.find(
      pull => pull.head.ref === branch && pull.base.ref === base && pull.head.repo_id === pull.base.repo_id,
    );
    return found && { number: found.number, url: found.html_url, author: found.user?.login ?? 'nobody' };
  }

  return {
    findOpen,

    async open({ branch, base, title, body }) {
      const asked = { head: branch, base, title, body };
      const answer = await writer.send('POST', pulls, asked, [403, 404, 409, 422]);
      return openedBy(answer, {
        ...{ branch, what: 'pull request', taken: 409, findOpen: () => findOpen(branch, base) },
        said: text => errorMessage(text, writer.clean),
        read(text) {
          const { number, html_url } = parseBody(opened, text, `POST ${pulls}`, writer.clean);
          return { number, url: html_url };
        },
      });
    },

    async merged(number) {
      const path = `${pulls}/${number}`;
      const { status, text } = await reader.get(path, [404]);
      if (status === 404) throw new Failure('HF1453', `there is no pull request ${number}`);
      const pull = parseBody(schema.pull, text, `GET ${path}`, reader.clean);
      return mergedPull(await withReviewedHead(reader, repository, pull));
    },

    async permissionOf(login) {
      const path = `${repository}/collaborators/${encodeURIComponent(login)}/permission`;
      const { status, text } = await reader.get(path, [404]);
      if (status === 404) return 'none';
      const { permission, user } = parseBody(schema.permission, text, `GET ${path}`, reader.clean);
      const account = accountOf(user);
      if (account === null || account.bot || account.login.toLowerCase() !== login.toLowerCase())
        return 'none';
      return permission === 'owner' ? 'admin' : permission;
    },
  };
}

function mergedPull(pull: schema.Pull): MergedPull {
  const { number, html_url, title, base, head, merge_commit_sha, merge_base } = pull;
  if (!pull.merged || merge_commit_sha === null)
    throw new Failure('HF1453', `pull request ${number} is not merged`);
  return {
    number,
    url: html_url,
    title,
    base: base.ref,
    mergeCommit: merge_commit_sha,
    head: head.sha,
    headRef: `refs/pull/${number}/head`,
    mergeBase: merge_base || null,
  };
}
