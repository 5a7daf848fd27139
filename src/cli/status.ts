import { spanWords } from '../alerts/time.ts';
import { Connection } from '../cluster/connection.ts';
import type { StoredReport } from '../incidents/drift-report.ts';
import { type Incident, isLive } from '../incidents/incident.ts';
import { DriftReportStore, refreshEveryMs } from '../incidents/store.ts';
import { sortedKeys } from '../report/report.ts';
import { verdictWords } from '../report/summary.ts';
import { type Paint, paint, visible, wantsColour } from '../report/terminal.ts';
import { findingSentence, plural } from '../report/words.ts';

export interface StatusOptions {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  output: 'text' | 'json';
}

/** A report that is older than this is of no use: one of a daemon that runs is renewed three times meanwhile. */
const staleAfterMs = 3 * refreshEveryMs;

/** `holdfast status`: the DriftReports of a running daemon, for people or as JSON. */
export async function status(options: StatusOptions): Promise<number> {
  const connection = await Connection.open(options);
  const reports = await new DriftReportStore(connection, { namespace: options.namespace })
    .load()
    .finally(() => connection.close());
  const now = new Date().toISOString();
  const json = options.output === 'json';
  const text = json
    ? `${JSON.stringify(sortedKeys(reports), null, 2)}\n`
    : statusText(reports, now, paint(wantsColour(process.stdout, process.env)));
  process.stdout.write(text);
  if (json && isSilent(reports, now)) process.stderr.write(`${silence(reports, now)}\n`);
  return statusCode(reports, now);
}

/**
 * 2 when a unit is unknown or none is known, or was not compared for too long, as it is when no daemon runs; else 1 when one has
 * drifted, else 0. `now` is RFC 3339.
 */
export function statusCode(reports: readonly StoredReport[], now: string): 0 | 1 | 2 {
  const states = reports.flatMap(({ state }) => state ?? []);
  const verdicts = states.map(({ verdict }) => verdict);
  if (verdicts.length === 0 || verdicts.includes('unknown')) return 2;
  if (states.some(({ comparedAt }) => isStale(comparedAt, now))) return 2;
  return verdicts.includes('drifted') ? 1 : 0;
}

/** One line for each unit, then the incidents that are going on. */
export function statusText(reports: readonly StoredReport[], now: string, look: Paint): string {
  const units = reports.flatMap(({ unit, state }) =>
    unit === undefined || state === undefined ? [] : [{ unit, state }],
  );
  if (units.length === 0) return 'No unit is known: no daemon has compared one yet.\n';
  const width = Math.max(...units.map(({ unit }) => visible(unit).length));
  const lines = units.map(({ unit, state }) => {
    const revision = state.revision === null ? 'no revision' : state.revision.slice(0, 7);
    const counts = `${state.inSync} of ${state.declared} as declared at ${revision}`;
    const pending = state.tip === undefined ? '' : `, tip ${state.tip.slice(0, 7)} is not in use`;
    const age = `, compared ${ageWords(state.comparedAt, now)}`;
    const stale = isStale(state.comparedAt, now) ? look.unsure(`${age}: may be otherwise by now`) : age;
    return `${look.strong(visible(unit).padEnd(width))}  ${verdictWords[state.verdict]}  ${counts}${pending}${stale}`;
  });
  const open = reports.flatMap(report => report.incidents).filter(isLive);
  const incidents = open.map(
    incident => `  ${visible(incidentWords(incident))}, ${incident.state} since ${incident.openedAt}`,
  );
  return [
    ...(isSilent(reports, now) ? [look.bad(silence(reports, now)), ''] : []),
    ...lines,
    ...(open.length === 0 ? [] : ['', `${plural(open.length, 'incident')}:`, ...incidents]),
    '',
  ].join('\n');
}

/** Whether a daemon has compared units once, and has given no sign of life for too long. */
function isSilent(reports: readonly StoredReport[], now: string): boolean {
  const times = reports.flatMap(({ state }) => state?.comparedAt ?? []);
  return times.length > 0 && times.every(time => isStale(time, now));
}

function silence(reports: readonly StoredReport[], now: string): string {
  const [newest = ''] = reports
    .flatMap(({ state }) => state?.comparedAt ?? [])
    .sort()
    .reverse();
  return `No daemon has given a sign of life for long (the last ${ageWords(newest, now)}): what stands here may be otherwise by now.`;
}

function isStale(comparedAt: string, now: string): boolean {
  return !(Date.parse(now) - Date.parse(comparedAt) <= staleAfterMs);
}

function ageWords(time: string, now: string): string {
  return Number.isNaN(Date.parse(time)) ? 'at an unknown time' : `${spanWords(time, now)} ago`;
}

function incidentWords({ subject }: Incident): string {
  switch (subject.kind) {
    case 'drift':
      return `${subject.unit}: ${findingSentence(subject.finding)}`;
    case 'digest':
      return `${subject.unit}: ${plural(subject.total, 'resource')} not as declared`;
    case 'refused':
      return `${subject.branch}@${subject.revision.slice(0, 7)} is not authorized: ${subject.reasons.join('; ')}`;
    case 'blind':
      return `${subject.origin}: ${subject.message}`;
  }
}
