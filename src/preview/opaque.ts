import type { PlannedAction } from '../drivers/driver.ts';
import { type FieldChange, type Finding, isObjectRef, type ResourceRef } from '../findings/finding.ts';
import type { LiveView } from './live-view.ts';
import type { Action, FieldPreview, ResourcePreview } from './model.ts';
import { problemsOf } from './problems.ts';
import { risksOf } from './risk.ts';
import { sideKey } from './sides.ts';

const actions: Record<PlannedAction['action'], Action> = {
  create: 'create',
  change: 'change',
  recreate: 'recreate',
  prune: 'remove',
};

interface Told {
  resource: ResourceRef;
  finding?: Finding;
  planned?: PlannedAction;
  refused?: string;
}

/** The resources of a unit that cannot be read offline: what converging to the head would do, and how live differs from it. */
export function opaquePreviews(unit: string, live: LiveView | undefined): ResourcePreview[] {
  return [...toldOf(live).values()].flatMap(told => {
    const { resource, finding, planned, refused } = told;
    const action = actionOf(told);
    const problems = problemsOf(finding, refused);
    if (action === 'none' && problems.length === 0) return [];
    const whole = action === 'create' || action === 'remove';
    const notes = [planned?.message, finding?.type === 'missing' ? finding.message : undefined];
    return {
      unit,
      resource,
      action,
      risks: risksOf(resource, action),
      ...(finding?.source === undefined ? {} : { source: finding.source }),
      fields: whole ? [] : (finding?.changes ?? []).map(ofLive),
      highlights: [],
      problems,
      notes: notes.filter(note => note !== undefined),
    };
  });
}

/** By resource; what is told of the unit as a whole is none of them. */
function toldOf(live: LiveView | undefined): Map<string, Told> {
  const told = new Map<string, Told>();
  const add = (more: Told) => {
    const key = sideKey(more.resource);
    told.set(key, { ...told.get(key), ...more });
  };
  for (const finding of live?.head.findings ?? [])
    if (isObjectRef(finding.resource) || finding.resource.type !== 'Unit')
      add({ resource: finding.resource, finding });
  for (const planned of live?.plan?.actions ?? []) add({ resource: planned.resource, planned });
  for (const { resource, message } of live?.plan?.refused ?? []) add({ resource, refused: message });
  return told;
}

/** Where nothing is planned, what is missing or changed is told as what converging would do. */
function actionOf({ finding, planned }: Told): Action {
  if (planned !== undefined) return actions[planned.action];
  if (finding?.type === 'missing') return 'create';
  return finding?.type === 'changed' ? 'change' : 'none';
}

/** Live against the head; what the base declared is not known. */
function ofLive({ path, declared, live, redacted, by }: FieldChange): FieldPreview {
  if (redacted === true) return { path, why: 'merge', redacted };
  return {
    path,
    why: 'merge',
    ...(declared === undefined ? {} : { head: declared }),
    ...(live === undefined ? {} : { live }),
    ...(by === undefined ? {} : { by }),
  };
}
