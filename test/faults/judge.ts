import { Cluster } from '../../src/cluster/cluster.ts';
import { Connection } from '../../src/cluster/connection.ts';
import { isFinal, phaseOf } from '../../src/converge/sync.ts';
import { clusterSyncs } from '../../src/converge/sync-store.ts';
import { type Hand, isOver, type Ledger, messagesOf } from './stories.ts';
import { namespace, type World } from './world.ts';

/** What is not as it must be at the end; empty when all is well. Each is one line. */
export async function wrongs(world: World, hand: Hand, ledger: Ledger): Promise<string[]> {
  return [
    ...driftWrongs(world, ledger),
    ...(await liveWrongs(hand, ledger)),
    ...(await syncWrongs(world, ledger)),
    ...[...ledger.foreign].map(one => `lived although nobody authorized it: ${one}`),
    ...world.replicas.flatMap(({ child }, index) =>
      child.log().includes('an unexpected error') ? [`replica ${index + 1} logged an unexpected error`] : [],
    ),
  ];
}

/** Whether a time lies where the store was set back: what was remembered then was forgotten. */
const undone = ({ rollbacks }: Ledger, from: number, to: number): boolean =>
  rollbacks.some(one => from <= one.to + 30_000 && to >= one.from);

function driftWrongs(world: World, ledger: Ledger): string[] {
  return ledger.drifts.flatMap(drift => {
    const messages = messagesOf(world, drift.name);
    const most = undone(ledger, drift.editedAt, drift.overAt ?? Date.now()) ? 2 : 1;
    if (messages.length === 0) return [`${drift.name} was never told`];
    if (messages.length > most) return [`${drift.name} was told by ${messages.length} messages`];
    return messages.every(isOver) ? [] : [`${drift.name} was not told as over`];
  });
}

async function liveWrongs(hand: Hand, ledger: Ledger): Promise<string[]> {
  const live = new Map((await hand.list()).map(({ metadata, data }) => [metadata.name, data.value]));
  const merged = [...ledger.merged].flatMap(([name, value]) =>
    live.get(name) === value ? [] : [`${name} is ${live.get(name)}, and ${value} was merged`],
  );
  const edited = [...live].flatMap(([name, value]) =>
    name.startsWith('drift-') && value !== 'declared' ? [`${name} is ${value} still`] : [],
  );
  return [...merged, ...edited];
}

async function syncWrongs({ plane }: World, ledger: Ledger): Promise<string[]> {
  const connection = await Connection.open({ kubeconfig: plane.kubeconfig });
  const syncs = await clusterSyncs(new Cluster(connection), namespace).list();
  connection.close();
  const wrong: string[] = [];
  const seen = new Map<string, number>();
  for (const sync of syncs) {
    const { unit, revision, reason } = sync.spec;
    const key = `${unit} at ${revision.slice(0, 7)} (${reason})`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (!isFinal(phaseOf(sync))) wrong.push(`the sync ${sync.metadata.name} is ${phaseOf(sync)}`);
    if (['Failed', 'Refused'].includes(phaseOf(sync)))
      wrong.push(`the sync ${sync.metadata.name} is ${phaseOf(sync)}: ${sync.status?.message ?? ''}`);
    if (ledger.pushes.includes(revision)) wrong.push(`there is a sync to the pushed ${revision.slice(0, 7)}`);
  }
  for (const [key, count] of seen) if (count > 1) wrong.push(`${count} syncs of ${key}`);
  return wrong;
}
