import type { Cluster } from '../../../cluster/cluster.ts';
import type { JsonObject } from '../../../json/json.ts';
import { childKindsOf, Family } from '../children/family.ts';
import { lookAtChildren, workloadKey } from '../children/look.ts';
import { unseenChildren, withChildren } from '../children/merge.ts';
import { tellStrays } from '../children/tell.ts';
import { isFailure, type Reading, readOnce } from '../live/read.ts';
import { scopesOf } from '../live/scopes.ts';
import type { Judge } from './judge.ts';
import type { Judgement } from './judgement.ts';
import { inTerminatingNamespace, terminatingNamespaces } from './namespaces.ts';
import { problemFinding } from './problems.ts';
import type { Subject } from './subject.ts';

/** Judges objects together with what is around them: what workloads really run, and namespaces that are being deleted. */
export async function judgeSurrounded(
  cluster: Cluster,
  judge: Judge,
  subjects: readonly Subject[],
  signal: AbortSignal | undefined,
  oneByOne?: number,
): Promise<Judgement[]> {
  const family = new Family();
  const onLive = ({ target }: Subject, live: JsonObject) => {
    if (childKindsOf(target.kind).length > 0) family.workload(workloadKey(target), target.kind.kind, live);
  };
  const targets = subjects.map(({ target }) => target);
  const [judged, unseen, terminating] = await Promise.all([
    judgeAll(cluster, judge, subjects, onLive, signal, oneByOne),
    lookAtChildren(cluster, targets, family, signal),
    terminatingNamespaces(cluster, subjects, signal),
  ]);
  return Promise.all(
    judged.map(async ({ subject, judgement }) => {
      const strays = family.strays(workloadKey(subject.target));
      const told =
        strays.length === 0
          ? undefined
          : await tellStrays(cluster, judge.schemas, subject.target, strays, signal);
      const whole = withChildren(judgement, subject, told);
      const why = childKindsOf(subject.target.kind).length > 0 && unseen.get(subject.ref.namespace ?? '');
      const noted = why ? { ...whole, exempt: [...whole.exempt, unseenChildren(subject, why)] } : whole;
      return terminating.has(subject.ref.namespace ?? '') ? inTerminatingNamespace(noted, subject) : noted;
    }),
  );
}

interface Judged {
  subject: Subject;
  judgement: Judgement;
}

/**
 * Reads and judges at the same time. What takes the server waits until all is read, so that a default which the server
 * explains for one object serves all others of its kind.
 */
async function judgeAll(
  cluster: Cluster,
  judge: Judge,
  subjects: readonly Subject[],
  onLive: (subject: Subject, live: JsonObject) => void,
  signal: AbortSignal | undefined,
  oneByOne: number | undefined,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  await Promise.all(
    scopesOf(subjects).map(async scope => {
      const knowledge = await judge.knowledge(scope.kind);
      const open: { subject: Subject; reading: Reading }[] = [];
      await readOnce(
        cluster,
        scope,
        (subject, reading) => {
          if (reading === undefined || isFailure(reading)) open.push({ subject, reading });
          else {
            onLive(subject, reading);
            const same = judge.local(subject, reading, knowledge);
            if (same === undefined) open.push({ subject, reading });
            else judged.push({ subject, judgement: same });
          }
        },
        signal,
        oneByOne,
      );
      await inTurns(open, async ({ subject, reading }) => {
        const judgement = isFailure(reading)
          ? { finding: problemFinding(subject, { type: 'unknown', failure: reading }), exempt: [] }
          : await judge.judge(subject, reading, knowledge, signal);
        judged.push({ subject, judgement });
      });
    }),
  );
  return judged;
}

/** A first one alone, to learn from; then so many at a time that the server is kept busy and no more is begun than it takes. */
async function inTurns<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  const [first, ...rest] = items;
  if (first === undefined) return;
  await task(first);
  const queue = rest.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of queue) await task(item);
    }),
  );
}
