import { z } from 'zod';
import { Failure } from '../../failure/failure.ts';
import type { ProposalAdapterOptions } from '../create-proposals.ts';
import { errorMessage, parseBody } from '../http/body.ts';
import { fixedToken } from '../http/credentials.ts';
import { createRequester } from '../http/requester.ts';
import { openedBy } from '../opening.ts';
import type { OpenedPull, Permission, Proposals } from '../proposals.ts';
import { accountOf, mergeCommitOf } from './evidence.ts';
import { accessLevel } from './owners.ts';
import * as schema from './schema.ts';

const opened = z.object({ iid: z.int().positive(), web_url: z.url() });

/** GitLab, through version 4 of its REST API. The writing token needs the scope `api` and the role Developer. */
export function gitlabProposals(options: ProposalAdapterOptions): Proposals {
  const { url, owner, name, token, writeToken, app: _app, ...rest } = options;
  const requesterOf = (own: string) => {
    const { headers } = fixedToken(own, value => ({
      'private-token': value,
      accept: 'application/json',
      'user-agent': 'holdfast',
    }));
    return createRequester({ ...rest, root: `${url}/api/v4`, headers, secrets: () => [token, writeToken] });
  };
  const reader = requesterOf(token);
  const writer = requesterOf(writeToken);
  const project = `/projects/${encodeURIComponent(`${owner}/${name}`)}`;
  const merges = `${project}/merge_requests`;

  async function findOpen(branch: string, base: string): Promise<OpenedPull | undefined> {
    const query = new URLSearchParams({
      state: 'opened',
      source_branch: branch,
      target_branch: base,
      per_page: '100',
    });
    const path = `${merges}?${query}`;
    const { text } = await reader.get(path);
    const all = parseBody(z.array(schema.mergeRequest), text, `GET ${path}`, reader.clean);
    const own = all.find(merge => merge.source_project_id === merge.target_project_id);
    return own && { number: own.iid, url: own.web_url, author: own.author?.username ?? 'nobody' };
  }

  return {
    findOpen,

    async open({ branch, base, title, body }) {
      const asked = {
        source_branch: branch,
        target_branch: base,
        title,
        description: body,
        remove_source_branch: true,
      };
      const answer = await writer.send('POST', merges, asked, [400, 403, 404, 409, 422]);
      return openedBy(answer, {
        ...{ branch, what: 'merge request', taken: 409, findOpen: () => findOpen(branch, base) },
        said: text => errorMessage(text, writer.clean),
        read(text) {
          const { iid, web_url } = parseBody(opened, text, `POST ${merges}`, writer.clean);
          return { number: iid, url: web_url };
        },
      });
    },

    async merged(number) {
      const path = `${merges}/${number}`;
      const { status, text } = await reader.get(path, [404]);
      if (status === 404) throw new Failure('HF1453', `there is no merge request ${number}`);
      const merge = parseBody(schema.wholeMergeRequest, text, `GET ${path}`, reader.clean);
      if (merge.state !== 'merged') throw new Failure('HF1453', `merge request ${number} is not merged`);
      return {
        ...{ number, url: merge.web_url, title: merge.title, base: merge.target_branch },
        ...{ mergeCommit: mergeCommitOf(merge), head: merge.sha },
        headRef: `refs/merge-requests/${number}/head`,
        mergeBase: merge.diff_refs?.base_sha ?? null,
      };
    },

    async permissionOf(login) {
      const path = `/users?username=${encodeURIComponent(login)}`;
      const { text } = await reader.get(path);
      const users = parseBody(z.array(schema.user), text, `GET ${path}`, reader.clean);
      const id = users.find(({ username }) => username.toLowerCase() === login.toLowerCase())?.id;
      if (id === undefined) return 'none';
      // whether it is a bot, or blocked, is on its own page only
      const page = await reader.get(`/users/${id}`, [404]);
      if (page.status === 404) return 'none';
      const person = parseBody(schema.person, page.text, `GET /users/${id}`, reader.clean);
      const account = accountOf(person, new Set(person.bot === true ? [person.id] : []));
      if (account === null || account.bot || person.state !== 'active') return 'none';
      return permissionAt(await accessLevel(reader, project, account));
    },
  };
}

/** Guests and reporters read, developers write, maintainers and owners administer. */
function permissionAt(level: number): Permission {
  if (level >= 40) return 'admin';
  if (level >= 30) return 'write';
  return level > 0 ? 'read' : 'none';
}
