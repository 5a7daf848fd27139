import { createForge } from '../../../src/forge/create.ts';
import type { Forge } from '../../../src/forge/forge.ts';
import type { Authorization, Policy } from '../../../src/gate/authorization.ts';
import { type Collection, collectEvidence } from '../../../src/gate/collect.ts';
import { judge } from '../../../src/gate/judge.ts';
import type { FakeRepository } from '../../fakes/github/builder.ts';
import type { FakePull } from '../../fakes/github/pull-builder.ts';
import { type FakeGithub, startFakeGithub } from '../../fakes/github/server.ts';
import type { ActivityState } from '../../fakes/github/state.ts';
import { policy } from './data.ts';
import { type Draft, type Files, type Method, World } from './world.ts';

export interface Opened {
  draft: Draft;
  pull: FakePull;
}

export interface MergeOptions {
  method?: Method;
  by?: string;
  /** How GitHub notes that the branch moved; null notes nothing. */
  type?: ActivityState['type'] | null;
  bypass?: boolean;
}

/** A real Git history, and a GitHub that tells of it what GitHub would tell; judged through the adapter. */
export class HubWorld {
  readonly world = new World();
  readonly github: FakeGithub;
  readonly hub: FakeRepository;
  readonly forge: Forge;

  private constructor(github: FakeGithub) {
    this.github = github;
    this.hub = github.repository('acme/infra', { id: 4711 });
    for (const login of ['alice', 'bob', 'carol', 'dave']) this.hub.permit(login, 'write');
    this.hub.push(this.world.root);
    this.forge = this.connect();
  }

  static async create(): Promise<HubWorld> {
    return new HubWorld(await startFakeGithub());
  }

  connect(change: { token?: string; timeoutMs?: number } = {}): Forge {
    const { url, token } = this.github;
    return createForge({ kind: 'github', url, repository: 'acme/infra', token, ...change });
  }

  async close(): Promise<void> {
    this.world.close();
    await this.github.close();
  }

  /** Opened by alice unless told; a commit per set of files. */
  open(
    commits: readonly Files[],
    options: { author?: string; base?: string; from?: string; coAuthors?: string[] } = {},
  ): Opened {
    const { author = 'alice', base, from = 'main', coAuthors = [] } = options;
    const draft = this.world.open(commits, {}, from);
    const { sha: head } = draft.pull.head;
    const listed = this.world
      .git('rev-list', '--reverse', `${from}..${draft.branch}`)
      .split('\n')
      .filter(Boolean);
    const pull = this.hub.pull({
      ...{ author, head, headRef: draft.branch, commits: listed.map(sha => ({ sha, coAuthors })) },
      ...(base === undefined ? {} : { base }),
    });
    return { draft, pull };
  }

  merge({ draft, pull }: Opened, options: MergeOptions = {}): string {
    const { method = 'merge', by = 'bob', type = 'pr_merge', bypass = false } = options;
    const before = this.world.tip();
    const commit = this.world.merge(draft, method);
    const introduces = this.world
      .git('rev-list', '--first-parent', `${before}..${commit}`)
      .split('\n')
      .filter(Boolean);
    pull.merge(commit, { by, introduces });
    if (type !== null) this.hub.moved('main', { type, before, after: commit, by, bypass });
    return commit;
  }

  /** Opens, has bob approve and merges. */
  land(files: Files, options: MergeOptions & { author?: string } = {}): string {
    const opened = this.open([files], options.author === undefined ? {} : { author: options.author });
    opened.pull.review('bob', 'APPROVED');
    return this.merge(opened, options);
  }

  push(files: Files, by: string, type: ActivityState['type'] = 'push'): string {
    const before = this.world.tip();
    const after = this.world.commit('main', files);
    this.hub.push(after);
    this.hub.moved('main', { type, before, after, by });
    return after;
  }

  async verdict(
    rules: Partial<Policy> = {},
    more: Partial<Collection> & { to?: string } = {},
  ): Promise<Authorization> {
    const { repository, root } = this.world;
    const { to = this.world.tip(), ...rest } = more;
    const fixed = { repository, forge: this.forge, from: root, to, branch: 'main' };
    return judge(await collectEvidence({ ...fixed, policy: { ...policy, ...rules }, ...rest }));
  }
}
