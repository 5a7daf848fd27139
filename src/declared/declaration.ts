import type { DriverName, Finding, ObjectRef, Source } from '../findings/finding.ts';
import type { Settings } from './settings.ts';

/** JSON as it travels between Git and the API server. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** What holdfast.yaml or the conventions say of a unit, before its files are read. */
export interface UnitDefinition {
  name: string;
  driver: DriverName;
  /** The folder, relative to the root; `.` for the root itself. */
  path: string;
  /** For objects that name no namespace. */
  namespace?: string;
  /** The line of holdfast.yaml that names it; absent for a unit by convention. */
  source?: Source;
}

/** A declared Kubernetes object, as kubectl would read it. */
export interface DeclaredObject {
  ref: ObjectRef;
  object: JsonObject;
  source: Source;
  /** Equal exactly when `object` is equal. */
  hash: string;
}

/** A document in a unit's files that is clearly not meant for the cluster: a kustomization, Helm values, a kubeconfig. */
export interface NotObject extends Source {
  reason: string;
}

/** A unit with all that its files declare. */
export interface DeclaredUnit {
  definition: UnitDefinition;
  objects: DeclaredObject[];
  /** What is wrong with the files: `invalid` findings, with file and line. They never hide the other objects. */
  findings: Finding[];
  /** What is left out because it is no object; counted, not reported. */
  notObjects?: NotObject[];
  /**
   * Set when the unit, or a part of it, could not be rendered: `objects` is then not all that is declared, or what was declared
   * when it last could be. `passing` means that trying again may help.
   */
  unrendered?: 'passing' | 'lasting';
  /** Equal exactly when the declarations are equal: tells whether a new revision changes the unit. */
  hash: string;
}

/** Everything that one revision declares. */
export interface Declaration {
  revision: string | null;
  settings: Settings;
  units: DeclaredUnit[];
}
