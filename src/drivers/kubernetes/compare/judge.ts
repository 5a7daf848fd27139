import type { Cluster } from '../../../cluster/cluster.ts';
import { isNotFound } from '../../../cluster/failures.ts';
import { isBuiltInGroup } from '../../../cluster/kind.ts';
import type { Schemas } from '../../../cluster/openapi.ts';
import { attribute } from '../../../compare/attribution.ts';
import { Failure } from '../../../failure/failure.ts';
import type { Finding } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { equal } from '../../../json/value.ts';
import { isFailure, readOne } from '../live/read.ts';
import { ServerStage } from './answers.ts';
import { Autoscalers } from './autoscalers.ts';
import { compose } from './composition.ts';
import { Deliveries } from './delivery/deliveries.ts';
import type { Judgement } from './judgement.ts';
import { LearnedDefaults } from './learned-defaults.ts';
import { type Knowledge, type LocalView, lookLocally } from './local.ts';
import { problemFinding, refusalOf } from './problems.ts';
import type { Subject } from './subject.ts';

/** Judges objects in two stages: what is surely the same is known at once, the rest is asked of the server by dry runs. */
export class Judge {
  readonly schemas: Schemas;
  readonly #cluster: Cluster;
  readonly #learned = new LearnedDefaults();
  readonly #server: ServerStage;
  readonly #autoscalers: Autoscalers;
  readonly #deliveries: Deliveries;

  constructor(cluster: Cluster, schemas: Schemas) {
    this.#cluster = cluster;
    this.schemas = schemas;
    this.#server = new ServerStage(cluster);
    this.#autoscalers = new Autoscalers(cluster);
    this.#deliveries = new Deliveries(cluster);
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
   * Both stages; `live` is undefined for what is not there. Failures of the one object are findings; throws only what concerns
   * the whole cluster: HF1301 and HF1302. An object that is gone or another one by now is looked at again.
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
      const answers = await this.#server.ask(subject, current, view, knowledge, signal);
      if (answers !== 'moved') {
        const { apiVersion, kind } = subject.target.kind;
        const [schema, autoscaled, deliveries] = await Promise.all([
          this.schemas.of(apiVersion, kind),
          leavesOpen(view, current) && this.#autoscalers.scales(subject.target, signal),
          this.#deliveries.of(subject.target, signal),
        ]);
        return compose(subject, current, view, answers, schema, { autoscaled, deliveries });
      }
      const reading = await readOne(this.#cluster, subject.target, signal);
      if (isFailure(reading)) {
        return { finding: problemFinding(subject, { type: 'unknown', failure: reading }), exempt: [] };
      }
      current = reading;
    }
    if (current === undefined) return { finding: await this.#absent(subject, signal), exempt: [] };
    const failure = new Failure('HF1307', 'it changed each time that it was looked at');
    return { finding: problemFinding(subject, { type: 'unknown', failure }), exempt: [] };
  }

  /** The finding on an object that is not there. It is dry-run too, so that a refusal shows before somebody applies it. */
  async #absent(subject: Subject, signal?: AbortSignal): Promise<Finding> {
    const { unit, ref: resource, source, target } = subject;
    const missing: Finding = { unit, type: 'missing', resource, source };
    try {
      await this.#cluster.apply(target, subject.body, { dryRun: true, signal });
      return missing;
    } catch (error) {
      if (isNotFound(error)) return { ...missing, message: `its namespace ${target.namespace} is not there` };
      const problem = refusalOf(error);
      if (problem.type === 'invalid') return problemFinding(subject, problem);
      const message = `whether the server would take it is not known: ${problem.failure.message}`;
      return { ...missing, message };
    }
  }
}

/** Whether it matters who scales the object: it has replicas that are not declared and that nobody owns. */
function leavesOpen(view: LocalView, live: JsonObject): boolean {
  const replicas = ['spec', 'replicas'];
  const has = view.extras.some(({ path }) => equal([...path], replicas));
  return has && attribute(live, replicas) === undefined;
}
