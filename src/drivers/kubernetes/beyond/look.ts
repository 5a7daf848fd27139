import type { Cluster } from '../../../cluster/cluster.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import { Failure, toFailure } from '../../../failure/failure.ts';
import type { Comparison } from '../../../findings/finding.ts';
import { blind } from '../compare/unit.ts';
import { list, metadataOnly } from '../live/list.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Ground, groundOf } from './ground.ts';
import { type Place, placesOf } from './places.ts';
import { type Beyond, type Look, tell } from './tell.ts';
import type { Surroundings } from './terminating.ts';
import { isBlind, wholeComparison } from './whole.ts';

export interface WholeOnce {
  cluster: Cluster;
  now: () => number;
  signal?: AbortSignal | undefined;
}

/** Compares what is declared (by `compareDeclared`) and, at the same time, looks at what lives beside it. */
export async function compareWhole(
  [unit, declaration]: [DeclaredUnit, Declaration],
  compareDeclared: (
    unit: DeclaredUnit,
    declaration: Declaration,
    signal?: AbortSignal,
  ) => Promise<Comparison>,
  { cluster, now, signal }: WholeOnce,
): Promise<Comparison> {
  const started = now();
  const [comparison, around] = await Promise.all([
    compareDeclared(unit, declaration, signal),
    lookBeyond(cluster, unit, declaration, signal).catch(error => toFailure(error, 'HF1307')),
  ]);
  if (isBlind(comparison)) return comparison;
  if (around instanceof Failure) return blind(unit, around, now() - started);
  return {
    ...wholeComparison(comparison, declaration, around, now()),
    elapsedMs: Math.round(now() - started),
  };
}

/**
 * Looks once at what lives beside what a unit declares, by lists of metadata alone. Kinds that cannot be listed are findings
 * `unknown`; throws what concerns the whole cluster: HF1301 and HF1302.
 */
async function lookBeyond(
  cluster: Cluster,
  unit: DeclaredUnit,
  declaration: Declaration,
  signal?: AbortSignal,
): Promise<Surroundings> {
  const ground = groundOf(unit, declaration, await cluster.kinds());
  const beyond = await beyondNow(cluster, ground, signal);
  // that its namespace is being deleted is told with each object
  return { ...beyond, members: ground.inNamespace, terminating: new Set(), unsure: [] };
}

async function beyondNow(cluster: Cluster, ground: Ground, signal?: AbortSignal): Promise<Beyond> {
  const rows: Facts[] = [];
  const failures: Look['failures'][number][] = [];
  await Promise.all(
    placesOf(ground).map(async place => {
      try {
        rows.push(...(await factsIn(cluster, place, signal)));
      } catch (error) {
        const failure = toFailure(error, 'HF1307');
        if (failure.code === 'HF1301' || failure.code === 'HF1302') throw failure;
        // a kind that is served no more has no objects
        if (failure.code !== 'HF1305') failures.push({ ...place, failure });
      }
    }),
  );
  return tell(ground, { rows, failures });
}

async function factsIn(cluster: Cluster, place: Place, signal?: AbortSignal): Promise<Facts[]> {
  const { kind, namespace } = place;
  const rows = new Map<string, Facts>();
  await list(
    cluster,
    kind,
    namespace,
    object => {
      const facts = factsOf(kind, object);
      if (facts !== undefined) rows.set(facts.uid, facts);
    },
    { signal, onRestart: () => rows.clear(), accept: metadataOnly.list },
  );
  return [...rows.values()];
}
