import type { DeclaredUnit } from '../declared/declaration.ts';
import { hooksOf } from '../drivers/kubernetes/converge/hooks/hook.ts';
import { resourceTitle } from '../findings/finding.ts';
import { fieldsOf } from './fields.ts';
import { highlightsOf } from './highlights.ts';
import type { ResourcePreview } from './model.ts';
import { risksOf } from './risk.ts';
import type { OfflineKinds } from './shapes.ts';
import { type Side, sidesOf } from './sides.ts';
import { yamlOf } from './yaml.ts';

/** Jobs that run with a sync are no part of what is compared with live: what runs when, and what the pull request changes in them. */
export function hookPreviews(
  base: DeclaredUnit | undefined,
  head: DeclaredUnit | undefined,
  kinds: OfflineKinds,
): { resources: ResourcePreview[]; notes: string[] } {
  const [before, after] = [hooksIn(base, kinds), hooksIn(head, kinds)];
  const unit = (head ?? base)?.definition.name ?? '';
  const changed = [...after].flatMap(([key, hook]): ResourcePreview[] => {
    const old = before.get(key);
    if (old?.side.hash === hook.side.hash) return [];
    const action = old === undefined ? 'create' : 'change';
    return [{ ...resourceOf(unit, hook.side, old?.side, action), notes: [runs(hook.when)] }];
  });
  const gone = [...before].flatMap(([key, { side }]): ResourcePreview[] =>
    after.has(key)
      ? []
      : [{ ...resourceOf(unit, side, side, 'none'), notes: ['it runs with syncs no more'] }],
  );
  return {
    resources: [...changed, ...gone],
    notes: [...after.values()].map(({ side, when }) => `${resourceTitle(side.resource)}: ${runs(when)}`),
  };
}

function runs(when: 'before' | 'after'): string {
  return when === 'before'
    ? 'a hook: it runs with each sync, before the workloads'
    : 'a hook: it runs with each sync, after everything else';
}

interface Hook {
  side: Side;
  when: 'before' | 'after';
}

function hooksIn(unit: DeclaredUnit | undefined, kinds: OfflineKinds): Map<string, Hook> {
  const hooks = new Map<string, Hook>();
  if (unit === undefined) return hooks;
  for (const { declared, when } of hooksOf(unit)) {
    const resource = { resource: declared.ref, source: declared.source, value: declared.object };
    for (const [key, side] of sidesOf([resource], unit, kinds)) hooks.set(key, { side, when });
  }
  return hooks;
}

function resourceOf(
  unit: string,
  side: Side,
  before: Side | undefined,
  action: 'create' | 'change' | 'none',
): Omit<ResourcePreview, 'notes'> {
  const fields =
    before === undefined || before === side
      ? []
      : fieldsOf({
          resource: side.resource,
          base: before.plain,
          head: side.plain,
          shape: undefined,
          secret: [],
          live: undefined,
        });
  return {
    unit,
    resource: side.resource,
    action,
    risks: risksOf(side.resource, action),
    ...(side.source === undefined ? {} : { source: side.source }),
    fields,
    highlights: before === undefined ? [] : highlightsOf({ base: before.value, head: side.value }),
    problems: [],
    yaml: yamlOf(side),
  };
}
