import { fileOf } from '../alerts/routes.ts';
import { severityOf } from '../alerts/severity.ts';
import { canBePutRight } from '../converge/drift-syncs.ts';
import { graceMs, modeOf } from '../converge/mode.ts';
import type { Declaration } from '../declared/declaration.ts';
import { type Incident, unitOf } from '../incidents/incident.ts';
import type { Telling } from '../incidents/outlet.ts';
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
  const page = pageOfUnit(configuration, incident);
  return {
    ...namesOf(configuration),
    branch: git.branch,
    revision: declaration?.revision ?? null,
    next: nextOf(configuration, declaration, incident),
    severity: severityOf(incident, declaration?.settings.alerts.severities),
    ...(link === undefined ? {} : { link }),
    ...(page === undefined ? {} : { page }),
    ...(owners.length === 0 ? {} : { owners }),
  };
}

/** Where the page shows the unit of an incident to those who may see it; undefined where the page has no address of its own. */
export function pageOfUnit({ page }: Pick<Configuration, 'page'>, incident: Incident): string | undefined {
  const unit = unitOf(incident);
  if (unit === undefined || page.by !== 'oidc') return undefined;
  return `${page.url.replace(/\/+$/, '')}/units/${encodeURIComponent(unit)}`;
}

/** What comes next, where it is told in a shell or in `chat`. */
export function nextOf(
  { forge, slack }: Pick<Configuration, 'forge' | 'slack'>,
  declaration: Pick<Declaration, 'settings' | 'units'> | null,
  incident: Incident,
  chat = false,
): string {
  const unit = unitOf(incident);
  const heals =
    unit !== undefined &&
    declaration !== null &&
    modeOf(unit, declaration) === 'on-merge-and-drift' &&
    holdsObjects(unit, declaration);
  return whatComesNext(incident, {
    converges: forge !== undefined,
    ...(heals ? { healsAfterMs: graceMs(unit, declaration) } : {}),
    ...(chat && slack?.asking !== undefined ? { command: slack.asking.command } : {}),
  });
}

/** Stacks, modules and playbooks are never converged without being asked for. */
function holdsObjects(unit: string, { units }: Pick<Declaration, 'units'>): boolean {
  const driver = units.find(({ definition }) => definition.name === unit)?.definition.driver;
  return driver === 'kubernetes' || driver === 'helm';
}

/** What the environment and the repository are called in messages. */
export function namesOf({ forge, git, environment }: Configuration): {
  environment?: string;
  repository: string;
} {
  const repository = forge?.repository ?? repositoryName(git.url);
  return { repository, ...(environment === undefined ? {} : { environment }) };
}

/** What decides about what comes next. */
export interface Ahead {
  /** There is a forge, so that something can be authorized and applied. */
  converges: boolean;
  /** What was changed by hand is put right without being asked for, after so long. */
  healsAfterMs?: number;
  /** The command in the chat in which it is told, where people can ask there: `/sync`. */
  command?: string;
}

/** What will happen next, in words that a person can act on. */
export function whatComesNext({ subject }: Incident, ahead: Ahead): string {
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
      return whatEndsDrift(subject.unit, ahead, canBePutRight(subject.finding));
    case 'digest':
      return whatEndsDrift(subject.unit, ahead, true);
  }
}

function whatEndsDrift(unit: string, { converges, healsAfterMs, command }: Ahead, isHealed: boolean): string {
  if (!converges) return 'nothing: without a forge Holdfast only tells';
  const adopts = 'a merged pull request adopts it';
  if (healsAfterMs !== undefined && isHealed)
    return `it is put right by itself ${graceWords(healsAfterMs)} unless it is frozen; ${adopts}`;
  const asks =
    command === undefined ? `\`holdfast sync ${unit}\`` : `Converge (or \`${command} run ${unit}\`)`;
  return `nothing by itself; ${asks} puts it right, ${adopts}`;
}

function graceWords(ms: number): string {
  return ms < 60_000 ? 'within a minute' : `after ${Math.round(ms / 60_000)} min`;
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
