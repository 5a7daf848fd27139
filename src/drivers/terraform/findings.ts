import type { UnitDefinition } from '../../declared/declaration.ts';
import type { Exemption, Finding, FindingType } from '../../findings/finding.ts';
import { changesOf } from './changes.ts';
import { type Change, doesSomething, type ResourceChange, type TerraformPlan } from './plan-file.ts';
import { isMarked, PlanSecrets } from './secrets.ts';
import { type Blocks, outputSource, sourceOf } from './sources.ts';

/** What a plan says of a unit. */
export interface Judgement {
  findings: Finding[];
  exempt: Exemption[];
  resources: { declared: number; inSync: number };
}

/**
 * The findings of a plan: every resource and output that applying it would change. What Terraform saw change since it wrote the
 * state (`resource_drift`) only says why: it names what the module does not declare, and misses what it does.
 */
export function judge(plan: TerraformPlan, { name, path }: UnitDefinition, blocks: Blocks): Judgement {
  const secrets = new PlanSecrets(plan);
  const drifted = new Map(plan.resource_drift.map(drift => [drift.address, drift]));
  const judgement: Judgement = { findings: [], exempt: [], resources: { declared: 0, inSync: 0 } };
  for (const resource of plan.resource_changes) {
    if (resource.mode !== 'managed') continue;
    const type = typeOf(resource);
    if (type !== 'orphaned') judgement.resources.declared += 1;
    const found = doesSomething(resource)
      ? findingOf(resource, type, {
          unit: name,
          secrets,
          drift: drifted.get(resource.address),
          exempt: judgement.exempt,
        })
      : undefined;
    if (found !== undefined) judgement.findings.push({ ...found, source: sourceOf(blocks, path, resource) });
    else if (type !== 'orphaned') judgement.resources.inSync += 1;
  }
  for (const [output, change] of Object.entries(plan.output_changes)) {
    if (change.actions.every(action => action === 'no-op')) continue;
    const found = outputFinding(name, output, { change, secrets });
    judgement.findings.push({ ...found, source: outputSource(blocks, path, output) });
  }
  return judgement;
}

/** An output is shown as a field `value`, so that secrets are left out of it as of any resource. */
function outputFinding(
  unit: string,
  name: string,
  { change, secrets }: { change: Change; secrets: PlanSecrets },
): Finding {
  const { actions } = change;
  const resource = { type: 'Output', name };
  if (actions.includes('create')) return { unit, type: 'missing', resource };
  if (actions.includes('delete')) return { unit, type: 'orphaned', resource };
  const marked = isMarked(change, []);
  const within = (value: unknown) => ({ value: value ?? null });
  const field = {
    ...change,
    before: within(change.before),
    after: within(change.after),
    after_unknown: within(change.after_unknown),
    before_sensitive: { value: marked },
    after_sensitive: { value: marked },
  };
  const { changes } = changesOf(field, secrets);
  return { unit, type: 'changed', resource, ...(changes.length === 0 ? {} : { changes }) };
}

function typeOf({ change: { actions } }: ResourceChange): FindingType {
  if (actions.includes('create') && !actions.includes('delete')) return 'missing';
  if (actions.includes('forget') || (actions.includes('delete') && !actions.includes('create')))
    return 'orphaned';
  return 'changed';
}

interface About {
  unit: string;
  secrets: PlanSecrets;
  drift: ResourceChange | undefined;
  exempt: Exemption[];
}

/** Undefined where nothing but the writing of a document differs. */
function findingOf(
  resource: ResourceChange,
  type: FindingType,
  { unit, secrets, drift, exempt }: About,
): Finding | undefined {
  const { change } = resource;
  const ref = { type: resource.type, name: secrets.clean(resource.address) };
  const { changes, equivalent } =
    type === 'changed' ? changesOf(change, secrets) : { changes: [], equivalent: [] };
  const rule = 'the same JSON document, written otherwise';
  for (const path of equivalent) exempt.push({ resource: ref, path, rule });
  if (type === 'changed' && changes.length === 0 && equivalent.length > 0 && !isReplaced(resource))
    return undefined;
  const onlyMore = changes.length > 0 && changes.every(({ op }) => op === 'added') && !isReplaced(resource);
  const message = wordsOf(resource, drift, secrets);
  return {
    unit,
    type: onlyMore ? 'undeclared' : type,
    resource: ref,
    ...(changes.length === 0 ? {} : { changes }),
    ...(message === '' ? {} : { message }),
  };
}

function isReplaced({ change: { actions } }: ResourceChange): boolean {
  return actions.includes('create') && actions.includes('delete');
}

/** What people must know beyond the fields: what would be destroyed, what moves, and whether somebody changed it beside Terraform. */
function wordsOf(resource: ResourceChange, drift: ResourceChange | undefined, secrets: PlanSecrets): string {
  const { change, previous_address: before, deposed } = resource;
  const paths = (change.replace_paths ?? []).map(path => `/${path.join('/')}`).join(', ');
  const words = [
    isReplaced(resource)
      ? `putting it right destroys it and makes it anew${paths === '' ? '' : ` (because of ${paths})`}`
      : '',
    change.actions.includes('forget') ? 'Terraform would only forget it' : '',
    deposed === undefined ? '' : 'what is left of an earlier replacement is to be destroyed',
    before === undefined ? '' : `it was ${before}`,
    change.importing === undefined || change.importing === null ? '' : 'it is to be imported into the state',
    drift === undefined
      ? ''
      : drift.change.actions.includes('delete')
        ? 'it was deleted outside of Terraform'
        : 'it was changed outside of Terraform',
  ];
  return secrets.clean(words.filter(text => text !== '').join('; '));
}
