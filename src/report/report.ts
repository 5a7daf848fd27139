import type {
  Comparison,
  DriverName,
  Exemption,
  FieldChange,
  FieldProblem,
  Finding,
  Note,
  Verdict,
} from '../findings/finding.ts';
import { sortFindings } from '../findings/verdict.ts';

/** The version of the report; fields may be added to it, none renamed or removed. */
export const reportVersion = 'holdfast.dev/v1alpha1';

export interface UnitReport {
  name: string;
  driver: DriverName;
  verdict: Verdict;
  resources: { declared: number; inSync: number };
  elapsedMs: number;
}

/** What was left out of the comparison of a unit, and why: the rule that ships with Holdfast, or the reason of an ignore rule. */
export interface LeftOut extends Exemption {
  unit: string;
}

/** What `holdfast diff -o json` and `holdfast validate -o json` print; its schema is docs/report.schema.json. */
export interface Report {
  apiVersion: typeof reportVersion;
  kind: 'Report';
  /** The full commit SHA, or null for a plain folder. */
  revision: string | null;
  /** RFC 3339. */
  comparedAt: string;
  /** Of `holdfast validate`: the version of Kubernetes that the declarations were checked for. Nothing live was looked at. */
  kubernetesVersion?: string;
  units: UnitReport[];
  findings: Finding[];
  /** What changes no verdict; left out when there is nothing to note. */
  notes?: Note[];
  /** Differences that a rule allows; left out when there are none. */
  leftOut?: LeftOut[];
}

/**
 * The report of some comparisons. Units, findings, changes and the keys inside of values are sorted, so that apart from
 * `comparedAt` and `elapsedMs` equal comparisons give equal bytes. Of a change marked `redacted` no value is taken over.
 */
export function buildReport(input: {
  revision: string | null;
  comparedAt: string;
  comparisons: readonly Comparison[];
  kubernetesVersion?: string;
  /** Beside those of the comparisons. */
  notes?: readonly Note[];
}): Report {
  const units = input.comparisons.map(({ unit, driver, verdict, resources, elapsedMs }) => ({
    name: unit,
    driver,
    verdict,
    resources: { declared: resources.declared, inSync: resources.inSync },
    elapsedMs,
  }));
  return {
    apiVersion: reportVersion,
    kind: 'Report',
    revision: input.revision,
    comparedAt: input.comparedAt,
    ...(input.kubernetesVersion === undefined ? {} : { kubernetesVersion: input.kubernetesVersion }),
    units: units.sort((a, b) => compareText(a.name, b.name)),
    findings: sortFindings(input.comparisons.flatMap(comparison => comparison.findings)).map(reported),
    ...reportedNotes([...input.comparisons.flatMap(({ notes = [] }) => notes), ...(input.notes ?? [])]),
    ...reportedLeftOut(input.comparisons),
  };
}

function reportedNotes(notes: readonly Note[]): { notes?: Note[] } {
  if (notes.length === 0) return {};
  const place = ({ unit, source, resource }: Note) =>
    JSON.stringify([unit, source?.file ?? '', String(source?.line ?? 0).padStart(9, '0'), resource]);
  const inOrder = notes.map(note => ({ note, key: place(note) })).sort((a, b) => compareText(a.key, b.key));
  return {
    notes: inOrder.map(({ note }) => ({
      unit: note.unit,
      resource: sortedKeys(note.resource),
      ...(note.source === undefined ? {} : { source: sortedKeys(note.source) }),
      ...(note.code === undefined ? {} : { code: note.code }),
      message: note.message,
    })),
  };
}

function reportedLeftOut(comparisons: readonly Comparison[]): { leftOut?: LeftOut[] } {
  const all = comparisons.flatMap(({ unit, exempt = [] }) =>
    exempt.map(({ resource, path, rule, by }) => ({
      unit,
      resource: sortedKeys(resource),
      ...(path === undefined ? {} : { path }),
      rule,
      ...(by === undefined ? {} : { by: sortedKeys(by) }),
    })),
  );
  if (all.length === 0) return {};
  const inOrder = all.map(each => ({ each, key: JSON.stringify(each) }));
  return { leftOut: inOrder.sort((a, b) => compareText(a.key, b.key)).map(({ each }) => each) };
}

/** 2 when anything is unknown, else 1 when there is any finding, else 0: a script that tests for 0 is always safe. */
export function exitCodeOf(report: Report): 0 | 1 | 2 {
  const unsure =
    report.units.some(unit => unit.verdict === 'unknown') ||
    report.findings.some(finding => finding.type === 'unknown');
  if (unsure) return 2;
  const differs = report.findings.length > 0 || report.units.some(unit => unit.verdict === 'drifted');
  return differs ? 1 : 0;
}

function reported(finding: Finding): Finding {
  const { unit, type, resource, source, changes, problems, message, code, origin } = finding;
  return {
    unit,
    type,
    resource: sortedKeys(resource),
    ...(source === undefined ? {} : { source: sortedKeys(source) }),
    ...(changes === undefined ? {} : { changes: changes.map(reportedChange).sort(byPath) }),
    ...(problems === undefined ? {} : { problems: problems.map(reportedProblem) }),
    ...(message === undefined ? {} : { message }),
    ...(code === undefined ? {} : { code }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function reportedProblem({ path, message, source }: FieldProblem): FieldProblem {
  return { path, message, ...(source === undefined ? {} : { source: sortedKeys(source) }) };
}

function reportedChange(change: FieldChange): FieldChange {
  const { op, declared, live, by, redacted } = change;
  const secret = redacted === true;
  return {
    path: change.path.startsWith('/') ? change.path : `/${change.path}`,
    op,
    ...(secret || declared === undefined ? {} : { declared: sortedKeys(declared) }),
    ...(secret || live === undefined ? {} : { live: sortedKeys(live) }),
    ...(by === undefined ? {} : { by: sortedKeys(by) }),
    ...(secret ? { redacted: true } : {}),
  };
}

/** The same value with the keys of every object in order. */
export function sortedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedKeys) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)])) as T;
}

function byPath(a: FieldChange, b: FieldChange): number {
  return compareText(a.path, b.path) || compareText(a.op, b.op);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
