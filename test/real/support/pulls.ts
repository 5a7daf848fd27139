import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createGiteaApi, type GiteaApi } from './gitea-api.ts';
import { waitUntil } from './wait-until.ts';

/** An account of the scenario, with a token of its own. */
export interface Person {
  login: string;
  id: string;
  token: string;
}

export interface OpenPull {
  number: number;
  /** The head when it was opened. */
  head: string;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase' | 'rebase-merge' | 'fast-forward-only';

/** Files of a commit by path: the new text, or null to delete. */
export type Files = Record<string, string | null>;

const sha = z.string().regex(/^[0-9a-f]{40}$/);
const account = z.object({ id: z.int(), login: z.string() });
const pullAnswer = z.object({
  number: z.int(),
  merged: z.boolean(),
  mergeable: z.boolean(),
  merge_commit_sha: sha.nullable(),
  head: z.object({ sha }),
});
const anything = z.unknown();

/**
 * A repository of its own on a real Gitea, and people who do to it what people do. Every method acts as the person given
 * and fails loudly when Gitea refuses, so that a test never passes because its scenario did not happen.
 */
export interface PullScenario {
  readonly url: string;
  readonly owner: Person;
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly api: GiteaApi;
  /** A new account (the login gets a random end), collaborator with that permission unless `none`. */
  person(name: string, permission: 'none' | 'read' | 'write' | 'admin'): Promise<Person>;
  permit(person: Person, permission: 'read' | 'write' | 'admin'): Promise<void>;
  /** The commit that a branch points to now. */
  tip(branch?: string): Promise<string>;
  /** One commit through the API, made by Gitea for the person. A branch that does not exist starts at `from` (`main`). */
  commit(by: Person, branch: string, files: Files, options?: CommitOptions): Promise<string>;
  /** `head` may be `login:branch` of a fork. */
  open(by: Person, head: string, base?: string, title?: string): Promise<OpenPull>;
  /** Returns the id of the review. `commit` is the one reviewed; the pull request's head by default. */
  review(
    by: Person,
    pull: OpenPull,
    state: 'APPROVED' | 'REQUEST_CHANGES' | 'COMMENT',
    commit?: string,
  ): Promise<number>;
  dismiss(by: Person, pull: OpenPull, review: number): Promise<void>;
  retarget(by: Person, pull: OpenPull, base: string): Promise<void>;
  /** Waits until Gitea has taken over a push to the head branch. */
  headIs(pull: OpenPull, commit: string): Promise<void>;
  /** Waits until it can be merged, merges, and returns the commit that the base was moved to. */
  merge(by: Person, pull: OpenPull, method?: MergeMethod, extra?: Record<string, unknown>): Promise<string>;
  /** A branch, commits, a pull request, approvals and the merge in one: the honest way. Returns the merge commit. */
  land(by: Person, approvers: readonly Person[], files: Files, method?: MergeMethod): Promise<LandedPull>;
  /** A fork under the person; returns `owner/name`. */
  fork(by: Person): Promise<string>;
  status(by: Person, commit: string, context: string, state: string): Promise<void>;
  /** For `git clone` and `git push`, with the person's token in it. */
  cloneUrl(by: Person, repository?: string): string;
}

export interface CommitOptions {
  from?: string;
  message?: string;
  /** What Git is told; proves nothing about who did it. */
  author?: { name: string; email: string };
  /** In another repository, such as a fork. */
  repository?: string;
}

export interface LandedPull extends OpenPull {
  mergeCommit: string;
}

/** Makes a fresh repository with one commit on `main`. Names are random, so that any number of tests share one Gitea. */
export async function createPullScenario(server: { url: string; adminToken: string }): Promise<PullScenario> {
  const url = server.url.replace(/\/$/, '');
  const api = createGiteaApi(url);

  async function createPerson(name: string): Promise<Person> {
    const login = `${name}-${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    const user = { username: login, password, email: `${login}@example.com`, must_change_password: false };
    const { id } = await api.expect(account, server.adminToken, 'POST', '/admin/users', user);
    const basic = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
    const body = { name: 'scenario', scopes: ['all'] };
    const { sha1 } = await api.expect(
      z.object({ sha1: z.string() }),
      basic,
      'POST',
      `/users/${login}/tokens`,
      body,
    );
    return { login, id: String(id), token: sha1 };
  }

  const owner = await createPerson('owner');
  const name = 'infra';
  const repository = `${owner.login}/${name}`;
  const at = `/repos/${repository}`;
  const init = { name, default_branch: 'main', auto_init: true, readme: 'Default' };
  await api.expect(anything, owner.token, 'POST', '/user/repos', init);

  const pullAt = (pull: OpenPull) => `${at}/pulls/${pull.number}`;
  const read = (pull: OpenPull) => api.expect(pullAnswer, owner.token, 'GET', pullAt(pull));

  const scenario: PullScenario = {
    url,
    owner,
    name,
    repository,
    api,

    async person(personName, permission) {
      const person = await createPerson(personName);
      if (permission !== 'none') await scenario.permit(person, permission);
      return person;
    },

    async permit(person, permission) {
      await api.expect(anything, owner.token, 'PUT', `${at}/collaborators/${person.login}`, { permission });
    },

    async tip(branch = 'main') {
      const answer = z.object({ commit: z.object({ id: sha }) });
      const { commit } = await api.expect(
        answer,
        owner.token,
        'GET',
        `${at}/branches/${encodeURIComponent(branch)}`,
      );
      return commit.id;
    },

    async commit(by, branch, files, options = {}) {
      const target = options.repository ?? repository;
      const branchAt = `/repos/${target}/branches/${encodeURIComponent(branch)}`;
      const exists = (await api.call(by.token, 'GET', branchAt)).status === 200;
      const from = exists ? branch : (options.from ?? 'main');
      const body = {
        branch: from,
        ...(exists ? {} : { new_branch: branch }),
        message: options.message ?? `Change ${Object.keys(files).join(', ')}`,
        files: await changesOf(api, by, target, from, files),
        ...(options.author === undefined ? {} : { author: options.author, committer: options.author }),
      };
      const answer = z.object({ commit: z.object({ sha }) });
      return (await api.expect(answer, by.token, 'POST', `/repos/${target}/contents`, body)).commit.sha;
    },

    async open(by, head, base = 'main', title = `Bring ${head}`) {
      const answer = await api.expect(pullAnswer, by.token, 'POST', `${at}/pulls`, { head, base, title });
      return { number: answer.number, head: answer.head.sha };
    },

    async review(by, pull, state, commit) {
      const commitId = commit ?? (await read(pull)).head.sha;
      const body = { event: state, body: 'Read.', commit_id: commitId };
      return (await api.expect(z.object({ id: z.int() }), by.token, 'POST', `${pullAt(pull)}/reviews`, body))
        .id;
    },

    async dismiss(by, pull, review) {
      const body = { message: 'No longer.' };
      await api.expect(anything, by.token, 'POST', `${pullAt(pull)}/reviews/${review}/dismissals`, body);
    },

    async retarget(by, pull, base) {
      await api.expect(anything, by.token, 'PATCH', pullAt(pull), { base });
    },

    async headIs(pull, commit) {
      await waitUntil(`head ${commit} of #${pull.number}`, async () =>
        (await read(pull)).head.sha === commit ? true : undefined,
      );
    },

