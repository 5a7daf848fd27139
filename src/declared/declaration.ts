import type { DriverName, Finding, ObjectRef, Source } from '../findings/finding.ts';
import type { JsonObject } from '../json/json.ts';
import type { HelmSettings } from './helm/options.ts';
import type { DeclaredRelease } from './helm/release.ts';
import type { AnsibleSettings } from './settings/ansible.ts';
import type { StackSettings } from './settings/stack.ts';
import type { TerraformSettings } from './settings/terraform.ts';
import type { Settings } from './settings.ts';
import type { SourceTree, TreeFile } from './tree.ts';

/** What holdfast.yaml or the conventions say of a unit, before its files are read. */
export interface UnitDefinition {
  name: string;
  driver: DriverName;
  /** The folder, relative to the root; `.` for the root itself. */
  path: string;
  /** For objects that name no namespace. */
  namespace?: string;
  /** The namespaces that it manages as a whole; `true` for those that it declares and its `namespace`. */
  manages?: true | string[];
  /** A cron expression (UTC): when it is compared, where its driver cannot watch. */
  schedule?: string;
  /** What holdfast.yaml says of a Helm release. */
  helm?: HelmSettings;
  /** Only for the driver of that name. */
  terraform?: TerraformSettings;
  ansible?: AnsibleSettings;
  cloudformation?: StackSettings;
  /** The line of holdfast.yaml that names it; absent for a unit by convention. */
  source?: Source;
}

/** A declared Kubernetes object, as kubectl would read it. */
export interface DeclaredObject {
  ref: ObjectRef;
  object: JsonObject;
  source: Source;
  /** Equal exactly when `object` is equal. */
  readonly hash: string;
}

/** A document in a unit's files that is clearly not meant for the cluster: a kustomization, Helm values, a kubeconfig. */
export interface NotObject extends Source {
  reason: string;
}

/** What a driver that reads files by itself (charts, templates, modules, playbooks) is given of them. */
export interface UnitSources {
  /** The whole repository at the revision: a unit may name files outside of its folder, such as values or a template. */
  tree: SourceTree;
  /** Those below the unit's folder that are no other unit's. */
  files: readonly TreeFile[];
  /** Those and what the unit reads beside its folder: all that a private copy needs, and what its hash covers. */
  reached?: readonly TreeFile[];
}

/** A unit with all that its files declare. */
export interface DeclaredUnit {
  definition: UnitDefinition;
  objects: DeclaredObject[];
  /** Jobs that run with a sync (annotation `holdfast.dev/hook`) and are no part of what is compared. */
  hooks?: DeclaredObject[];
  /** What is wrong with the files: `invalid` findings, with file and line. They never hide the other objects. */
  findings: Finding[];
  /** What is left out because it is no object; counted, not reported. */
  notObjects?: NotObject[];
  /** The namespaces that it manages, sorted: what lives there and no unit declares is a finding. Each is managed by one unit. */
  manages?: string[];
  /**
   * Set when the unit, or a part of it, could not be rendered: `objects` is then not all that is declared, or what was declared
   * when it last could be. `passing` means that trying again may help.
   */
  unrendered?: 'passing' | 'lasting';
  /** Of a unit of the driver helm: the release, and how it is rendered for another cluster. */
  release?: DeclaredRelease;
  /** For the drivers that read files by themselves; absent for `kubernetes`, whose files are in `objects`. */
  sources?: UnitSources;
  /** Equal exactly when the declarations are equal: tells whether a new revision changes the unit. */
  readonly hash: string;
}

/** Everything that one revision declares. */
export interface Declaration {
  revision: string | null;
  settings: Settings;
  /** The line of each ignore rule in holdfast.yaml. */
  ignoreLines?: number[];
  units: DeclaredUnit[];
  /** What earlier authorized revisions declared and this one does not; absent while that is not known. */
  earlier?: readonly EarlierObject[];
}

/** An object that an earlier authorized revision declared, and that no unit declares any more. It may live all the same. */
export interface EarlierObject {
  /** The unit that declared it last, and its folder; there may be no such unit any more. */
  unit: string;
  path: string;
  ref: ObjectRef;
  /** Where it was declared last. */
  source: Source;
  /** The last revision that declared it. */
  revision: string;
  /** When the first revision without it was authorized, RFC 3339. */
  removedAt: string;
}
