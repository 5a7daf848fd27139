import { attribute } from '../../../compare/attribution.ts';
import { type Difference, declaredDiffers, differences } from '../../../compare/difference.ts';
import { keyed } from '../../../compare/keyed.ts';
import { prove } from '../../../compare/proof.ts';
import { redact } from '../../../compare/redaction.ts';
import { pathOf, valueAt } from '../../../compare/value.ts';
import type { JsonObject } from '../../../declared/declaration.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Exemption, FieldChange, Finding } from '../../../findings/finding.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../cluster/failures.ts';
import { isBuiltInGroup } from '../cluster/kind.ts';
import type { KindSchema, Schemas } from '../cluster/openapi.ts';
import { type Fresh, FreshRuns } from './as-fresh.ts';
import { exemption } from './exemptions.ts';
import { LearnedDefaults } from './learned-defaults.ts';
import { type Knowledge, type LocalView, lookLocally, scopeOf } from './local.ts';
import { type Problem, problemFinding, refusalOf } from './problems.ts';
import { plainOf, type Subject } from './subject.ts';

/** The verdict on one object. Without a finding it is as declared. */
export interface Judgement {
  finding?: Finding;
  exempt: Exemption[];
}

/** What the server said to the two dry runs; undefined where it was not asked. */
interface Answers {
  merged: JsonObject | Problem | undefined;
  fresh: Fresh | Problem | undefined;
}

/** Judges objects in two stages: what is surely the same is known at once, the rest is asked of the server by dry runs. */
export class Judge {
  readonly schemas: Schemas;
  readonly #cluster: Cluster;
  readonly #learned = new LearnedDefaults();
  readonly #fresh: FreshRuns;

  constructor(cluster: Cluster, schemas: Schemas) {
    this.#cluster = cluster;
    this.schemas = schemas;
    this.#fresh = new FreshRuns(cluster);
  }

  /** What is known of a kind before its objects are looked at. Custom kinds cost one request for their schema. */
  async knowledge(kind: { apiVersion: string; kind: string; group: string }): Promise<Knowledge> {
    const builtIn = isBuiltInGroup(kind.group);
    const schema = builtIn ? undefined : await this.schemas.of(kind.apiVersion, kind.kind);
    return { learned: this.#learned, schemaHash: this.schemas.hash(kind.apiVersion), builtIn, schema };
  }

  /** The first stage: no request. Undefined where it takes the server to tell. */
  local(subject: Subject, live: JsonObject, knowledge: Knowledge): Judgement | undefined {
    const view = lookLocally(subject, live, knowledge);
    return view.same ? { exempt: view.exempt } : undefined;
  }

  /**
   * Both stages. Failures of the one object are findings; throws only what concerns the whole cluster: HF1301 and HF1302.
   * An object that is gone, or that moved on while it was judged, is looked at again.
   */
  async judge(
    subject: Subject,
    live: JsonObject | undefined,
    knowledge: Knowledge,
    signal?: AbortSignal,
  ): Promise<Judgement> {
    let current = live;
    for (let attempt = 0; attempt < 4 && current !== undefined; attempt += 1) {
      const view = lookLocally(subject, current, knowledge);
      if (view.same) return { exempt: view.exempt };
      const answers = await this.#ask(subject, current, view, knowledge, signal);
      if (answers !== 'moved') return this.#compose(subject, current, view, answers);
      current = await this.#again(subject, signal);
    }
    if (current === undefined) return { finding: await this.absent(subject, signal), exempt: [] };
    const why = new Failure('HF1307', 'it changed each time that it was looked at');
    return { finding: problemFinding(subject, { type: 'unknown', failure: why }), exempt: [] };
  }

  /** The finding on an object that is not there; it is dry-run too, so that a refusal shows before somebody applies it. */
  async absent(subject: Subject, signal?: AbortSignal): Promise<Finding> {
    const missing: Finding = {
      unit: subject.unit,
      type: 'missing',
      resource: subject.ref,
      source: subject.source,
    };
    try {
      await this.#cluster.apply(subject.target, subject.body, { dryRun: true, signal });
      return missing;
    } catch (error) {
      if (isNotFound(error))
        return { ...missing, message: `its namespace ${subject.target.namespace} is not there` };
      const problem = refusalOf(error);
      if (problem.type === 'invalid') return problemFinding(subject, problem);
      return {
        ...missing,
        message: `whether the server would take it is not known: ${problem.failure.message}`,
      };
    }
  }

  async #again(subject: Subject, signal?: AbortSignal): Promise<JsonObject | undefined> {
    try {
      return await this.#cluster.get(subject.target, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async #ask(
    subject: Subject,
    live: JsonObject,
    view: LocalView,
    knowledge: Knowledge,
    signal?: AbortSignal,
  ): Promise<Answers | 'moved'> {
    const merging = view.declaredEqual
      ? undefined
      : this.#cluster.apply(subject.target, subject.body, { dryRun: true, signal }).catch(problemOrMoved);
    const freshening =
      view.declaredEqual && view.extras.length === 0
        ? undefined
        : this.#fresh.of(subject, live, signal).catch(problemOrMoved);
    const [merged, fresh] = await Promise.all([merging, freshening]);
    if (merged === 'moved' || fresh === 'moved') return 'moved';
    if (fresh !== undefined && 'ownName' in fresh && fresh.ownName)
      this.#learn(subject, fresh.object, knowledge);
    return { merged, fresh: fresh as Answers['fresh'] };
  }

  #learn(subject: Subject, fresh: JsonObject, knowledge: Knowledge): void {
    const plain = plainOf(subject.target, fresh);
    const { extras } = prove(subject.plain, plain);
    this.#learned.learn(scopeOf(subject, knowledge), subject.plain, plain, extras);
  }

