import type { FailureCode } from '../failure/codes.ts';

/** A Kubernetes object. Without `namespace` it is cluster-scoped, or its scope is not known. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/**
 * An infrastructure resource, or `{type: 'File' | 'Unit', name}` for what has no object; `{type: 'Kind' | 'Namespace', name}` for
 * a kind (`Secret`, `Certificate.cert-manager.io`) or a namespace of which it is unknown what lives there and is declared nowhere.
 */
export interface NamedRef {
  type: string;
  name: string;
}

export type ResourceRef = ObjectRef | NamedRef;

/** A place in the repository; `file` is relative to its root (or to the folder compared), `line` starts at 1. */
export interface Source {
  file: string;
  line?: number;
  /** Where that is another revision than the one compared with: the last that declared an orphaned resource. */
  revision?: string;
}

export type FindingType =
  | 'missing'
  | 'changed'
  | 'undeclared'
  | 'orphaned'
  | 'unmanaged'
  | 'invalid'
  | 'unknown';

/** Who set a live field, as managedFields tell. A name is chosen by the client: it explains, it proves nothing. */
export interface Attribution {
  manager: string;
  operation?: string;
  subresource?: string;
  /** RFC 3339. */
  time?: string;
}

/**
 * One field that differs. `path` is a JSON pointer in which a list item is addressed by its merge key
 * (`/spec/template/spec/containers/name=web/image`); `/` and `~` in a key are written `~1` and `~0`.
 * `added` is in live only, `removed` in the declaration only.
 */
export interface FieldChange {
  path: string;
  op: 'changed' | 'added' | 'removed';
  declared?: unknown;
  live?: unknown;
  by?: Attribution;
  /** The same place as a JSON pointer with positions in lists, where that is another text; for ignore rules alone. */
  pointer?: string;
  /** A secret value: `declared` and `live` are left out. */
  redacted?: boolean;
}

/** What could not be asked when a finding is `unknown`; incidents are grouped by it. */
export type Origin = 'cluster' | 'git' | 'forge' | 'declaration' | 'aws' | 'terraform' | 'hosts';

/** One place in a declaration that is wrong, found without a cluster. `path` is as in a FieldChange; empty for the whole object. */
export interface FieldProblem {
  path: string;
  message: string;
  source?: Source;
}

/** What people should know of a declaration and what changes no verdict, such as an API version that is deprecated. */
export interface Note {
  unit: string;
  resource: ResourceRef;
  source?: Source;
  code?: FailureCode;
  /** Starts with the code, where there is one. */
  message: string;
}

/** One resource that is not as declared. */
export interface Finding {
  unit: string;
  type: FindingType;
  resource: ResourceRef;
  source?: Source;
  changes?: FieldChange[];
  /** Each field that is wrong, where a declaration was checked by itself. */
  problems?: FieldProblem[];
  /** Words for people; for `invalid` and `unknown` they start with the code. */
  message?: string;
  code?: FailureCode;
  origin?: Origin;
}

/** The verdict on a unit. `unknown` is never shown as in-sync, nor as drift. */
export type Verdict = 'in-sync' | 'drifted' | 'unknown';

export type DriverName = 'kubernetes' | 'helm' | 'cloudformation' | 'terraform' | 'ansible';

/** What was left out of a comparison, and by which rule. Without `path` the whole resource was. */
export interface Exemption {
  resource: ResourceRef;
  path?: string;
  rule: string;
  /** Who holds what was left out. */
  by?: Attribution;
}

/** All that one comparison of a unit found. */
export interface Comparison {
  unit: string;
  driver: DriverName;
  verdict: Verdict;
  resources: { declared: number; inSync: number };
  findings: Finding[];
  /** Differences that a shipped rule or an ignore rule allows; housekeeping of the server is not listed. */
  exempt?: Exemption[];
  /** The ignore rules, by their position in holdfast.yaml, that left something out. */
  usedRules?: number[];
  notes?: Note[];
  elapsedMs: number;
  /** Types of findings that this comparison could not look for yet: what it does not find of them may be there. */
  unsure?: FindingType[];
}

export function isObjectRef(ref: ResourceRef): ref is ObjectRef {
  return 'kind' in ref;
}

/** A key that is the same for the same resource: `apps/v1/Deployment/shop/cart`, `File//manifests~1a.yaml`. */
export function resourceKey(ref: ResourceRef): string {
  const quote = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
  if (!isObjectRef(ref)) return `${quote(ref.type)}//${quote(ref.name)}`;
  return [ref.apiVersion, quote(ref.kind), quote(ref.namespace ?? ''), quote(ref.name)].join('/');
}

/** For people: `Deployment shop/cart`, `CustomResourceDefinition widgets.example.com`, `File manifests/a.yaml`. */
export function resourceTitle(ref: ResourceRef): string {
  if (!isObjectRef(ref)) return `${ref.type} ${ref.name}`;
  return `${ref.kind} ${ref.namespace === undefined ? '' : `${ref.namespace}/`}${ref.name}`;
}
