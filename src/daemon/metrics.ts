import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Comparison, Verdict } from '../findings/finding.ts';
import { type Incident, isLive } from '../incidents/incident.ts';
import type { Revisions } from './revisions.ts';

const verdicts: readonly Verdict[] = ['in-sync', 'drifted', 'unknown'];

/** The metrics of one daemon, on a registry of its own. */
export class Metrics {
  readonly registry = new Registry();
  readonly #verdict = this.#gauge('holdfast_unit_verdict', 'Verdict of a unit: 1 on the one that holds.', [
    'unit',
    'verdict',
  ]);
  readonly #findings = this.#gauge(
    'holdfast_unit_findings',
    'Resources of a unit that are not as declared.',
    ['unit'],
  );
  readonly #tip = this.#gauge(
    'holdfast_tip_state',
    'What the gate says of the tip of the branch: 1 on what holds.',
    ['state'],
  );
  readonly #problem = this.#gauge('holdfast_problem', '1 while something cannot be seen or asked.', [
    'origin',
    'code',
  ]);
  readonly #compared = new Histogram({
    name: 'holdfast_comparison_seconds',
    help: 'How long comparing a unit took.',
    labelNames: ['unit'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
    registers: [this.registry],
  });
  readonly #comparedAt = this.#gauge(
    'holdfast_unit_compared_timestamp_seconds',
    'When a unit was compared last, in seconds since 1970.',
    ['unit'],
  );
  readonly #syncs = new Counter({
    name: 'holdfast_syncs_total',
    help: 'Syncs that came to an end, by phase.',
    labelNames: ['phase'],
    registers: [this.registry],
  });

  readonly #slack = new Counter({
    name: 'holdfast_slack_requests_total',
    help: 'Requests from Slack, by what was asked for, and what came of it: done, or a code.',
    labelNames: ['kind', 'outcome'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts incidents as they are whenever somebody asks; `now` in milliseconds since 1970. */
  follow(incidents: () => readonly Incident[], now: () => number = Date.now): void {
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
      name: 'holdfast_oldest_incident_seconds',
      help: 'How long the oldest incident that goes on lasts; 0 where there is none.',
      registers,
      collect() {
        const opened = incidents()
          .filter(isLive)
          .map(({ openedAt }) => Date.parse(openedAt));
        this.set(opened.length === 0 ? 0 : Math.max(0, (now() - Math.min(...opened)) / 1000));
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

  forgotten(unit: string): void {
    for (const verdict of verdicts) this.#verdict.remove({ unit, verdict });
    this.#findings.remove({ unit });
    this.#comparedAt.remove({ unit });
  }

  revisions(state: Revisions): void {
    for (const name of ['authorized', 'pending', 'refused'])
      this.#tip.set({ state: name }, name === state.tipState ? 1 : 0);
    this.#problem.reset();
    for (const { origin, failure } of state.problems) this.#problem.set({ origin, code: failure.code }, 1);
  }

  syncEnded(phase: string): void {
    this.#syncs.inc({ phase });
  }

  slackRequest(kind: string, outcome: string): void {
    this.#slack.inc({ kind, outcome });
  }

  #gauge<L extends string>(name: string, help: string, labelNames: L[]): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
