import type { Note, Source } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import type { DeclaredUnit } from '../declaration.ts';
import type { Capabilities } from './capabilities.ts';
import type { Place } from './differing.ts';
import type { Hook, PrintedObject } from './output.ts';
import type { UnsteadyCall } from './unsteady.ts';

/** What a chart gave for some capabilities: rendered twice, so that what is not the same each time is known. */
export interface ReleaseRendering {
  chart: { name: string; version: string };
  /** The texts of the chart's own templates by their path in it, hashed: as the record of a release holds them. */
  templates: ReadonlyMap<string, string>;
  /** The same of its other files, which templates may take in. */
  files: ReadonlyMap<string, string>;
  /** The digest of its Chart.lock; undefined where it has none. */
  lock: string | undefined;
  /** Equal exactly when all files of the chart and of the charts in it are equal. */
  content: string;
  /** The values of the chart itself. */
  defaults: JsonObject;
  /** Whether there are charts in it: Helm lays their values under those of the chart that it records. */
  hasInner: boolean;
  /** What is said beside the chart, merged: as the record of a release holds it. */
  values: JsonObject;
  /** Every object of the release, in helm's order, hooks left out. */
  objects: readonly RenderedObject[];
  hooks: readonly RenderedHook[];
  problems: readonly { message: string; source: Source }[];
  /** Texts of values that are secret. Only ever searched for. */
  secrets: readonly string[];
  /** The same of other values for this chart, such as those of a record. */
  secretsIn(values: JsonObject): string[];
  /** Where the declaration sets a field of an object: a line of the values, else of the template. */
  placeOf(object: RenderedObject, path: string, value: unknown): Source;
}

export interface RenderedObject extends PrintedObject {
  source: Source;
  /** It comes from crds/, which helm installs once and never again looks at. */
  isDefinition: boolean;
  /** Where two renderings differ; the root where one of them has no such object. */
  unsteady: readonly Place[];
  /** Calls that its template can reach and that may give something else elsewhere or later. */
  calls: readonly UnsteadyCall[];
}

/** A hook; `steady` says that both renderings have the same and nothing in its template may make it another one. */
export interface RenderedHook extends Hook {
  source: Source;
  steady: boolean;
  /** Its name is the same in both. */
  named: boolean;
}

/** The Helm release of a unit. */
export interface DeclaredRelease {
  name: string;
  namespace: string;
  apply: 'helm' | 'server-side';
  createNamespace: boolean;
  historyMax: number;
  /** Where the unit is declared: its Chart.yaml, or its line in holdfast.yaml. */
  source: Source;
  /** For which capabilities `objects` of the unit were rendered; undefined where they could not be. */
  rendering?: ReleaseRendering;
  notes: readonly Note[];
  /** The same unit, rendered for another cluster, or for an upgrade. */
  at(capabilities: Capabilities): Promise<DeclaredUnit>;
  /** All that helm is given to install it: files below a private folder, and the arguments that name them. */
  installable(): Promise<Installable>;
}

export interface Installable {
  files: ReadonlyMap<string, Buffer>;
  /** The chart, and `-f` with each file of values. */
  args: readonly string[];
}
