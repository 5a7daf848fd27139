import { Connection } from '../drivers/kubernetes/cluster/connection.ts';
import type { StoredReport } from '../incidents/drift-report.ts';
import { type Incident, isLive } from '../incidents/incident.ts';
import { DriftReportStore } from '../incidents/store.ts';
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

/** `holdfast status`: the DriftReports of a running daemon, for people or as JSON. */
export async function status(options: StatusOptions): Promise<number> {
  const connection = await Connection.open(options);
  const reports = await new DriftReportStore(connection, { namespace: options.namespace })
    .load()
    .finally(() => connection.close());
  const text =
    options.output === 'json'
      ? `${JSON.stringify(sortedKeys(reports), null, 2)}\n`
      : statusText(reports, paint(wantsColour(process.stdout, process.env)));
  process.stdout.write(text);
  return statusCode(reports);
}

/** 2 when a unit is unknown or none is known, else 1 when one has drifted, else 0. */
export function statusCode(reports: readonly StoredReport[]): 0 | 1 | 2 {
  const verdicts = reports.flatMap(report => report.state?.verdict ?? []);
  if (verdicts.length === 0 || verdicts.includes('unknown')) return 2;
  return verdicts.includes('drifted') ? 1 : 0;
}

/** One line for each unit, then the incidents that are going on. */
export function statusText(reports: readonly StoredReport[], look: Paint): string {
  const units = reports.flatMap(({ unit, state }) =>
    unit === undefined || state === undefined ? [] : [{ unit, state }],
  );
  if (units.length === 0) return 'No unit is known: no daemon has compared one yet.\n';
  const width = Math.max(...units.map(({ unit }) => visible(unit).length));
  const lines = units.map(({ unit, state }) => {
    const revision = state.revision === null ? 'no revision' : state.revision.slice(0, 7);
    const counts = `${state.inSync} of ${state.declared} as declared at ${revision}`;
    const pending = state.tip === undefined ? '' : `, tip ${state.tip.slice(0, 7)} is not in use`;
    return `${look.strong(visible(unit).padEnd(width))}  ${verdictWords[state.verdict]}  ${counts}${pending}`;
  });
  const open = reports.flatMap(report => report.incidents).filter(isLive);
  const incidents = open.map(
    incident => `  ${visible(incidentWords(incident))}, ${incident.state} since ${incident.openedAt}`,
  );
  return [
    ...lines,
    ...(open.length === 0 ? [] : ['', `${plural(open.length, 'incident')}:`, ...incidents]),
    '',
  ].join('\n');
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
