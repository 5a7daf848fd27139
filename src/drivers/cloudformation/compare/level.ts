import type { Models } from '../../../aws/models.ts';
import type { Stack, StackResource, Stacks } from '../../../aws/stacks.ts';
import type { Trail } from '../../../aws/trail.ts';
import type { Exemption, Finding, Source } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import type { NestedTemplates } from '../declared/nested.ts';
import type { ResourceTypes } from '../live/types.ts';
import type { Patience } from './detection.ts';

/** What is asked of AWS for one stack. */
export interface StackPorts {
  stacks: Stacks;
  models: Models;
  trail: Trail;
  types: ResourceTypes;
  patience: Patience;
  /** Live models read at the same time. */
  inFlight: number;
}

/** One stack, the one that Git declares or one nested in it, with the template that says what its resources should be. */
export interface Level {
  unit: string;
  stack: Stack;
  body: JsonObject;
  /** Values of parameters; a NoEcho one is unresolved. */
  parameters: ReadonlyMap<string, string>;
  /** `Network/` for what is inside the nested stack Network. */
  prefix: string;
  /** Where a part of the template is declared. */
  sourceOf(path: readonly string[]): Source;
  /** Words on what made a resource that no file declares as it is, such as a macro; absent where all are as written. */
  madeBy?: (logicalId: string) => string | undefined;
  /** The templates of Git for the stacks nested in it. */
  nested: NestedTemplates;
  /** Texts that must not be told: the values of NoEcho parameters. */
  secrets: ReadonlySet<string>;
}

/** How many resources were compared, and how. */
export interface Coverage {
  resources: number;
  /** With a row of drift detection that says something. */
  detected: number;
  /** With a live model. */
  read: number;
  /** In neither way, since AWS has none for their types. */
  uncheckable: string[];
}

/** All that one level, and those below it, gave. */
export interface LevelResult {
  findings: Finding[];
  exempt: Exemption[];
  coverage: Coverage;
  inSync: number;
  /** What AWS calls the resource of each finding; for asking who changed it. */
  physicalIds: Map<Finding, string>;
  /** Stacks nested in this one, not looked into yet. */
  nested: StackResource[];
}

export function noResult(): LevelResult {
  return {
    findings: [],
    exempt: [],
    coverage: { resources: 0, detected: 0, read: 0, uncheckable: [] },
    inSync: 0,
    physicalIds: new Map(),
    nested: [],
  };
}

export function add(to: LevelResult, more: LevelResult): void {
  to.findings.push(...more.findings);
  to.exempt.push(...more.exempt);
  to.inSync += more.inSync;
  for (const [finding, id] of more.physicalIds) to.physicalIds.set(finding, id);
  to.coverage.resources += more.coverage.resources;
  to.coverage.detected += more.coverage.detected;
  to.coverage.read += more.coverage.read;
  to.coverage.uncheckable.push(...more.coverage.uncheckable);
}
