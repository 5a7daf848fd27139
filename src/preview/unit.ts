import type { Plan } from '../drivers/driver.ts';
import {
  type Comparison,
  type DriverName,
  type Finding,
  isObjectRef,
  type ResourceRef,
} from '../findings/finding.ts';
import { fieldsOf } from './fields.ts';
import { highlightsOf } from './highlights.ts';
import {
  type Action,
  type Effect,
  type FieldPreview,
  type ResourcePreview,
  type UnitPreview,
  unsureMark,
} from './model.ts';
import { opaquePreviews } from './opaque.ts';
import { problemsOf } from './problems.ts';
import { risksOf } from './risk.ts';
import type { OfflineKinds } from './shapes.ts';
import { type Side, sideKey } from './sides.ts';
import { yamlOf } from './yaml.ts';

/** What live says of a unit; absent parts were not asked. */
export interface LiveView {
  /** The head's declaration against live. */
  head: Comparison;
  /** What only the base declares, against live. */
  removed?: Comparison;
  /** What converging to the head would do. */
  plan?: Plan;
  /** Why there is no plan, in one line. */
  unplanned?: string;
}

export interface UnitInput {
  name: string;
  driver: DriverName;
  effect: Effect;
  base: ReadonlyMap<string, Side>;
  head: ReadonlyMap<string, Side>;
  kinds: OfflineKinds;
  live?: LiveView | undefined;
  problems: string[];
  notes: string[];
  /** What it declares is not known without asking live: then its comparison and its plan tell the resources. */
  opaque?: boolean | undefined;
  mode?: 'alert-only' | undefined;
}

/** What merging does to the resources of one unit. Resources that it leaves as they are, are counted. */
export function previewUnit(input: UnitInput): { unit: UnitPreview; resources: ResourcePreview[] } {
  const { name, driver, effect, head, base } = input;
  const view = indexed(input.live);
  const { unplanned } = input.live ?? {};
  const problems = [
    ...input.problems,
    ...unitProblems(input.live),
    // of what can be read offline, the comparison says resource by resource what stands in the way of a plan
    ...(input.opaque === true && unplanned !== undefined ? [`it cannot be planned: ${unplanned}`] : []),
  ];
  const kept = [...head].flatMap(([key, side]) => {
    const found = declaredPreview(input, view, key, side);
    return found === undefined ? [] : [found];
  });
  const removed = [...base]
    .filter(([key]) => !head.has(key))
    .map(([key, side]) => removedPreview(input, view, key, side));
  const opaque = input.opaque === true ? opaquePreviews(name, input.live) : [];
  const unit: UnitPreview = {
    name,
    driver,
    effect,
    resources: countsOf(input, kept),
    problems,
    notes: input.notes,
  };
  if (input.opaque === true && effect === 'removed')
    unit.notes = [...unit.notes, 'its unit is no longer declared: what it made is left running'];
  else if (input.opaque === true && input.live?.plan === undefined) {
    unit.untold = true;
    const what =
      input.live === undefined
        ? `only a comparison with live tells what a unit of the driver ${driver} declares`
        : 'what merging does is not planned here; only how live differs from the head is told';
    unit.notes = [...unit.notes, what];
  }
  if (input.mode !== undefined) unit.mode = input.mode;
  return { unit, resources: [...kept, ...removed, ...opaque] };
}

function countsOf({ opaque, head, live }: UnitInput, kept: readonly unknown[]): UnitPreview['resources'] {
  const { declared, inSync } = live?.head.resources ?? { declared: 0, inSync: 0 };
  return opaque === true
    ? { declared, unchanged: inSync }
    : { declared: head.size, unchanged: head.size - kept.length };
}

interface Indexed {
  asked: boolean;
  findings: Map<string, Finding>;
  gone: Map<string, Finding>;
  planned: Map<string, Plan['actions'][number]> | undefined;
  refused: Map<string, string>;
}

