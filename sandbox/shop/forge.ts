import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { Failure } from '../../src/failure/failure.ts';
import type { Gitea } from '../gitea/start.ts';
import type { GiteaUser } from '../gitea/users.ts';
import { git } from './git.ts';

/** `alice` opens pull requests, `bob` approves them, `mallory` may push past the protection; `holdfast` is the daemon's. */
export type Person = 'alice' | 'bob' | 'mallory' | 'holdfast';

/** The shop's repository on the sandbox's Gitea. */
export interface ShopForge {
  /** `owner/name`. */
  readonly repository: string;
  readonly url: string;
  readonly people: Readonly<Record<Person, GiteaUser>>;
  /** The first commit on main. */
  readonly trustRoot: string;
  readonly webhookSecret: string;
  /** A request below the repository's API, as a person. Throws for any status but 2xx. */
  as(person: Person, method: string, path: string, body?: unknown): Promise<unknown>;
  cloneUrl(person: Person): string;
  /** Has the forge tell this address of every push and merge. */
  tell(address: string): Promise<void>;
}

const people: readonly Person[] = ['alice', 'bob', 'mallory', 'holdfast'];
const repository = 'acme/infrastructure';
const template = fileURLToPath(new URL('./repository', import.meta.url));

/** Makes the people, the repository with its first commit, and the protected branch. `folder` is for the checkout. */
export async function prepareForge(gitea: Gitea, folder: string): Promise<ShopForge> {
  const as = async (token: string, method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await gitea.api(method, path, body, token);
    if (answer.status >= 200 && answer.status < 300) return answer.body;
    throw new Failure(
      'HF1004',
      `gitea answered ${answer.status} to ${method} ${path}: ${JSON.stringify(answer.body)}`,
    );
  };
  const accounts = Object.fromEntries(
    await Promise.all(people.map(async name => [name, await gitea.createUser(name)] as const)),
  ) as Record<Person, GiteaUser>;
  await as(gitea.adminToken, 'POST', '/orgs', { username: 'acme' });
  await as(gitea.adminToken, 'POST', '/orgs/acme/repos', { name: 'infrastructure', default_branch: 'main' });
  for (const name of people) {
    // Asking who may write takes an administrator of the repository in Gitea; the daemon only ever reads with it.
    const permission = name === 'holdfast' ? 'admin' : 'write';
    await as(gitea.adminToken, 'PUT', `/repos/${repository}/collaborators/${name}`, { permission });
  }
  const trustRoot = await pushTemplate(folder, gitea.cloneUrl(repository, gitea.admin));
  await as(gitea.adminToken, 'POST', `/repos/${repository}/branch_protections`, {
    rule_name: 'main',
    required_approvals: 1,
    dismiss_stale_approvals: true,
    block_on_rejected_reviews: true,
    enable_push: true,
    enable_push_whitelist: true,
    push_whitelist_usernames: ['mallory'],
  });
  const webhookSecret = randomBytes(24).toString('hex');
  return {
    repository,
    url: gitea.url,
    people: accounts,
    trustRoot,
    webhookSecret,
    as: (person, method, path, body) =>
      as(accounts[person].token, method, `/repos/${repository}${path}`, body),
    cloneUrl: person => gitea.cloneUrl(repository, accounts[person]),
    tell: async address => {
      const config = { url: address, content_type: 'json', secret: webhookSecret };
      const events = ['push', 'pull_request'];
      await as(gitea.adminToken, 'POST', `/repos/${repository}/hooks`, {
        type: 'gitea',
        config,
        events,
        active: true,
      });
    },
  };
}

async function pushTemplate(folder: string, remote: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  cpSync(template, folder, { recursive: true });
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--message', 'Declare the shop');
  await git(folder, 'push', '--quiet', remote, 'main');
  return git(folder, 'rev-parse', 'HEAD');
}

const pull = z.object({ number: z.int(), mergeable: z.boolean() });

/** The parts of a pull request that a story needs. */
export async function readPull(forge: ShopForge, number: number): Promise<z.output<typeof pull>> {
  return pull.parse(await forge.as('alice', 'GET', `/pulls/${number}`));
}

/** Opens a pull request as alice; returns its number. */
export async function openPull(forge: ShopForge, head: string, title: string): Promise<number> {
  return pull.parse(await forge.as('alice', 'POST', '/pulls', { head, base: 'main', title })).number;
}
