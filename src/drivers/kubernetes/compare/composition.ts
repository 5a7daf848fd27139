import type { KindSchema } from '../../../cluster/openapi.ts';
import { attribute } from '../../../compare/attribution.ts';
import { type Difference, declaredDiffers, differences } from '../../../compare/difference.ts';
import { keyed, type Shape } from '../../../compare/keyed.ts';
import { locate, pointerText } from '../../../compare/locate.ts';
import { placed } from '../../../compare/placed.ts';
import { redact } from '../../../compare/redaction.ts';
import type { Exemption, FieldChange, Finding } from '../../../findings/finding.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { equal, pathOf, valueAt } from '../../../json/value.ts';
import { type Answers, isProblem } from './answers.ts';
import { type ExemptionFacts, exemption } from './exemptions.ts';
import { isAllExplained } from './explained.ts';
import { isTouch } from './hands.ts';
import { type Judgement, noteExemption } from './judgement.ts';
import { isKept } from './kept.ts';
import type { LocalView } from './local.ts';
import { type Problem, problemFinding } from './problems.ts';
import { plainOf, type Subject } from './subject.ts';

/** What around an object has a say in its fields: whether a HorizontalPodAutoscaler scales it, what Rollouts and Canaries move. */
export type Surroundings = Pick<ExemptionFacts, 'autoscaled' | 'deliveries'>;

/** The judgement on an object from what the server answered. */
export function compose(
  subject: Subject,
  live: JsonObject,
  view: LocalView,
  answers: Answers,
  schema: KindSchema | undefined,
  around: Surroundings = {},
): Judgement {
  const { changes, exempt, rests } = tellings(subject, live, found(subject, live, answers, schema), around);
  if (view.terminating) changes.push(terminating(live));
  const { merged, fresh } = answers;
  const told = new Set(changes.map(({ path }) => path));
  const unasked = isProblem(fresh) && !isProblem(merged) && isAllExplained(subject, live, schema, told);
  const problem = [merged, unasked ? undefined : fresh].find(isProblem);
  const finding = findingOf(subject, changes, problem, view.terminating, !isProblem(merged));
  return {
    ...(finding && { finding }),
    exempt: [...view.exempt.filter(({ path }) => !exempt.some(other => other.path === path)), ...exempt],
    ...(rests && { rests: true }),
  };
}

/**
 * What applying would change, and what live has beyond the declaration alone. Where the server does not apply the declaration to
 * live as it stands, the declaration alone tells both: so the edited number of a port is drift.
 */
function found(
  subject: Subject,
  live: JsonObject,
  { merged, fresh }: Answers,
  schema: KindSchema | undefined,
): Difference[] {
  const byPath = new Map<string, Difference>();
  const sides = {
    declared: keyed(subject.plain, schema?.shape, { sets: true }),
    live: keyed(plainOf(subject.target, live), schema?.shape, { sets: true }),
  };
  const collect = (target: JsonObject, wanted: (difference: Difference) => boolean) => {
    const turned = keyed(plainOf(subject.target, target), schema?.shape, { sets: true });
    for (const each of differences(sides.declared, turned, sides.live))
      if (wanted(each) && !isNull(subject, each, schema?.shape) && !byPath.has(each.path))
        byPath.set(each.path, each);
  };
  const refused = isProblem(merged);
  if (merged !== undefined && !refused) collect(merged, () => true);
  // an item whose key was left to its default may be there under another key, though all that is declared of it is there
  const isWanted = ({ op }: Difference) =>
    op === 'added' || refused || (op === 'removed' && merged === undefined);
  if (fresh !== undefined && !isProblem(fresh)) collect(fresh.object, isWanted);
  const by = ({ path }: Difference) => attribute(live, pathOf(path));
  const { kind } = subject.target;
  if (fresh !== undefined)
    collect(subject.body, each => {
      if (each.op !== 'added') return false;
      if (isKept(kind, pathOf(each.path))) return by(each) !== undefined;
      // no default is a label: what a person's tool put there is known even where the server cannot be asked
      return isProblem(fresh) && /^\/metadata\/(labels|annotations)\//.test(each.path) && isTouch(by(each));
    });
  return placed([...byPath.values()], sides);
}

/**
 * A declared null that is not in live: one client stores it as an empty text, another leaves it out, and then the server puts the
 * default of the schema there.
 */
function isNull(
  subject: Subject,
  { path, op, declared, live }: Difference,
  shape: Shape | undefined,
): boolean {
  const keys = pathOf(path);
  if (op === 'removed') return valueAt(subject.body, keys) === null;
  return op === 'changed' && declared === null && equal(live, defaultAt(shape, keys));
}

function defaultAt(shape: Shape | undefined, path: readonly string[]): Json | undefined {
  let at = shape;
  for (const key of path) at = at?.child(key) ?? at?.item();
  return at?.default;
}

/** Names who did it, leaves out what a shipped rule allows, and last of all takes secret values out. */
function tellings(
  subject: Subject,
  live: JsonObject,
  differing: readonly Difference[],
  around: Surroundings,
): { changes: FieldChange[]; exempt: Exemption[]; rests: boolean } {
  const { kind } = subject.target;
  const declared = subject.plain;
  const exempt: Exemption[] = [];
  let rests = false;
  const changes = differing.flatMap((difference): FieldChange[] => {
    const { op } = difference;
    const path = pathOf(difference.path);
    // a removal and a new order leave no trace of who did them
    const by = op === 'removed' || difference.reordered ? undefined : attribute(live, path);
    const rule = exemption({
      kind,
      path,
      op,
      value: difference.live,
      live,
      declared,
      by: () => by,
      ...around,
    });
    if (rule !== undefined) noteExemption(exempt, subject.ref, rule, by);
    rests ||= rule?.rests === true;
    if (rule !== undefined) return [];
    const { reordered: _reordered, ...change } = difference;
    const found = locate(op === 'removed' ? declared : live, difference.path);
    const pointer = found === undefined ? difference.path : pointerText(found);
    return [{ ...change, ...(by && { by }), ...(pointer !== difference.path && { pointer }) }];
  });
  return { changes: redact(kind, changes), exempt, rests };
}

function terminating(live: JsonObject): FieldChange {
  const at = ['metadata', 'deletionTimestamp'];
  return { path: '/metadata/deletionTimestamp', op: 'added', live: valueAt(live, at) };
}

/**
 * A dry run that failed is never passed over: where differences can be told all the same they are the finding, with the
 * server's words; where none can be told the failure itself is.
 */
function findingOf(
  subject: Subject,
  changes: FieldChange[],
  problem: Problem | undefined,
  isTerminating: boolean,
  proven: boolean,
): Finding | undefined {
  const enough = changes.length > 0 && (problem?.type !== 'unknown' || proven || declaredDiffers(changes));
  if (problem !== undefined && !enough) return problemFinding(subject, problem);
  if (changes.length === 0) return undefined;
  const words = [
    problem === undefined ? '' : `${problem.failure.code} ${problem.failure.message}`,
    isTerminating ? 'it is being deleted' : '',
  ].filter(Boolean);
  return {
    unit: subject.unit,
    type: isTerminating || declaredDiffers(changes) ? 'changed' : 'undeclared',
    resource: subject.ref,
    source: subject.source,
    changes: changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    ...(words.length > 0 && { message: words.join('; ') }),
    ...(problem !== undefined && { code: problem.failure.code }),
  };
}
