import { createHash } from 'node:crypto';
import type { Plan, PlannedAction } from '../driver.ts';
import { canonical } from './canonical.ts';
import { changesOf } from './changes.ts';
import { type Change, doesSomething, type ResourceChange, type TerraformPlan } from './plan-file.ts';
import { PlanSecrets } from './secrets.ts';

/**
 * The plan of a unit at a revision. The digest covers every change with its values, in one order whatever order Terraform gives,
 * and nothing that differs from one run to the next (times, the serial of the state).
 */
export function planOf(plan: TerraformPlan, unit: string, revision: string): Plan {
  const changes = plan.resource_changes.filter(doesSomething);
  const secrets = new PlanSecrets(plan);
  const outputs = Object.entries(plan.output_changes).filter(([, { actions }]) =>
    actions.some(one => one !== 'no-op'),
  );
  const covered = canonical([
    unit,
    revision,
    changes
      .map(one => [one.address, one.previous_address, one.deposed, valuesOf(one.change)])
      .map(one => canonical(one))
      .sort(),
    outputs.map(([name, change]) => canonical([name, valuesOf(change)])).sort(),
  ]);
  return {
    unit,
    revision,
    digest: `sha256:${createHash('sha256').update(covered).digest('hex')}`,
    actions: [
      ...changes.map(one => actionOf(one, secrets)),
      ...outputs.map(
        ([name, change]): PlannedAction => ({
          action: change.actions.includes('create')
            ? 'create'
            : change.actions.includes('delete')
              ? 'prune'
              : 'change',
          resource: { type: 'Output', name },
        }),
      ),
    ],
    refused: [],
  };
}

function valuesOf({ actions, before, after, after_unknown, replace_paths, importing }: Change): unknown {
  return { actions, before, after, after_unknown, replace_paths, importing };
}

function actionOf(resource: ResourceChange, secrets: PlanSecrets): PlannedAction {
  const { actions } = resource.change;
  const [creates, deletes] = [
    actions.includes('create'),
    actions.includes('delete') || actions.includes('forget'),
  ];
  const action = creates && deletes ? 'recreate' : creates ? 'create' : deletes ? 'prune' : 'change';
  const ref = { type: resource.type, name: secrets.clean(resource.address) };
  const paths =
    creates !== deletes ? [] : changesOf(resource.change, secrets).changes.map(({ path }) => path);
  return { action, resource: ref, ...(paths.length === 0 ? {} : { paths }) };
}
