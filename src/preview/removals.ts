import { highlightsOf } from './highlights.ts';
import type { Indexed, LiveView } from './live-view.ts';
import type { Action, Effect, ResourcePreview } from './model.ts';
import { problemsOf } from './problems.ts';
import { risksOf } from './risk.ts';
import type { Side } from './sides.ts';
import type { UnitInput } from './unit.ts';
import { yamlOf } from './yaml.ts';

/** A resource that the base declares and the head does not. */
export function removedPreview(
  { name, effect }: UnitInput,
  view: Indexed,
  key: string,
  side: Side,
): ResourcePreview {
  const finding = view.gone.get(key);
  const gone = finding?.type === 'missing';
  const action: Action = gone ? 'none' : 'remove';
  return {
    unit: name,
    resource: side.resource,
    action,
    risks: risksOf(side.resource, action),
    ...(side.source === undefined ? {} : { source: side.source }),
    fields: [],
    highlights: highlightsOf({ base: side.value, head: undefined }),
    problems: finding?.type === 'unknown' ? problemsOf(finding, undefined) : [],
    notes: removalNotes(gone, effect, view, key, side),
    yaml: yamlOf(side),
  };
}

function removalNotes(gone: boolean, effect: Effect, view: Indexed, key: string, side: Side): string[] {
  if (gone) return ['no longer declared, and not in live either'];
  if (view.planned?.get(key)?.action === 'prune') return ['no longer declared: it is deleted'];
  const kept = view.kept.get(key);
  if (kept !== undefined) return [`no longer declared: it is left running, since ${kept}`];
  if (effect === 'removed')
    return ['its unit is no longer declared: it is left running and told as orphaned'];
  if (view.planned !== undefined) return ['no longer declared: it is left running and told as orphaned'];
  return [side.whenRemoved ?? 'no longer declared'];
}

/** What an earlier revision declared, the base no more, and converging to the head deletes at last. */
export function prunedBesides({ name, base, head }: UnitInput, view: Indexed): ResourcePreview[] {
  return [...(view.planned ?? [])].flatMap(([key, { action, resource }]): ResourcePreview[] => {
    if (action !== 'prune' || base.has(key) || head.has(key)) return [];
    const risks = risksOf(resource, 'remove');
    const notes = ['an earlier revision declared it, the base does not either: it is deleted'];
    const nothing = { fields: [], highlights: [], problems: [] };
    return [{ unit: name, resource, action: 'remove', risks, ...nothing, notes }];
  });
}

/** Whether the word of removals can be trusted. */
export function unsureNotes(live: LiveView | undefined, removed: readonly unknown[]): string[] {
  const { unsurePrunes } = live ?? {};
  return unsurePrunes === undefined || removed.length === 0
    ? []
    : [`whether what is no longer declared is deleted is not known: ${unsurePrunes}`];
}
