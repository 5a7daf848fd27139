import { Cluster } from '../../cluster/cluster.ts';
import type { Connection } from '../../cluster/connection.ts';
import { Schemas } from '../../cluster/openapi.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { Driver } from '../driver.ts';
import { Feeds } from './beyond/feeds.ts';
import { compareWhole } from './beyond/look.ts';
import { observeWhole } from './beyond/observe.ts';
import { Judge } from './compare/judge.ts';
import { compareSome, compareUnit } from './compare/unit.ts';
import { applyUnit } from './converge/apply.ts';
import { inventoryOf } from './converge/inventory.ts';
import { planUnit } from './converge/plan.ts';
import { UnitObserver } from './observe/observer.ts';
import { SchemaPoll } from './observe/schema-poll.ts';

export interface KubernetesDriverOptions {
  connection: Connection;
  /** Milliseconds since 1970; the system's clock unless told. */
  now?: () => number;
  /** Requests in flight at most. */
  inFlight?: number;
}

/** The driver of units of plain manifests. All its units share one connection, one discovery and what was learned of defaults. */
export function kubernetesDriver(options: KubernetesDriverOptions): Driver {
  const now = options.now ?? Date.now;
  const cluster = new Cluster(options.connection, { inFlight: options.inFlight ?? 32 });
  const judge = new Judge(cluster, new Schemas(cluster));
  const poll = new SchemaPoll(judge.schemas);
  // both are needed for all that follows; what goes wrong is told to whoever asks for them then
  cluster.kinds().catch(() => undefined);
  judge.schemas.begin();
  const feeds = new Feeds(cluster, now);
  const compareDeclared = (unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal) =>
    compareUnit(cluster, judge, unit, declaration, { now, signal });
  const deps = { cluster, compare: compareDeclared };
  return {
    name: 'kubernetes',
    compare: (unit, declaration, signal, only) =>
      only === 'declared'
        ? compareDeclared(unit, declaration, signal)
        : compareWhole([unit, declaration], compareDeclared, { cluster, now, signal }),
    compareSome: (unit, declaration, resources, signal) =>
      compareSome(cluster, judge, unit, declaration, resources, { now, signal }),
    observe(unit, declaration, listener) {
      const release = poll.hold();
      const observer = observeWhole(
        [unit, declaration],
        listener,
        whole => new UnitObserver(cluster, judge, unit, declaration, whole, { now }),
        { cluster, feeds, schemas: judge.schemas, now },
      );
      return {
        declare: (next, nextDeclaration) => observer.declare(next, nextDeclaration),
        close: () => {
          release();
          return observer.close();
        },
      };
    },
    plan: (unit, declaration, signal, options) => planUnit(deps, unit, declaration, signal, options),
    inventory: (unit, declaration, known, signal) => inventoryOf(cluster, unit, declaration, known, signal),
    apply: (unit, declaration, plan, applying) => applyUnit(deps, unit, declaration, plan, applying),
  };
}
