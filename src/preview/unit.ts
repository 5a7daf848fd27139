import type { Hold } from '../converge/freeze/hold.ts';
import { isReplaced } from '../drivers/declared-resources.ts';
import { type DriverName, type Finding, isObjectRef, type ResourceRef } from '../findings/finding.ts';
import { fieldsOf } from './fields.ts';
import { highlightsOf } from './highlights.ts';
import { type Indexed, indexed, type LiveView } from './live-view.ts';
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
import { prunedBesides, removedPreview, unsureNotes } from './removals.ts';
import { risksOf } from './risk.ts';
import type { OfflineKinds } from './shapes.ts';
import type { Side } from './sides.ts';
import { yamlOf } from './yaml.ts';

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
  /** Where no server is asked: what schemas say, by `sideKey`. */
  offline?: ReadonlyMap<string, readonly string[]> | undefined;
  mode?: 'alert-only' | undefined;
  frozen?: Hold | undefined;
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
  const opaque = input.opaque === true ? opaquePreviews(name, input.live) : prunedBesides(input, view);
  const notes = [...input.notes, ...unsureNotes(input.live, removed)];
  const unit: UnitPreview = {
    name,
    driver,
    effect,
    resources: countsOf(input, kept),
    problems,
    notes,
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
  if (input.frozen !== undefined) {
    const { reason, until, by } = input.frozen;
    unit.frozen = { reason, ...(until === undefined ? {} : { until }), ...(by === undefined ? {} : { by }) };
  }
  return { unit, resources: [...kept, ...removed, ...opaque] };
}

function countsOf({ opaque, head, live }: UnitInput, kept: readonly unknown[]): UnitPreview['resources'] {
  const { declared, inSync } = live?.head.resources ?? { declared: 0, inSync: 0 };
  return opaque === true
    ? { declared, unchanged: inSync }
    : { declared: head.size, unchanged: head.size - kept.length };
}

/** What live says of no resource but of the unit, such as that the cluster does not answer. */
function unitProblems(live: LiveView | undefined): string[] {
  return (live?.head.findings ?? []).flatMap(({ type, resource, message }) =>
    type === 'unknown' && !isObjectRef(resource) && resource.type === 'Unit' ? [message ?? unsureMark] : [],
  );
}

function declaredPreview(
  { name, base, kinds, offline }: UnitInput,
  view: Indexed,
  key: string,
  side: Side,
): ResourcePreview | undefined {
  const before = base.get(key);
  const edited = before === undefined || before.hash !== side.hash;
  const finding = view.findings.get(key);
  const made = actionOf(view, key, before, edited, finding);
  const action =
    made === 'change' && before !== undefined && isReplaced(before.value, side) ? 'recreate' : made;
  const problems = [...problemsOf(finding, view.refused.get(key)), ...(offline?.get(key) ?? [])];
  if (!edited && finding === undefined && problems.length === 0) return undefined;
  const left = view.left.get(key) ?? [];
  const fields = fieldsOf({
    resource: side.resource,
    base: before?.plain,
    head: side.plain,
    shape: shapeOf(side.resource, kinds),
    secret: side.secret ?? [],
    live: view.asked ? (finding?.changes ?? []) : undefined,
    left,
  });
  const risks = risksOf(side.resource, action, action === 'create' ? [] : fields);
  return {
    unit: name,
    resource: finding?.resource ?? side.resource,
    action,
    risks,
    ...(side.source === undefined ? {} : { source: side.source }),
    fields: action === 'create' ? [] : fields,
    highlights: highlightsOf({
      base: before?.value,
      head: side.value,
      live: view.asked && finding === undefined ? [] : finding?.changes,
      scaled: left.some(({ path }) => path === '/spec/replicas'),
    }),
    problems,
    notes: [
      ...notesOf(action, edited, fields, finding, view.asked),
      ...(action === 'recreate' && risks.includes('storage')
        ? ['it holds data, which recreating loses']
        : []),
    ],
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
  if (action === 'none' && edited && asked)
    notes.push(
      fields.some(({ why }) => why === 'left')
        ? 'rules leave what it changes to whoever holds it: merging does not apply it'
        : 'live is so already',
    );
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

function shapeOf(resource: ResourceRef, kinds: OfflineKinds) {
  return isObjectRef(resource) ? kinds.find(resource.apiVersion, resource.kind)?.shape : undefined;
}
