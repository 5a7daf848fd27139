import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Connection } from '../../src/cluster/connection.ts';
import { app, bystanders, configMap, driftName, mergeFile, mergeName } from './pools.ts';
import type { World } from './world.ts';

/** A hand edit, from the moment that the server took it. Times in milliseconds since 1970. */
export interface Drift {
  name: string;
  editedAt: number;
  toldAt?: number;
  rightAt?: number;
  overAt?: number;
}

/** What was done in a run, to be held against what Holdfast made of it. */
export interface Ledger {
  drifts: Drift[];
  /** The value that each object of the unit `merges` was last merged with. */
  merged: Map<string, string>;
  /** Revisions that pull requests brought. */
  merges: string[];
  /** Commits that were pushed past the gate. */
  pushes: string[];
  /** What was seen living that no merged pull request and no edit of ours brought. */
  foreign: Set<string>;
  /** From a copy of the store to its return: what was written in between was undone. */
  rollbacks: { from: number; to: number }[];
}

export const newLedger = (): Ledger => ({
  drifts: [],
  merged: new Map(),
  merges: [],
  pushes: [],
  foreign: new Set(),
  rollbacks: [],
});

/** Messages about an object that stand in the channel now. */
export const messagesOf = ({ slack }: World, name: string) =>
  slack.messages.filter(message => JSON.stringify([message.text, message.blocks]).includes(name));

export const isOver = (message: { text: string }): boolean => /resolved/i.test(message.text);

/** Tries until it succeeds or the signal fires: the servers come and go. */
export async function persistently(work: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await work();
      return true;
    } catch {
      await sleep(300);
    }
  }
  return false;
}

/** As a person with kubectl: straight to the API server, whatever the daemons’ connections are like. */
export async function handOf({ plane }: World) {
  const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
  const path = `/api/v1/namespaces/${app}/configmaps`;
  const answered = async (request: Parameters<Connection['request']>[0]) => {
    const answer = await connection.request({ timeoutMs: 5_000, ...request });
    if (answer.status >= 300) throw new Error(`the API server answered ${answer.status}`);
    return answer.body;
  };
  return {
    close: () => connection.close(),
    set: (name: string, value: string) =>
      answered({
        method: 'PATCH',
        path: `${path}/${name}`,
        query: { fieldManager: 'kubectl-edit' },
        contentType: 'application/merge-patch+json',
        body: { data: { value } },
      }),
    create: (name: string, value: string) =>
      answered({ method: 'POST', path, body: { ...parsedMap(name), data: { value } } }),
    list: async () => listSchema.parse(await answered({ path })).items,
  };
}

export type Hand = Awaited<ReturnType<typeof handOf>>;

const parsedMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: app },
});
const listSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      data: z.object({ value: z.string().default('') }).default({ value: '' }),
    }),
  ),
});

/** One hand edit: made, told, put right, told as over. Ends early with the signal. */
export async function driftStory(
  world: World,
  hand: Hand,
  index: number,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  const name = driftName(index);
  if (!(await persistently(() => hand.set(name, `by-hand-${index}`), signal))) return;
  const drift: Drift = { name, editedAt: Date.now() };
  ledger.drifts.push(drift);
  const untilTold = async (seen: () => boolean) => {
    while (!signal.aborted && !seen()) await sleep(100);
    return signal.aborted ? undefined : Date.now();
  };
  const toldAt = await untilTold(() => messagesOf(world, name).length > 0);
  if (toldAt === undefined) return;
  drift.toldAt = toldAt;
  await persistently(() => hand.set(name, 'declared'), signal);
  drift.rightAt = Date.now();
  const overAt = await untilTold(() => messagesOf(world, name).every(isOver));
  if (overAt !== undefined) drift.overAt = overAt;
}

/** An approved pull request that changes two objects. */
export async function mergeStory(world: World, number: number, of: number, ledger: Ledger): Promise<void> {
  const { scenario, author, approver } = world;
  const value = `merged-${number}`;
  const chosen = [(number * 2) % of, (number * 2 + 1) % of];
  const files = Object.fromEntries(
    chosen.map(index => [mergeFile(index), configMap(mergeName(index), value)]),
  );
  const { mergeCommit } = await scenario.land(author, [approver], files);
  ledger.merges.push(mergeCommit);
  for (const index of chosen) ledger.merged.set(mergeName(index), value);
}

/** A commit straight to the branch, and after a while the pull request that takes it back. */
export async function pushStory(world: World, number: number, of: number, ledger: Ledger): Promise<void> {
  const { scenario, author, approver } = world;
  const index = number % of;
  const name = mergeName(index);
  const before = ledger.merged.get(name) ?? 'declared';
  const evil = { [mergeFile(index)]: configMap(name, `evil-${number}`) };
  ledger.pushes.push(await scenario.commit(scenario.owner, 'main', evil));
  await sleep(6_000);
  await scenario.land(author, [approver], { [mergeFile(index)]: configMap(name, before) });
}

/** Looks again and again at what lives, and notes what nobody may have brought. */
export async function watchForForeign(hand: Hand, ledger: Ledger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (const { metadata, data } of await hand.list().catch(() => [])) {
      const { name } = metadata;
      const known = /^(drift|merge)-\d{4}$/.test(name) || bystanders.some(one => one === name);
      if (!known || data.value.startsWith('evil')) ledger.foreign.add(`${name}=${data.value}`);
      if (bystanders.some(one => one === name) && data.value !== 'untouched')
        ledger.foreign.add(`${name}=${data.value}`);
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}
