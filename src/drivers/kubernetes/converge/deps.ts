import type { Cluster } from '../../../cluster/cluster.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import type { Comparison } from '../../../findings/finding.ts';

/** What planning and applying a unit need. */
export interface ConvergeDeps {
  cluster: Cluster;
  /** The driver's own comparison, with all rules applied: what it does not name is neither planned nor touched. */
  compare(unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal): Promise<Comparison>;
}
