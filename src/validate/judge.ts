import { isBuiltInGroup, splitApiVersion } from '../cluster/kind.ts';
import type { DeclaredObject } from '../declared/declaration.ts';
import { checkBuiltIn } from './built-in.ts';
import { checkCustom } from './custom/check.ts';
import type { Known, KnownKinds } from './kinds.ts';
import { checkLabels } from './labels.ts';
import { type Lifecycle, lifecycleOf, predecessorOf } from './lifecycle.ts';
import type { SchemaPack } from './pack/pack.ts';
import { Findings, type Problem, TooMuch } from './problem.ts';
import { type Minor, minorOf } from './version.ts';

/** What is known about one declared object without a cluster. */
export interface Judgement {
  /** What does not fit the schema. */
  problems: Problem[];
  /** Why no server of the version takes its apiVersion. */
  notServed?: string;
  /** Why it could not be checked. */
  unknown?: { kind: 'no-schema' | 'too-much'; what: string };
  /** What people should know though it is valid. */
  note?: { code: 'HF1123'; what: string };
}

export interface JudgeContext {
  pack: SchemaPack;
  kinds: KnownKinds;
  /** The version of Kubernetes to judge for. */
  minor: Minor;
}

/** Judges one object: first whether the version serves its kind, then its schema. */
export function judge(
  { ref, object }: Pick<DeclaredObject, 'ref' | 'object'>,
  context: JudgeContext,
): Judgement {
  const { apiVersion, kind } = ref;
  const life = lifecycleOf(apiVersion, kind);
  const notServed = life === undefined ? undefined : unservedWords(apiVersion, kind, life, context.minor);
  if (notServed !== undefined) return { problems: [], notServed };
  const known = context.kinds.find(apiVersion, kind);
  const note = life === undefined ? undefined : deprecationNote(apiVersion, kind, life, context.minor);
  if (known === undefined)
    return { ...withoutSchema(apiVersion, kind, life, context), ...(note && { note }) };
  const checked = problemsOf(known, object, context);
  return { ...checked, ...(note === undefined ? {} : { note }) };
}

function problemsOf(
  known: Known,
  object: DeclaredObject['object'],
  { pack }: JudgeContext,
): Pick<Judgement, 'problems' | 'unknown'> {
  const check = (how: (found: Findings) => void): Problem[] => {
    const found = new Findings({ hidden: object['kind'] === 'Secret' });
    how(found);
    checkLabels(object, found);
    return found.problems;
  };
  try {
    if (known.by === 'pack')
      return { problems: check(found => checkBuiltIn(pack, known.schema, object, found)) };
    const tried = known.schemas.map(schema =>
      schema === undefined ? [] : check(found => checkCustom(schema, object, pack, found)),
    );
    return { problems: tried.reduce((best, next) => (next.length < best.length ? next : best)) };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return { problems: [], unknown: { kind: 'too-much', what: 'checking it would take too long' } };
  }
}

function unservedWords(apiVersion: string, kind: string, life: Lifecycle, minor: Minor): string | undefined {
  if (life.removed !== undefined && minor >= life.removed) {
    const instead = servedReplacement(kind, life, minor);
    return `Kubernetes 1.${minor} does not serve the ${kind} of ${apiVersion} any more (removed in 1.${life.removed}); ${instead}`;
  }
  if (life.since === undefined || minor >= life.since) return undefined;
  const before = predecessorOf(apiVersion, kind, minor);
  const instead = before === undefined ? 'it has nothing in its place' : `it takes ${before}`;
  return `Kubernetes 1.${minor} does not serve the ${kind} of ${apiVersion} yet (since 1.${life.since}); ${instead}`;
}

/** The replacement that the version serves: that of a replacement which is gone itself, if need be. */
function servedReplacement(kind: string, life: Lifecycle, minor: Minor): string {
  const { replacement } = life;
  if (replacement === undefined) return 'nothing takes its place';
  const next = lifecycleOf(replacement, kind);
  if (next?.removed !== undefined && minor >= next.removed) return servedReplacement(kind, next, minor);
  return `it takes ${replacement}${life.replacementKind === undefined ? '' : ` ${life.replacementKind}`}`;
}

function deprecationNote(
  apiVersion: string,
  kind: string,
  life: Lifecycle,
  minor: Minor,
): Judgement['note'] | undefined {
  if (life.deprecated === undefined || minor < life.deprecated) return undefined;
  const end = life.removed === undefined ? '' : ` and will be gone in 1.${life.removed}`;
  const { replacement, replacementKind } = life;
  const instead =
    replacement === undefined
      ? ''
      : `; use ${replacement}${replacementKind === undefined ? '' : ` ${replacementKind}`}`;
  return {
    code: 'HF1123',
    what: `the ${kind} of ${apiVersion} is deprecated since 1.${life.deprecated}${end}${instead}`,
  };
}

function withoutSchema(
  apiVersion: string,
  kind: string,
  life: Lifecycle | undefined,
  { kinds, pack, minor }: JudgeContext,
): Judgement {
  const { group, version } = splitApiVersion(apiVersion);
  const elsewhere = kinds.elsewhere(kind);
  const hint = elsewhere.length === 0 ? '' : `; ${kind} is known of ${elsewhere.join(', ')}`;
  // a stable version of a group of Kubernetes is there or not: nothing can be switched on
  if (life === undefined && isBuiltInGroup(group) && /^v\d+$/.test(version) && minor <= minorOf(pack.version))
    return { problems: [], notServed: `Kubernetes 1.${minor} has no kind ${kind} in ${apiVersion}${hint}` };
  const what =
    isBuiltInGroup(group) || life !== undefined
      ? `the ${kind} of ${apiVersion} is not in the schemas of Kubernetes ${pack.version}, so it was not checked${hint}`
      : `no CustomResourceDefinition that is declared here serves ${kind} of ${apiVersion}, so it was not checked${hint}`;
  return { problems: [], unknown: { kind: 'no-schema', what } };
}
