import type { Finding } from '../findings/finding.ts';
import { sortFindings } from '../findings/verdict.ts';
import type { StoredReport } from './drift-report.ts';
import type { Incident, Subject } from './incident.ts';
import { bounded } from './story.ts';

const mostBytes = 900_000;
const mostFindings = 200;
const mostMembers = 30_000;

/**
 * The status of a DriftReport that fits into one object of etcd: incidents that go on come first, then the first
 * findings, then what was resolved. Counts are always exact. Fields that there are not are null, which a merge patch removes.
 */
export function fittingStatus(report: StoredReport): Record<string, unknown> {
  const { state } = report;
  const room = new Room(mostBytes);
  const newestFirst = [...report.incidents].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const ongoing = room.fill(
    newestFirst.filter(incident => incident.state !== 'resolved').map(storedIncident),
  );
  const findings = state === undefined ? [] : room.fill(firstFindings(state.findings));
  const resolved = room.fill(
    newestFirst.filter(incident => incident.state === 'resolved').map(storedIncident),
  );
  const incidents = [...ongoing, ...resolved].sort((a, b) => (a.key < b.key ? -1 : 1));
  const rest = { incidents, ...(report.threads === undefined ? {} : { threads: report.threads }) };
  if (state === undefined) return rest;
  return {
    driver: state.driver,
    verdict: state.verdict,
    revision: state.revision,
    tip: state.tip ?? null,
    comparedAt: state.comparedAt,
    declared: state.declared,
    inSync: state.inSync,
    findingCount: state.findingCount,
    findings,
    ...rest,
  };
}

function firstFindings(findings: readonly Finding[]): Finding[] {
  return sortFindings(findings)
    .slice(0, mostFindings)
    .map(finding => bounded(finding).finding);
}

/** An incident as it is written down. */
export function storedIncident(incident: Incident): Incident {
  return { ...incident, subject: storedSubject(incident.subject) };
}

function storedSubject(subject: Subject): Subject {
  if (subject.kind !== 'digest') return subject;
  return { ...subject, members: subject.members.slice(0, mostMembers) };
}

/** Takes items as long as they fit. */
class Room {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  fill<T>(items: readonly T[]): T[] {
    return items.filter(item => {
      const size = Buffer.byteLength(JSON.stringify(item)) + 1;
      if (size > this.#left) return false;
      this.#left -= size;
      return true;
    });
  }
}
