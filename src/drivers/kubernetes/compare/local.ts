import type { KindSchema } from '../../../cluster/openapi.ts';
import { attribute } from '../../../compare/attribution.ts';
import type { Shape } from '../../../compare/keyed.ts';
import { prove } from '../../../compare/proof.ts';
import { isQuantityPath, sameQuantity } from '../../../compare/quantity.ts';
import type { Exemption } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, isMap, type Leaf, valueAt } from '../../../json/value.ts';
import { exemption } from './exemptions.ts';
import { noteExemption } from './judgement.ts';
import { isKnownDefault } from './known-defaults.ts';
import type { LearnedDefaults, LearningScope } from './learned-defaults.ts';
import { plainOf, type Subject } from './subject.ts';

/** What is known without asking the server. */
export interface Knowledge {
  learned: LearnedDefaults;
  schemaHash: string;
  /** Served by Kubernetes itself: its defaults and quantities are known. */
  builtIn: boolean;
  /** Needed for custom resources alone. */
  schema: KindSchema | undefined;
}

/** What a local look found. `same` is proven; without it `declaredEqual` and `extras` say what the server is to be asked. */
export interface LocalView {
  same: boolean;
  terminating: boolean;
  declaredEqual: boolean;
  /** Ends that live has more and nothing known explains. */
  extras: Leaf[];
  /** Whether `extras` are all. */
  complete: boolean;
  exempt: Exemption[];
}

/** Looks whether live is surely as declared. Never wrong in saying so; whatever it cannot prove is for the server. */
export function lookLocally(subject: Subject, live: JsonObject, knowledge: Knowledge): LocalView {
  const { kind } = subject.target;
  const { builtIn } = knowledge;
  const plain = plainOf(subject.target, live);
  const exempt: Exemption[] = [];
  const declared = subject.plain;
  const proof = prove(
    declared,
    plain,
    (path, wanted, found) => builtIn && isQuantityPath(path) && sameQuantity(wanted, found),
  );
  const scope = scopeOf(subject, knowledge);
  const extras = proof.extras.filter(leaf => {
    const { path, value } = leaf;
    if (value === null || isKnownDefault(kind, plain, path, value)) return false;
    if (!builtIn && isSchemaDefault(declared, knowledge.schema?.shape, leaf)) return false;
    const by = () => attribute(live, path);
    const rule = exemption({ kind, path, op: 'added', value, live, declared, by });
    if (rule !== undefined) noteExemption(exempt, subject.ref, rule, by());
    return rule === undefined && !knowledge.learned.has(scope, declared, plain, leaf);
  });
  const terminating = isTerminating(live);
  const same = proof.declaredEqual && extras.length === 0 && !terminating;
  return { same, terminating, declaredEqual: proof.declaredEqual, complete: proof.complete, extras, exempt };
}

export function isTerminating(live: JsonObject): boolean {
  return isMap(live['metadata']) && typeof live['metadata']['deletionTimestamp'] === 'string';
}

export function scopeOf(subject: Subject, knowledge: Knowledge): LearningScope {
  const { kind, namespace } = subject.target;
  return { apiVersion: kind.apiVersion, kind: kind.kind, schemaHash: knowledge.schemaHash, namespace };
}

/**
 * Whether a live-only leaf of a custom resource is what the schema's defaults make: the first undeclared field on the way must
 * have a default itself, as the server does not go into what is not there.
 */
function isSchemaDefault(declared: JsonObject, shape: Shape | undefined, { path, value }: Leaf): boolean {
  let at: Shape | undefined = shape;
  let wanted: Json | undefined = declared;
  let inDefault = false;
  for (const key of path) {
    const list: boolean = Array.isArray(wanted);
    at = list ? at?.item() : at?.child(key);
    const next: Json | undefined = valueAt(wanted, [key]);
    if (next === undefined) inDefault = true;
    wanted = next ?? at?.default;
    if (wanted === undefined) return false;
  }
  return inDefault && equal(wanted, value);
}
