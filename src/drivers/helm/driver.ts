import { Cluster } from '../../cluster/cluster.ts';
import type { Connection } from '../../cluster/connection.ts';
import type { Declaration, DeclaredUnit } from '../../declared/declaration.ts';
import type { Comparison } from '../../findings/finding.ts';
import type { Driver } from '../driver.ts';
import { blind } from '../kubernetes/compare/unit.ts';
import { applyRelease } from './converge/apply.ts';
import { planRelease } from './converge/plan.ts';
import { observeRelease } from './observe.ts';
import { viewOf, withRelease } from './view.ts';

export interface HelmDriverOptions {
  connection: Connection;
  /** The driver of manifests, which compares and converges the objects of releases. */
  manifests: Driver;
  /** Milliseconds since 1970; the system's clock unless told. */
  now?: () => number;
}

/** The driver of Helm releases: what is declared, what Helm wrote down, and what lives. */
export function helmDriver({ connection, manifests, now = Date.now }: HelmDriverOptions): Driver {
  const cluster = new Cluster(connection);
  const deps = { cluster, manifests, now };
  const compare = async (
    unit: DeclaredUnit,
    declaration: Declaration,
    signal?: AbortSignal,
    only?: 'declared',
  ): Promise<Comparison> => {
    const started = now();
    try {
      cluster.forgetKinds();
      const view = await viewOf(cluster, unit, declaration, signal);
      const comparison = await manifests.compare(view.unit, view.declaration, signal, only);
      const whole = await withRelease(cluster, view, comparison, now(), signal);
      return { ...whole, elapsedMs: Math.round(now() - started) };
    } catch (error) {
      return blind(unit, error, now() - started);
    }
  };
  return {
    name: 'helm',
    compare,
    observe: (unit, declaration, listener) => observeRelease(deps, unit, declaration, listener),
    plan: (unit, declaration, signal) => planRelease(deps, unit, declaration, signal),
    apply: (unit, declaration, plan, options) => applyRelease(deps, unit, declaration, plan, options),
  };
}