function indexed(live: LiveView | undefined): Indexed {
  const byKey = (comparison: Comparison | undefined) =>
    new Map((comparison?.findings ?? []).map(finding => [sideKey(finding.resource), finding]));
  return {
    asked: live !== undefined,
    findings: byKey(live?.head),
    gone: byKey(live?.removed),
    planned: live?.plan && new Map(live.plan.actions.map(each => [sideKey(each.resource), each])),
    refused: new Map((live?.plan?.refused ?? []).map(each => [sideKey(each.resource), each.message])),
  };
}

/** What live says of no resource but of the unit, such as that the cluster does not answer. */
function unitProblems(live: LiveView | undefined): string[] {
  return (live?.head.findings ?? []).flatMap(({ type, resource, message }) =>
    type === 'unknown' && !isObjectRef(resource) && resource.type === 'Unit' ? [message ?? unsureMark] : [],
  );
}

function declaredPreview(
  { name, base, kinds }: UnitInput,
  view: Indexed,
  key: string,
  side: Side,
): ResourcePreview | undefined {
  const before = base.get(key);
  const edited = before === undefined || before.hash !== side.hash;
  const finding = view.findings.get(key);
  const action = actionOf(view, key, before, edited, finding);
  const problems = problemsOf(finding, view.refused.get(key));
  if (!edited && finding === undefined && problems.length === 0) return undefined;
  const fields = fieldsOf({
    resource: side.resource,
    base: before?.plain,
    head: side.plain,
    shape: shapeOf(side.resource, kinds),
    secret: side.secret ?? [],
    live: view.asked ? (finding?.changes ?? []) : undefined,
  });
  return {
    unit: name,
    resource: finding?.resource ?? side.resource,
    action,
    risks: risksOf(side.resource, action, action === 'create' ? [] : fields),
    ...(side.source === undefined ? {} : { source: side.source }),
    fields: action === 'create' ? [] : fields,
    highlights: edited ? highlightsOf(before?.value, side.value) : [],
    problems,
    notes: notesOf(action, edited, fields, finding, view.asked),
    yaml: yamlOf(side),
  };
}

function actionOf(
  view: Indexed,
  key: string,
  before: Side | undefined,
  edited: boolean,
  finding: Finding | undefined,
): Action {
  const planned = view.planned?.get(key)?.action;
  if (planned === 'create' || planned === 'change' || planned === 'recreate') return planned;
  if (finding?.type === 'missing') return 'create';
  if (!view.asked) return before === undefined ? 'create' : edited ? 'change' : 'none';
  if (finding === undefined) return 'none';
  return before === undefined && finding.changes === undefined ? 'create' : 'change';
}

function notesOf(
  action: Action,
  edited: boolean,
  fields: readonly FieldPreview[],
  finding: Finding | undefined,
  asked: boolean,
): string[] {
  const notes: string[] = [];
  if (action === 'none' && edited && asked) notes.push('live is so already');
  if (action === 'create' && finding?.message !== undefined) notes.push(finding.message);
  if (action === 'create' && !edited)
    notes.push('the pull request does not change it; it is missing from live');
  else if (!edited && fields.length > 0)
    notes.push('the pull request does not change it; merging puts right what was changed by hand');
  if (edited && fields.some(({ why }) => why === 'overwrites' || why === 'reverts') && action !== 'create')
    notes.push('live was changed by hand; merging overwrites that');
  if (action === 'recreate') notes.push('a field cannot be changed in place: it is deleted and made anew');
  return notes;
}

function removedPreview(
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
    highlights: highlightsOf(side.value, undefined),
    problems: finding?.type === 'unknown' ? problemsOf(finding, undefined) : [],
    notes: removalNotes(gone, effect, view, key),
    yaml: yamlOf(side),
  };
}

function removalNotes(gone: boolean, effect: Effect, view: Indexed, key: string): string[] {
  if (gone) return ['no longer declared, and not in live either'];
  if (view.planned?.get(key)?.action === 'prune') return ['no longer declared: it is deleted'];
  if (effect === 'removed')
    return ['its unit is no longer declared: it is left running and told as orphaned'];
  if (view.planned !== undefined) return ['no longer declared: it is left running and told as orphaned'];
  return ['no longer declared'];
}

function shapeOf(resource: ResourceRef, kinds: OfflineKinds) {
  return isObjectRef(resource) ? kinds.find(resource.apiVersion, resource.kind)?.shape : undefined;
}