    async merge(by, pull, method = 'merge', extra = {}) {
      await waitUntil(`#${pull.number} mergeable`, async () =>
        (await read(pull)).mergeable ? true : undefined,
      );
      // Gitea tests mergeability anew after each change of the base and answers 405 meanwhile.
      await waitUntil(`#${pull.number} merged`, async () => {
        const { status, json } = await api.call(by.token, 'POST', `${pullAt(pull)}/merge`, {
          Do: method,
          ...extra,
        });
        if (status === 200) return true;
        if (status === 405 && /try again/i.test(JSON.stringify(json))) return undefined;
        throw new Error(`merging #${pull.number}: ${status} ${JSON.stringify(json)}`);
      });
      return waitUntil(`merge commit of #${pull.number}`, async () => {
        const answer = await read(pull);
        return answer.merged && answer.merge_commit_sha !== null ? answer.merge_commit_sha : undefined;
      });
    },

    async land(by, approvers, files, method = 'merge') {
      const branch = `change-${randomBytes(4).toString('hex')}`;
      await scenario.commit(by, branch, files);
      const pull = await scenario.open(by, branch);
      for (const approver of approvers) await scenario.review(approver, pull, 'APPROVED');
      return { ...pull, mergeCommit: await scenario.merge(owner, pull, method) };
    },

    async fork(by) {
      const answer = z.object({ full_name: z.string() });
      return (await api.expect(answer, by.token, 'POST', `${at}/forks`, {})).full_name;
    },

    async status(by, commit, context, state) {
      await api.expect(anything, by.token, 'POST', `${at}/statuses/${commit}`, { context, state });
    },

    cloneUrl(by, target = repository) {
      const place = new URL(`${url}/${target}.git`);
      place.username = by.login;
      place.password = by.token;
      return place.href;
    },
  };
  return scenario;
}

/** What Gitea's contents API wants: the operation, and the blob that is replaced. */
async function changesOf(api: GiteaApi, by: Person, repository: string, from: string, files: Files) {
  return Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const place = `/repos/${repository}/contents/${path.split('/').map(encodeURIComponent).join('/')}`;
      const { status, json } = await api.call(by.token, 'GET', `${place}?ref=${encodeURIComponent(from)}`);
      const old = status === 200 ? z.object({ sha }).parse(json).sha : undefined;
      if (text === null) return { operation: 'delete', path, sha: old };
      const content = Buffer.from(text).toString('base64');
      return old === undefined
        ? { operation: 'create', path, content }
        : { operation: 'update', path, content, sha: old };
    }),
  );
}