  async #compose(subject: Subject, live: JsonObject, view: LocalView, answers: Answers): Promise<Judgement> {
    const { merged, fresh } = answers;
    const schema = await this.schemas.of(subject.target.kind.apiVersion, subject.target.kind.kind);
    const found = new Map<string, Difference>();
    const from = (object: JsonObject, wanted: (difference: Difference) => boolean) => {
      for (const each of differ(subject, object, live, schema))
        if (wanted(each) && !found.has(each.path)) found.set(each.path, each);
    };
    const mergedFailed = merged !== undefined && isProblem(merged);
    if (merged !== undefined && !isProblem(merged)) from(merged, () => true);
    if (fresh !== undefined && !isProblem(fresh))
      from(fresh.object, ({ op }) => op === 'added' || mergedFailed);
    const { changes, exempt } = this.#told(subject, live, [...found.values()]);
    if (view.terminating) changes.push(terminating(live));
    const problem = [merged, fresh].find(answer => answer !== undefined && isProblem(answer));
    return {
      ...findingOf(subject, changes, problem as Problem | undefined, view.terminating),
      exempt: [...view.exempt.filter(({ path }) => !exempt.some(other => other.path === path)), ...exempt],
    };
  }

  /** Names who did it, leaves out what a shipped rule allows, and takes secret values out. */
  #told(
    subject: Subject,
    live: JsonObject,
    found: readonly Difference[],
  ): { changes: FieldChange[]; exempt: Exemption[] } {
    const { kind } = subject.target;
    const exempt: Exemption[] = [];
    const changes = found.flatMap((difference): FieldChange[] => {
      const path = pathOf(difference.path);
      const reordered = difference.op === 'changed' && Array.isArray(difference.live);
      const by = difference.op === 'removed' || reordered ? undefined : attribute(live, path);
      const rule = exemption({ kind, path, op: difference.op, value: difference.live, live, by: () => by });
      if (rule?.name !== undefined)
        exempt.push({ resource: subject.ref, path: difference.path, rule: rule.name });
      return rule === undefined ? [{ ...difference, ...(by && { by }) }] : [];
    });
    return { changes: redact(kind, changes), exempt };
  }
}

function isProblem(answer: JsonObject | Fresh | Problem): answer is Problem {
  return 'failure' in answer && answer['failure'] instanceof Failure;
}

/** What the server does not do is the finding of this one object, but for an outage; a vanished or moved object is looked at again. */
function problemOrMoved(error: unknown): Problem | 'moved' {
  if (isNotFound(error) || (error instanceof ApiFailure && error.reason === 'Conflict')) return 'moved';
  return refusalOf(error);
}

function differ(
  subject: Subject,
  target: JsonObject,
  live: JsonObject,
  schema: KindSchema | undefined,
): Difference[] {
  const [own, wanted, found] = [
    subject.plain,
    plainOf(subject.target, target),
    plainOf(subject.target, live),
  ].map(object => keyed(object, schema?.shape));
  return own === undefined || wanted === undefined || found === undefined
    ? []
    : differences(own, wanted, found);
}

function terminating(live: JsonObject): FieldChange {
  const at = ['metadata', 'deletionTimestamp'];
  return { path: '/metadata/deletionTimestamp', op: 'added', live: valueAt(live, at) };
}

/**
 * A refused dry run is never passed over: where the differences can be told all the same they are the finding, with the
 * server's words; where none can be told the refusal itself is.
 */
function findingOf(
  subject: Subject,
  changes: FieldChange[],
  problem: Problem | undefined,
  isTerminating: boolean,
): { finding?: Finding } {
  const told = changes.length > 0 && (problem?.type !== 'unknown' || declaredDiffers(changes));
  if (problem !== undefined && !told) return { finding: problemFinding(subject, problem) };
  if (changes.length === 0) return {};
  const words = [
    problem === undefined ? '' : `${problem.failure.code} ${problem.failure.message}`,
    isTerminating ? 'it is being deleted' : '',
  ].filter(Boolean);
  return {
    finding: {
      unit: subject.unit,
      type: declaredDiffers(changes) ? 'changed' : 'undeclared',
      resource: subject.ref,
      source: subject.source,
      changes: changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
      ...(words.length > 0 && { message: words.join('; ') }),
      ...(problem !== undefined && { code: problem.failure.code }),
    },
  };
}
