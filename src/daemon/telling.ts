import type { Telling } from '../alerts/outlet.ts';
import { fileOf } from '../alerts/routes.ts';
import { severityOf } from '../alerts/severity.ts';
import type { Incident } from '../incidents/incident.ts';
import type { Configuration } from './configuration.ts';
import type { Revisions } from './revisions.ts';

/** What is known at the time of telling, besides the incident. */
export interface Known {
  revisions: Revisions;
  /** Who owns a file of the repository. */
  ownersOf: (file: string | undefined) => readonly string[];
}

/** The facts that messages of this installation need besides the incident. */
export function tellingOf(configuration: Configuration, known: Known, incident: Incident): Telling {
  const { forge, git } = configuration;
  const { declaration } = known.revisions;
  const link = linker(forge);
  const owners = known.ownersOf(fileOf(incident));
  return {
    ...namesOf(configuration),
    branch: git.branch,
    revision: declaration?.revision ?? null,
    next: whatComesNext(incident, forge !== undefined),
    severity: severityOf(incident, declaration?.settings.alerts.severities),
    ...(link === undefined ? {} : { link }),
    ...(owners.length === 0 ? {} : { owners }),
  };
}

/** What the environment and the repository are called in messages. */
export function namesOf({ forge, git, environment }: Configuration): {
  environment?: string;
  repository: string;
} {
  const repository = forge?.repository ?? repositoryName(git.url);
  return { repository, ...(environment === undefined ? {} : { environment }) };
}

/** What will happen next, in words that a person can act on. */
export function whatComesNext({ subject }: Incident, converges: boolean): string {
  switch (subject.kind) {
    case 'refused':
      if (subject.reasons.some(reason => reason.startsWith('rewind:')))
        return `nothing of it is applied; move the branch back to ${subject.authorized.slice(0, 7)} or to what follows it`;
      return 'nothing of it is applied; revert it, or ratify it by an approved pull request (Holdfast-Ratifies: <sha>)';
    case 'blind':
      if (subject.origin === 'declaration')
        return 'the last good one stays in use until a merged one is right';
      return 'it is tried again by itself, and nothing is applied meanwhile';
    case 'drift':
      if (subject.finding.type === 'invalid') return 'nothing by itself; a merged pull request corrects it';
      if (subject.finding.type === 'orphaned')
        return 'nothing by itself: delete it, or declare it again by a merged pull request';
      if (subject.finding.type === 'unmanaged')
        return 'nothing by itself: delete it, or declare it or ignore it by a merged pull request';
      return whatEndsDrift(subject.unit, converges);
    case 'digest':
      return whatEndsDrift(subject.unit, converges);
  }
}

function whatEndsDrift(unit: string, converges: boolean): string {
  return converges
    ? `nothing by itself; \`holdfast sync ${unit}\` puts it right, a merged pull request adopts it`
    : 'nothing: without a forge Holdfast only tells';
}

function linker(forge: Configuration['forge']): Telling['link'] {
  if (forge === undefined) return undefined;
  const tree = { gitea: 'src/commit', github: 'blob', gitlab: '-/blob' }[forge.kind];
  const base = `${forge.url.replace(/\/+$/, '')}/${forge.repository}/${tree}`;
  return (revision, file, line) =>
    `${base}/${revision}/${file.split('/').map(encodeURIComponent).join('/')}${line === undefined ? '' : `#L${line}`}`;
}

function repositoryName(url: string): string {
  return (url.split(/[/:]/).filter(Boolean).at(-1) ?? 'repository').replace(/\.git$/, '');
}
