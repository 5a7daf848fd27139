import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { ProposalAdapterOptions } from '../create-proposals.ts';
import { errorMessage, parseBody } from '../http/body.ts';
import type { Credentials } from '../http/credentials.ts';
import { createRequester } from '../http/requester.ts';
import { openedBy } from '../opening.ts';
import type { OpenedPull, Proposals } from '../proposals.ts';
import { apiRoot } from './address.ts';
import { githubCredentials } from './credentials.ts';
import * as schema from './schema.ts';

const opened = z.object({ number: z.int().positive(), html_url: z.url() });
const refusal = z.object({
  errors: z.array(z.union([z.string(), z.object({ message: z.string().optional() })])).optional(),
});

/**
 * GitHub's REST API. The writing token needs pull requests and contents to write, the reading one metadata; who may write is told
 * by the older name of the permission, in which `maintain` is `write` and `triage` is `read`.
 */
export function githubProposals(options: ProposalAdapterOptions): Proposals {
  const { url, owner, name, token, writeToken, app, ...rest } = options;
  const own = githubCredentials(options);
  const separate =
    writeToken === token ? undefined : githubCredentials({ ...options, token: writeToken, app: undefined });
  const secrets = () => [...own.secrets(), ...(separate?.secrets() ?? [])];
  const requesterOf = ({ headers, refused }: Credentials) =>
    createRequester({ ...rest, root: apiRoot(url), headers, secrets, onRefused: refused });
  const reader = requesterOf(own);
  const writer = requesterOf(separate ?? own);
  const repository = `/repos/${owner}/${name}`;
  const pulls = `${repository}/pulls`;

  async function findOpen(branch: string, base: string): Promise<OpenedPull | undefined> {
    const query = new URLSearchParams({ state: 'open', head: `${owner}:${branch}`, base, per_page: '100' });
    const path = `${pulls}?${query}`;
    const { text } = await reader.get(path);
    const found = parseBody(z.array(schema.simplePull), text, `GET ${path}`, reader.clean);
    // a fork of the same owner would have the same label
    const own = found.find(pull => pull.head.repo?.id === pull.base.repo.id);
    return own && { number: own.number, url: own.html_url, author: own.user?.login ?? 'nobody' };
  }

  return {
    findOpen,

    async open({ branch, base, title, body }) {
      const asked = { head: branch, base, title, body };
      const answer = await writer.send('POST', pulls, asked, [403, 404, 422]);
      return openedBy(answer, {
        ...{ branch, what: 'pull request', taken: 422, findOpen: () => findOpen(branch, base) },
        said,
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
      if (!pull.merged || pull.merge_commit_sha === null)
        throw new Failure('HF1453', `pull request ${number} is not merged`);
      const { html_url, title, base, head, merge_commit_sha } = pull;
      return {
        ...{ number, url: html_url, title, base: base.ref, mergeCommit: merge_commit_sha },
        ...{ head: head.sha, headRef: `refs/pull/${number}/head`, mergeBase: null },
      };
    },

    async permissionOf(login) {
      const path = `${repository}/collaborators/${encodeURIComponent(login)}/permission`;
      const { status, text } = await reader.get(path, [404]);
      if (status === 404) return 'none';
      const { permission, user } = parseBody(schema.permission, text, `GET ${path}`, reader.clean);
      const same = user?.login.toLowerCase() === login.toLowerCase() && user.type === 'User';
      return same ? permission : 'none';
    },
  };

  /** GitHub says the reason in a list of errors; the message alone is "Validation Failed". */
  function said(text: string): string {
    const message = errorMessage(text, writer.clean);
    const more = refusal.safeParse(safeJson(text)).data?.errors ?? [];
    const words = more.map(error => (typeof error === 'string' ? error : (error.message ?? '')));
    return [message, ...words.map(writer.clean)].filter(Boolean).join(': ');
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
