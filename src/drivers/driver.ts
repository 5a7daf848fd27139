import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import type { FailureCode } from '../failure/codes.ts';
import type { Comparison, DriverName, ResourceRef } from '../findings/finding.ts';

/** What converging would do to one resource. */
export interface PlannedAction {
  action: 'create' | 'change' | 'recreate' | 'prune';
  resource: ResourceRef;
  /** The paths that change, never the values. */
  paths?: string[];
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
  /** Units of the same revision that declare a kind or namespace that this one needs and that is not there yet. */
  waitsFor?: string[];
}

export interface AppliedResource {
  resource: ResourceRef;
  action: PlannedAction['action'];
  result: 'applied' | 'failed' | 'skipped';
  /** Says why, when it failed or was skipped; holds no secret. */
  message?: string;
  /** Set with a failure: HF1301 and HF1308 are outages, after which it is worth trying again. */
  code?: FailureCode;
}

export interface ApplyOptions {
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
}

/** A unit under watch. */
export interface Observation {
  /** Compares with another declaration from now on. */
  declare(unit: DeclaredUnit, declaration: Declaration): void;
  /** Compares anew as soon as it can. Only where live is not watched; a comparison follows unless it cannot be sure yet. */
  look?(): void;
  close(): Promise<void>;
}

/** What knows one kind of unit. Nothing outside a driver's folder knows which one it talks to. */
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
  /** Compares now and whenever live changes; `listener` gets the whole unit each time. Outages are findings `unknown`. */
  observe(
    unit: DeclaredUnit,
    declaration: Declaration,
    listener: (comparison: Comparison) => void,
  ): Observation;
  plan(unit: DeclaredUnit, declaration: Declaration, signal?: AbortSignal): Promise<Plan>;
  /** Carries the plan out. Throws only when nothing could be done at all. */
  apply(
    unit: DeclaredUnit,
    declaration: Declaration,
    plan: Plan,
    options: ApplyOptions,
  ): Promise<AppliedResource[]>;
}
