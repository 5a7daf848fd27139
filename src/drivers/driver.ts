import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { FailureCode } from '../failure/codes.ts';
import type { Comparison, DriverName, ResourceRef } from '../findings/finding.ts';

/** What converging would do to one resource. */
export interface PlannedAction {
  action: 'create' | 'change' | 'recreate' | 'prune';
  resource: ResourceRef;
  /** The paths that change, never the values. */
  paths?: string[];
  /** Why it is done this way, where that is no matter of course: what the server says of a field that cannot be changed. */
  message?: string;
}

/** A Job that runs with a sync, before the workloads or after everything. */
export interface PlannedHook {
  when: 'before' | 'after';
  resource: ResourceRef;
}

/** The exact changes that converging a unit would make. The digest covers unit, revision, actions and values. */
export interface Plan {
  unit: string;
  revision: string;
  /** `sha256:` and 64 hex digits. */
  digest: string;
  actions: PlannedAction[];
  /** Resources that cannot be planned, with the reason; they fail the sync but do not stop the others. */
  refused: { resource: ResourceRef; message: string }[];
  /** Resources that no file declares any more and that are left all the same, with the reason. */
  kept?: { resource: ResourceRef; message: string }[];
  /** What is run besides, in this order; absent where nothing is. */
  hooks?: PlannedHook[];
  /** What is not as declared and is in no action all the same. Absent where the driver does not tell what is as declared. */
  open?: ResourceRef[];
  /** Units of the same revision that declare a kind or namespace that this one needs and that is not there yet. */
  waitsFor?: string[];
}

export interface AppliedResource {
  resource: ResourceRef;
  /** `run` of a hook. */
  action: PlannedAction['action'] | 'run';
  result: 'applied' | 'failed' | 'skipped';
  /** Says why, when it failed or was skipped; holds no secret. */
  message?: string;
  /** Set with a failure: HF1301 and HF1308 are outages, after which it is worth trying again. */
  code?: FailureCode;
  /** The live object that it is now, where that is known. */
  uid?: string;
}

/** One resource that an earlier sync of a unit made, or found as declared. */
export interface InventoryItem {
  resource: ResourceRef;
  /** The very object that it was. Absent while the sync that makes it has not come to its end. */
  uid?: string;
  /** The last revision that declared it. */
  revision: string;
}

export interface PlanOptions {
  /** What earlier syncs left behind. Without it nothing is pruned. */
  inventory?: readonly InventoryItem[] | undefined;
  /** The day, `2026-11-21`, for what is allowed until a date. */
  today?: string | undefined;
  /** A comparison (of what is declared alone) that was made just now of this very declaration: none other is made then. */
  comparison?: Comparison | undefined;
  /** An earlier attempt of the same sync applied something, so that it is not over even where nothing is left to change. */
  resumed?: boolean | undefined;
}

export interface ApplyOptions {
  /** What the plan was made with, for a driver that makes it again. */
  planned?: PlanOptions | undefined;
  /**
   * Called after each resource, so that the record is never far behind the truth; a second time for one that was applied
   * and did not become healthy.
   */
  onResource: (applied: AppliedResource) => void;
  /** Finishes what is in flight and starts nothing more. */
  signal: AbortSignal;
  /** Ends what is in flight as well, at once: somebody else may carry out the plan from now on. It fires `signal` too. */
  lost?: AbortSignal | undefined;
  /** How long to wait for all to become healthy. */
  healthTimeoutMs: number;
  /** Resources that an interrupted attempt applied: they must become healthy too. */
  alsoWaitFor?: readonly ResourceRef[];
  /** The name of the sync: hooks run once for each. Without it none runs. */
  run?: string | undefined;
}

/** A unit under watch. */
export interface Observation {
  /** Compares with another declaration from now on. */
  declare(unit: DeclaredUnit, declaration: Declaration): void;
  /** Compares anew as soon as it can. Only where live is not watched; a comparison follows unless it cannot be sure yet. */
  look?(): void;
  close(): Promise<void>;
}

/** What knows one kind of unit. Whoever compares or converges knows a driver by this alone; what files of its kind declare is also read where there is none to ask. */
export interface Driver {
  readonly name: DriverName;
  /**
   * Compares once. A failure that concerns the whole unit is a finding `unknown`, not an exception. With `declared` what lives
   * beside the declaration (orphaned, unmanaged) is not looked for.
   */
  compare(
    unit: DeclaredUnit,
    declaration: Declaration,
    signal?: AbortSignal,
    only?: 'declared',
  ): Promise<Comparison>;
  /** Compares these resources of a unit alone, right after they were applied. Without it the whole unit is compared. */
  compareSome?(
    unit: DeclaredUnit,
    declaration: Declaration,
    resources: readonly ResourceRef[],
    signal?: AbortSignal,
  ): Promise<Comparison>;
  /** Compares now and whenever live changes; `listener` gets the whole unit each time. Outages are findings `unknown`. */
  observe(
    unit: DeclaredUnit,
    declaration: Declaration,
    listener: (comparison: Comparison) => void,
  ): Observation;
  plan(
    unit: DeclaredUnit,
    declaration: Declaration,
    signal?: AbortSignal,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Carries the plan out. Throws only when nothing could be done at all. */
  apply(
    unit: DeclaredUnit,
    declaration: Declaration,
    plan: Plan,
    options: ApplyOptions,
  ): Promise<AppliedResource[]>;
  /**
   * What is to be remembered of a unit that is as declared now, for the pruning of later syncs. `before` is what was remembered,
   * `applied` what this sync did. A driver without it prunes nothing, or keeps its own account (a Helm release).
   */
  inventory?(
    unit: DeclaredUnit,
    declaration: Declaration,
    known: { before: readonly InventoryItem[]; applied: readonly AppliedResource[] },
    signal?: AbortSignal,
  ): Promise<InventoryItem[]>;
}
