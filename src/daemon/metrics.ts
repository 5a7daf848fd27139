import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Comparison, Verdict } from '../findings/finding.ts';
import { type Incident, isLive, type Transition } from '../incidents/incident.ts';
import type { Answered } from '../telemetry/requests.ts';
import type { Revisions } from './revisions.ts';

const verdicts: readonly Verdict[] = ['in-sync', 'drifted', 'unknown'];

/** What is to be done and is not yet. */
export interface Queues {
  /** Messages that wait to be told, over all places. */
  messages: number;
  /** Reports that wait to be stored. */
  reports: number;
  /** Syncs that have not come to their end. */
  syncs: number;
}

/** The metrics of one daemon, on a registry of its own. `docs/metrics.md` is generated from them. */
export class Metrics {
  readonly registry = new Registry();
  readonly #since: number;
  readonly #verdict = this.#gauge('unit_verdict', 'Verdict of a unit: 1 on the one that holds.', [
    'unit',
    'verdict',
  ]);
  readonly #watched = this.#gauge(
    'observed_units',
    'How many units this observer compares; together all observers compare all.',
    [],
  );
  readonly #findings = this.#gauge('unit_findings', 'Resources of a unit that are not as declared.', [
    'unit',
  ]);
  readonly #comparedAt = this.#gauge(
    'unit_compared_timestamp_seconds',
    'When a unit was compared last, in seconds since 1970.',
    ['unit'],
  );
  readonly #compared = this.#histogram(
    'comparison_duration_seconds',
    'How long comparing a unit took.',
    ['unit'],
    [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
  );
  readonly #detected = this.#histogram(
    'detection_seconds',
    'From a hand edit, as the object itself tells its time (to the second), to its incident.',
    [],
    [1, 2, 3, 5, 10, 30, 60, 300],
  );
  readonly #transitions = this.#counter('incident_transitions_total', 'What happened to incidents.', [
    'what',
  ]);
  readonly #tip = this.#gauge('tip_state', 'What the gate says of the tip of the branch: 1 on what holds.', [
    'state',
  ]);
  readonly #gate = this.#counter(
    'gate_verdicts_total',
    'Judgements of the gate: authorized, denied or unknown.',
    ['verdict'],
  );
  readonly #problem = this.#gauge('problem', '1 while something cannot be seen or asked.', [
    'origin',
    'code',
  ]);
  readonly #syncs = this.#counter('syncs_total', 'Syncs that came to an end, by phase.', ['phase']);
  readonly #syncSeconds = this.#histogram(
    'sync_duration_seconds',
    'From the first attempt of a sync to its end.',
    ['reason', 'phase'],
    [1, 5, 15, 60, 300, 900, 3600],
  );
  readonly #leader = this.#gauge('leader', 'Whether this process holds a lease.', ['lease']);
  readonly #requests = this.#counter(
    'requests_total',
    'Requests to other services, by the status of the answer; none where none came.',
    ['service', 'code'],
  );
  readonly #requestSeconds = this.#histogram(
    'request_duration_seconds',
    'How long requests to other services took, to the head of the answer.',
    ['service'],
    [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
  );
  readonly #dryRuns = this.#counter('dry_runs_total', 'Dry runs of the API server, by status.', ['code']);
  readonly #slack = this.#counter(
    'slack_requests_total',
    'Requests from Slack, by what was asked for, and what came of it: done, or a code.',
    ['kind', 'outcome'],
  );

  /** `now` in milliseconds since 1970. Edits from before it are not counted as detected: we were not there. */
  constructor(now: () => number = Date.now) {
    this.#since = now();
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts incidents and queues as they are whenever somebody asks. */
  follow(
    incidents: () => readonly Incident[],
    now: () => number = Date.now,
    queues: () => Partial<Queues> = () => ({}),
  ): void {
    const registers = [this.registry];
    new Gauge({
      name: 'holdfast_incidents',
      help: 'Incidents that go on, by what they are about and by state.',
      labelNames: ['kind', 'state'],
      registers,
      collect() {
        this.reset();
        for (const { subject, state } of incidents().filter(isLive)) this.inc({ kind: subject.kind, state });
      },
    });
    new Gauge({
      name: 'holdfast_oldest_incident_age_seconds',
      help: 'How long the oldest incident that goes on lasts; 0 where there is none.',
      registers,
      collect() {
        const opened = incidents()
          .filter(isLive)
          .map(({ openedAt }) => Date.parse(openedAt));
        this.set(opened.length === 0 ? 0 : Math.max(0, (now() - Math.min(...opened)) / 1000));
      },
    });
    new Gauge({
      name: 'holdfast_queue_length',
      help: 'What waits: messages to be told, reports to be stored, syncs that have not ended.',
      labelNames: ['queue'],
      registers,
      collect() {
        for (const [queue, length] of Object.entries(queues())) this.set({ queue }, length);
      },
    });
  }

  compared(comparison: Comparison): void {
    this.#comparedAt.set({ unit: comparison.unit }, Date.now() / 1000);
    for (const verdict of verdicts)
      this.#verdict.set({ unit: comparison.unit, verdict }, verdict === comparison.verdict ? 1 : 0);
    this.#findings.set({ unit: comparison.unit }, comparison.findings.length);
    this.#compared.observe({ unit: comparison.unit }, comparison.elapsedMs / 1000);
  }

  watching(units: number): void {
    this.#watched.set(units);
  }

  forgotten(unit: string): void {
    for (const verdict of verdicts) this.#verdict.remove({ unit, verdict });
    this.#findings.remove({ unit });
    this.#comparedAt.remove({ unit });
    this.#compared.remove({ unit });
  }

  transition({ what, incident }: Transition): void {
    this.#transitions.inc({ what });
    if (what !== 'opened' || incident.subject.kind !== 'drift') return;
    const times = (incident.subject.finding.changes ?? []).map(({ by }) => Date.parse(by?.time ?? ''));
    const edited = Math.max(...times.filter(time => time >= this.#since));
    if (Number.isFinite(edited))
      this.#detected.observe(Math.max(0, (Date.parse(incident.openedAt) - edited) / 1000));
  }

  revisions(state: Revisions): void {
    for (const name of ['authorized', 'pending', 'refused'])
      this.#tip.set({ state: name }, name === state.tipState ? 1 : 0);
    this.#problem.reset();
    for (const { origin, failure } of state.problems) this.#problem.set({ origin, code: failure.code }, 1);
  }

  judged(verdict: string): void {
    this.#gate.inc({ verdict });
  }

  syncEnded(phase: string): void {
    this.#syncs.inc({ phase });
  }

  syncTook(reason: string, phase: string, ms: number): void {
    this.#syncSeconds.observe({ reason, phase }, Math.max(0, ms) / 1000);
  }

  leading(lease: string, held: boolean): void {
    this.#leader.set({ lease }, held ? 1 : 0);
  }

  answered({ service, code, ms, dryRun }: Answered): void {
    this.#requests.inc({ service, code });
    this.#requestSeconds.observe({ service }, ms / 1000);
    if (dryRun === true) this.#dryRuns.inc({ code });
  }

  slackRequest(kind: string, outcome: string): void {
    this.#slack.inc({ kind, outcome });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name: `holdfast_${name}`, help, labelNames, registers: [this.registry] });
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name: `holdfast_${name}`, help, labelNames, registers: [this.registry] });
  }

  #histogram<L extends string>(name: string, help: string, labelNames: L[], buckets: number[]): Histogram<L> {
    const registers = [this.registry];
    return new Histogram({ name: `holdfast_${name}`, help, labelNames, buckets, registers });
  }
}
