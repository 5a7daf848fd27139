import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { askGitea, byToken, type GiteaAnswer } from '../../../sandbox/gitea/api.ts';
import { createGiteaUser, type GiteaUser } from '../../../sandbox/gitea/users.ts';

/** A repository of its own in the shared Gitea, with the three people that a pull request needs. */
export interface GiteaRepository {
  /** Gitea's address, no slash at the end. */
  url: string;
  /** `owner/name`, as the API and the forge settings name it. */
  fullName: string;
  owner: GiteaUser;
  /** May push branches and open pull requests. */
  author: GiteaUser;
  /** May push and approve. */
  approver: GiteaUser;
  /** Address for `git` as this user; holds the token. */
  cloneUrl(user: GiteaUser): string;
  /** One API request below `/api/v1/repos/OWNER/NAME` as this user; any status is an answer. */
  api(user: GiteaUser, method: string, path: string, body?: unknown): Promise<GiteaAnswer>;
  /** Commits files to a branch through the API, as one commit, and returns its SHA. `null` deletes. `newBranch` starts there. */
  commit(
    user: GiteaUser,
    options: { message: string; files: Record<string, string | null>; branch?: string; newBranch?: string },
  ): Promise<string>;
}

/** Makes three users and a repository whose branch `main` has one commit. `files` are committed on top, in one more. */
export async function giteaRepository(files: Record<string, string> = {}): Promise<GiteaRepository> {
  const url = inject('giteaUrl');
  const admin = inject('giteaToken');
  const tag = randomBytes(4).toString('hex');
  const user = (role: string) => createGiteaUser(url, admin, `${role}-${tag}`);
  const [owner, author, approver] = await Promise.all([user('owner'), user('author'), user('approver')]);
  const fullName = `${owner.name}/infra`;
  await must(
    askGitea(url, byToken(owner.token), 'POST', '/user/repos', {
      name: 'infra',
      auto_init: true,
      default_branch: 'main',
    }),
  );
  for (const { name } of [author, approver]) {
    await must(
      askGitea(url, byToken(owner.token), 'PUT', `/repos/${fullName}/collaborators/${name}`, {
        permission: 'write',
      }),
    );
  }
  const repository: GiteaRepository = {
    url,
    fullName,
    owner,
    author,
    approver,
    cloneUrl: ({ name, token }) => `${url.replace('://', `://${name}:${token}@`)}/${fullName}.git`,
    api: ({ token }, method, path, body) =>
      askGitea(url, byToken(token), method, `/repos/${fullName}${path}`, body),
    commit: (as, options) => commitFiles(repository, as, options),
  };
  if (Object.keys(files).length > 0)
    await repository.commit(owner, { message: 'Declare the first things', files });
  return repository;
}

async function commitFiles(
  repository: GiteaRepository,
  user: GiteaUser,
  { message, files, branch = 'main', newBranch }: Parameters<GiteaRepository['commit']>[1],
): Promise<string> {
  const changes = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const known = await repository.api(user, 'GET', `/contents/${path}?ref=${encodeURIComponent(branch)}`);
      const sha = known.status === 200 ? (known.body as { sha: string }).sha : undefined;
      if (text === null) return { operation: 'delete', path, sha };
      const content = Buffer.from(text).toString('base64');
      return {
        operation: sha === undefined ? 'create' : 'update',
        path,
        content,
        ...(sha === undefined ? {} : { sha }),
      };
    }),
  );
  const body = {
    message,
    branch,
    files: changes,
    ...(newBranch === undefined ? {} : { new_branch: newBranch }),
  };
  const made = await must(repository.api(user, 'POST', '/contents', body));
  return (made as { commit: { sha: string } }).commit.sha;
}

async function must(request: Promise<GiteaAnswer>): Promise<unknown> {
  const { status, body } = await request;
  if (status < 200 || status >= 300) throw new Error(`gitea answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
