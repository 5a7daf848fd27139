import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { runCommand } from '../../../../sandbox/processes/run.ts';
import { createForge } from '../../../../src/forge/create.ts';
import type { Authorization, Policy } from '../../../../src/gate/authorization.ts';
import { createGate } from '../../../../src/gate/gate.ts';
import { policy } from '../../../gate/support/data.ts';
import { localRepository } from '../../../gate/support/repository.ts';
import { createPullScenario, type OpenPull, type Person, type PullScenario } from '../../support/pulls.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** A repository on the real Gitea, the people of a threat, a clone to push from, and the gate with the real adapter. */
export interface Bench {
  scenario: PullScenario;
  /** Alice writes the changes; bob and carol may write and approve; eve may only read. */
  alice: Person;
  bob: Person;
  carol: Person;
  eve: Person;
  /** The trusted first revision. */
  root: string;
  /** Runs git in a clone of the repository, with that person's credentials, under any name. */
  git(...args: string[]): Promise<string>;
  /** The verdict on a revision, `main`'s tip by default, as everything has long been settled. */
  verdict(options?: {
    to?: string;
    from?: string;
    policy?: Partial<Policy>;
    seenForMs?: number;
    /** Asks the forge with another token. */
    token?: string;
    /** How long Gitea may take to tell who pushed; until then the gate does not know, and this goes on asking. */
    waitMs?: number;
  }): Promise<Authorization>;
  /** Waits until the timeline of a pull request tells who pushed a commit to it. */
  noted(pull: OpenPull, commit: string): Promise<void>;
  /** A branch with these commits on top of `main`, pushed at once, and its pull request, opened by alice. */
  propose(branch: string, ...commits: Record<string, string>[]): Promise<OpenPull>;
  close(): Promise<void>;
}

export async function createBench(): Promise<Bench> {
  const url = inject('giteaUrl');
  const scenario = await createPullScenario({ url, adminToken: inject('giteaToken') });
  people ??= gather(scenario);
  const { alice, bob, carol, eve } = await people;
  await Promise.all([alice, bob, carol].map(person => scenario.permit(person, 'write')));
  await scenario.permit(eve, 'read');
  await scenario.commit(scenario.owner, 'main', { 'cart.yaml': text('cart'), 'pay.yaml': text('pay') });
  const root = await scenario.tip();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-real-gate-'));
  const git = (...args: string[]) => runGit(folder, args);
  await git('init', '-q', '-b', 'main');
  await git('remote', 'add', 'origin', scenario.cloneUrl(scenario.owner));
  await git('fetch', '-q', 'origin');
  await git('checkout', '-q', '-B', 'main', 'origin/main');
  const connect = (token: string) =>
    createForge({ kind: 'gitea', url, repository: scenario.repository, token });

  return {
    scenario,
    alice,
    bob,
    carol,
    eve,
    root,
    git,
    async verdict({ to, from = root, policy: rules = {}, seenForMs, token, waitMs } = {}) {
      await git('fetch', '-q', 'origin', '+refs/heads/*:refs/seen/*', '+refs/pull/*/head:refs/pull/*/head');
      const gate = createGate({
        repository: localRepository(folder),
        forge: connect(token ?? scenario.owner.token),
        branch: 'main',
      });
      const tip = to ?? (await scenario.tip());
      const ask = async () => {
        const { authorization } = await gate.decide(from, tip, { ...policy, ...rules }, seenForMs);
        return codes(authorization).includes('pushers') ? undefined : authorization;
      };
      return waitUntil('Gitea tells who pushed', ask, waitMs);
    },
    async noted({ number }, commit) {
      const timeline = `/repos/${scenario.repository}/issues/${number}/timeline`;
      await waitUntil('Gitea notes the push', async () => {
        const { json } = await scenario.api.call(scenario.owner.token, 'GET', timeline);
        return JSON.stringify(json).includes(commit);
      });
    },
    async propose(branch, ...commits) {
      await git('fetch', '-q', 'origin');
      await git('checkout', '-q', '-B', branch, 'origin/main');
      for (const files of commits) {
        for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
        await git('add', '-A');
        await git('commit', '-q', '-m', `Change ${Object.keys(files).join(', ')}`);
      }
      await git('push', '-q', 'origin', branch);
      await git('checkout', '-q', 'main');
      return scenario.open(alice, branch);
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Made once, as a Gitea takes its time for each account; every repository permits them anew. */
let people: Promise<Pick<Bench, 'alice' | 'bob' | 'carol' | 'eve'>> | undefined;

async function gather(scenario: PullScenario): Promise<Pick<Bench, 'alice' | 'bob' | 'carol' | 'eve'>> {
  const person = (name: string) => scenario.person(name, 'none');
  const [alice, bob, carol, eve] = await Promise.all([
    person('alice'),
    person('bob'),
    person('carol'),
    person('eve'),
  ]);
  return { alice, bob, carol, eve };
}

async function runGit(folder: string, args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com'];
  const env = { PATH: process.env['PATH'], HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  const { code, stdout, stderr } = await runCommand('git', ['-C', folder, ...identity, ...args], { env });
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}: ${stderr}`);
  return stdout.trim();
}

/** A file of twenty lines, so that changes of different lines merge without a conflict. */
export function text(word: string, changes: Record<number, string> = {}): string {
  return Array.from({ length: 20 }, (_, index) => `${changes[index] ?? `${word} ${index}`}\n`).join('');
}

/** The codes of what a revision was refused for, each once, in order. */
export function codes(authorization: Authorization): string[] {
  if (authorization.verdict === 'authorized') return [];
  return [...new Set(authorization.reasons.map(({ code }) => code))];
}
