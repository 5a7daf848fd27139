import type { Cluster } from '../../../cluster/cluster.ts';
import { ApiFailure, isNotFound } from '../../../cluster/failures.ts';
import { prove } from '../../../compare/proof.ts';
import { Failure } from '../../../failure/failure.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type Fresh, FreshRuns } from './as-fresh.ts';
import { isKept } from './kept.ts';
import { type Knowledge, type LocalView, scopeOf } from './local.ts';
import { type Problem, refusalOf } from './problems.ts';
import { plainOf, type Subject } from './subject.ts';

/** What the server said to the two dry runs; undefined where it was not asked. */
export interface Answers {
  /** What applying the declaration would make of live. */
  merged: JsonObject | Problem | undefined;
  /** What the server would make of the declaration alone. */
  fresh: Fresh | Problem | undefined;
}

export function isProblem(answer: JsonObject | Fresh | Problem | undefined): answer is Problem {
  return answer !== undefined && 'failure' in answer && answer['failure'] instanceof Failure;
}

/** The second stage: asks the server what the local look left open, and learns its defaults from the answers. Writes nothing. */
export class ServerStage {
  readonly #cluster: Cluster;
  readonly #fresh: FreshRuns;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#fresh = new FreshRuns(cluster);
  }

  /** `moved` when the object is gone or another one by now. Throws only what concerns the whole cluster: HF1301, HF1302. */
  async ask(
    subject: Subject,
    live: JsonObject,
    view: LocalView,
    knowledge: Knowledge,
    signal?: AbortSignal,
  ): Promise<Answers | 'moved'> {
    const explained = view.complete && view.extras.length === 0;
    let [merged, fresh] = await Promise.all([
      view.declaredEqual ? undefined : this.#merged(subject, signal),
      explained ? undefined : this.#asFresh(subject, live, signal),
    ]);
    // what cannot be applied as live stands may still be compared as if fresh
    if (isAnswer(merged) && isProblem(merged) && fresh === undefined && merged.type === 'invalid') {
      fresh = await this.#asFresh(subject, live, signal);
    }
    if (merged === 'moved' || fresh === 'moved') return 'moved';
    if (fresh !== undefined && !isProblem(fresh) && fresh.ownName)
      this.#learn(subject, fresh.object, knowledge);
    return { merged, fresh };
  }

  #merged(subject: Subject, signal?: AbortSignal): Promise<JsonObject | Problem | 'moved'> {
    return this.#cluster.apply(subject.target, subject.body, { dryRun: true, signal }).catch(problemOrMoved);
  }

  /** A refusal here says nothing against the declaration; it leaves open what live has more. */
  async #asFresh(
    subject: Subject,
    live: JsonObject,
    signal?: AbortSignal,
  ): Promise<Fresh | Problem | 'moved'> {
    try {
      return await this.#fresh.of(subject, live, signal);
    } catch (error) {
      const problem = problemOrMoved(error);
      if (problem === 'moved' || problem.type === 'unknown') return problem;
      const what = `what live has beyond the declaration cannot be told: ${problem.failure.message}`;
      return { type: 'unknown', failure: new Failure('HF1307', what) };
    }
  }

  #learn(subject: Subject, answer: JsonObject, knowledge: Knowledge): void {
    const plain = plainOf(subject.target, answer);
    const declared = subject.plain;
    const { extras } = prove(declared, plain);
    const fresh = extras.filter(({ path }) => !isKept(subject.target.kind, path));
    knowledge.learned.learn(scopeOf(subject, knowledge), declared, plain, fresh);
  }
}

function isAnswer<T>(answer: T | 'moved' | undefined): answer is T {
  return answer !== undefined && answer !== 'moved';
}

function problemOrMoved(error: unknown): Problem | 'moved' {
  if (isNotFound(error) || (error instanceof ApiFailure && error.reason === 'Conflict')) return 'moved';
  return refusalOf(error);
}
