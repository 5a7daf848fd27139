import { createHash } from 'node:crypto';
import type { DeclaredUnit } from '../../../src/declared/declaration.ts';
import type { AppliedResource, ApplyOptions, Driver, Plan } from '../../../src/drivers/driver.ts';
import type { FailureCode } from '../../../src/failure/codes.ts';
import { Failure } from '../../../src/failure/failure.ts';
import type { Comparison, Finding, ObjectRef } from '../../../src/findings/finding.ts';

/**
 * A driver over a world of names and hashes: an object is as declared when the world has its declared hash. Names can be
 * made to fail, and the world to be unreachable.
 */
export class FakeDriver implements Driver {
  readonly name = 'kubernetes' as const;
  readonly world = new Map<string, string>();
  /** Applied in this order. */
  readonly applied: string[] = [];
  /** What applying an object of that name fails with. */
  readonly failing = new Map<string, FailureCode>();
  refused: Plan['refused'] = [];
  waitsFor: string[] | undefined;
  down = false;
  /** Called before each object is applied; may wait, or change the world. */
  beforeApply: (name: string) => void | Promise<void> = () => undefined;
  /** Called before each plan. */
  beforePlan: () => void = () => undefined;
  alsoWaitedFor: string[] = [];

  async compare(unit: DeclaredUnit): Promise<Comparison> {
    const findings = this.down ? [blind(unit)] : this.#different(unit);
    return {
      unit: unit.definition.name,
      driver: 'kubernetes',
      verdict: findings.length === 0 ? 'in-sync' : this.down ? 'unknown' : 'drifted',
      resources: { declared: unit.objects.length, inSync: unit.objects.length - findings.length },
      findings,
      elapsedMs: 0,
    };
  }

  observe(): never {
    throw new Error('the fake driver does not observe');
  }

  async plan(unit: DeclaredUnit, declaration: { revision: string | null }): Promise<Plan> {
    this.beforePlan();
    this.#answer();
    const actions = this.#different(unit).map(({ resource, type }) => ({
      action: type === 'missing' ? ('create' as const) : ('change' as const),
      resource,
    }));
    const values = actions.map(({ resource }) => [resource.name, this.world.get(resource.name) ?? null]);
    const digest = createHash('sha256')
      .update(JSON.stringify([declaration.revision, values]))
      .digest('hex');
    return {
      unit: unit.definition.name,
      revision: declaration.revision ?? '',
      digest: `sha256:${digest}`,
      actions,
      refused: this.refused,
      ...(this.waitsFor === undefined ? {} : { waitsFor: this.waitsFor }),
    };
  }

  async apply(
    unit: DeclaredUnit,
    _declaration: unknown,
    plan: Plan,
    options: ApplyOptions,
  ): Promise<AppliedResource[]> {
    this.alsoWaitedFor = (options.alsoWaitFor ?? []).map(({ name }) => name);
    const results: AppliedResource[] = [];
    for (const { action, resource } of plan.actions) {
      await this.beforeApply(resource.name);
      if (options.signal.aborted) break;
      const code = this.down ? 'HF1301' : this.failing.get(resource.name);
      const declared = unit.objects.find(({ ref }) => ref.name === resource.name);
      if (code === undefined && declared !== undefined) {
        this.world.set(resource.name, declared.hash);
        this.applied.push(resource.name);
      }
      const result: AppliedResource =
        code === undefined
          ? { resource, action, result: 'applied' }
          : { resource, action, result: 'failed', code, message: `${code} it failed` };
      results.push(result);
      options.onResource(result);
    }
    return results;
  }

  #different(unit: DeclaredUnit): Finding[] {
    return unit.objects
      .filter(({ ref, hash }) => this.world.get(ref.name) !== hash)
      .map(({ ref }) => ({
        unit: unit.definition.name,
        type: this.world.has(ref.name) ? 'changed' : 'missing',
        resource: ref,
      }));
  }

  #answer(): void {
    if (this.down) throw new Failure('HF1301', 'cannot reach the API server');
  }
}

function blind(unit: DeclaredUnit): Finding {
  return {
    unit: unit.definition.name,
    type: 'unknown',
    resource: { type: 'Unit', name: unit.definition.name },
    code: 'HF1301',
    message: 'HF1301 cannot reach the API server',
  };
}

/** A unit that declares ConfigMaps of these names, each with its text. */
export function fakeUnit(name: string, objects: Record<string, string>): DeclaredUnit {
  const declared = Object.entries(objects).map(([object, text]) => {
    const ref: ObjectRef = { apiVersion: 'v1', kind: 'ConfigMap', namespace: name, name: object };
    return { ref, object: {}, source: { file: `${object}.yaml` }, hash: text };
  });
  return {
    definition: { name, driver: 'kubernetes', path: `manifests/${name}` },
    objects: declared,
    findings: [],
    hash: JSON.stringify(objects),
  };
}
