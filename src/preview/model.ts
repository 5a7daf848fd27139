import type { Attribution, DriverName, Finding, ResourceRef, Source } from '../findings/finding.ts';

/** The version of the preview's JSON; fields may be added to it, none renamed or removed. */
export const previewVersion = 'holdfast.dev/v1alpha1';

/**
 * What merging does to a resource: `create`, `change`, `recreate` (an immutable field: it is deleted and made anew), `remove`
 * (no longer declared), or `none` where live is already as the head declares.
 */
export type Action = 'create' | 'change' | 'recreate' | 'remove' | 'none';

/**
 * Why a field is told. `merge`: the pull request changes it. `overwrites`: it does, and live is neither as before nor as after.
 * `already`: it does, and live is so already. `reverts`: it does not, but live differs and merging puts it right. `left`: it does, but a
 * rule leaves the field to whoever holds it, so that merging does not apply it.
 */
export type FieldReason = 'merge' | 'overwrites' | 'already' | 'reverts' | 'left';

/** One field. A side that is absent has no value there; `live` is absent too where nothing live was asked. */
export interface FieldPreview {
  /** As in a finding: list items by their merge key. */
  path: string;
  why: FieldReason;
  base?: unknown;
  head?: unknown;
  live?: unknown;
  /** Who set the live value, where it is drift. */
  by?: Attribution;
  /** Of `left`: which rule. */
  rule?: string;
  /** A secret value: no side holds anything of it. */
  redacted?: boolean;
}

/** What makes a change dangerous; a resource may have several. In the order in which a reviewer wants to see them. */
export const risks = [
  'removal',
  'recreation',
  'access',
  'definition',
  'admission',
  'secret',
  'network',
  'namespace',
  'storage',
  'drift',
] as const;
export type Risk = (typeof risks)[number];

/** One resource that merging touches, or that stands in its way. */
export interface ResourcePreview {
  unit: string;
  resource: ResourceRef;
  action: Action;
  risks: Risk[];
  /** Where the head declares it; of a removal where the base did. */
  source?: Source;
  fields: FieldPreview[];
  /** The change in a reviewer's words: images, replicas, requests. */
  highlights: string[];
  /** Why it would fail or cannot be told, with the code; empty when all is well. */
  problems: string[];
  /** What else is to be known: such as that a removal leaves it running. */
  notes: string[];
  /** The head's object as YAML, secrets masked; of a removal the base's. */
  yaml?: string;
}

export type Effect = 'changed' | 'added' | 'removed' | 'unaffected';

export interface UnitPreview {
  name: string;
  driver: DriverName;
  effect: Effect;
  /** How many resources the head declares, and how many of them merging leaves as they are. */
  resources: { declared: number; unchanged: number };
  /** Only that its declaration changes is known, not what that does: nothing here can tell its resources. */
  untold?: true;
  /** `alert-only`: merging changes nothing by itself; what is told happens when somebody asks for a sync. */
  mode?: 'alert-only';
  /** Something holds it: merging applies when that ends. */
  frozen?: { reason: string; until?: string; by?: string };
  /** What cannot be told of the unit as a whole. */
  problems: string[];
  notes: string[];
}

/** Where live was looked at. `none` says why not: a fork's pull request, or nobody asked. */
export type Live = { from: 'cluster' | 'daemon' } | { from: 'none'; reason: string };

/** What merging a pull request would change, for one environment. */
export interface Preview {
  apiVersion: typeof previewVersion;
  kind: 'Preview';
  /** Full commit SHAs. */
  base: string;
  head: string;
  environment?: string;
  live: Live;
  /** RFC 3339. */
  comparedAt: string;
  /** The side that cannot be read as a whole: then nothing is told but the failure. */
  unreadable?: 'base' | 'head';
  /** What concerns all units, such as that it is not known whether somebody holds them. */
  notes?: string[];
  units: UnitPreview[];
  resources: ResourcePreview[];
  /** Files and declarations of the head that are wrong or could not be read, as findings. */
  failures: Finding[];
}

/** How many resources each action touches. */
export function countActions({ resources }: Pick<Preview, 'resources'>): Record<Action, number> {
  const counts: Record<Action, number> = { create: 0, change: 0, recreate: 0, remove: 0, none: 0 };
  for (const { action } of resources) counts[action] += 1;
  return counts;
}

/** 2 when anything could not be told, else 1 when the head would be refused somewhere, else 0: changes alone are no failure. */
export function previewExitCode({ units, resources, failures }: Preview): 0 | 1 | 2 {
  const unsure =
    units.some(({ problems }) => problems.length > 0) ||
    failures.some(({ type }) => type === 'unknown') ||
    resources.some(({ problems }) => problems.some(problem => problem.startsWith(unsureMark)));
  if (unsure) return 2;
  return failures.length > 0 || resources.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

/** Begins a problem that is about what could not be told, not about what would fail. */
export const unsureMark = 'could not be compared';
