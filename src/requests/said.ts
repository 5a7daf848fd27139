import type { Freeze } from '../converge/freeze/freeze.ts';
import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import type { Finding } from '../findings/finding.ts';
import type { UnitState } from '../incidents/drift-report.ts';
import { type Line, outside, say, words } from '../incidents/say.ts';
import type { ProposedPull } from '../propose/propose.ts';
import { changeWords, findingSentence, plural, sourceWords } from '../report/words.ts';
import { commandHelp } from './command.ts';

const mostUnits = 40;
const mostFindings = 10;
const mostChanges = 6;

/** What is said in answer to requests, as lines in which all that comes from outside is marked so. */
export function helpLines(command: string, wrong?: string): Line[] {
  return [
    ...(wrong === undefined ? [] : [{ pieces: say`${words(wrong)}` }]),
    ...commandHelp.map(([usage, does]) => ({ pieces: say`${`${command} ${usage}`} ${words(does)}` })),
    { pieces: say`Nothing here can authorize a change: that takes an approved and merged pull request.` },
  ];
}

export function statusLines(states: ReadonlyMap<string, UnitState>, freezes: readonly Freeze[]): Line[] {
  const units = [...states].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = units.slice(0, mostUnits).map(([unit, state]): Line => {
    const at = state.revision === null ? 'no revision' : state.revision.slice(0, 7);
    const differ = state.findingCount === 0 ? '' : `, ${plural(state.findingCount, 'finding')}`;
    return {
      pieces: say`${unit} is ${words(verdictWords[state.verdict])}${words(differ)} (${at}, compared ${words(state.comparedAt.slice(11, 19))}Z)`,
    };
  });
  return [
    ...(units.length === 0 ? [{ pieces: say`No unit was compared yet.` }] : shown),
    ...(units.length > mostUnits ? [{ pieces: say`and ${words(units.length - mostUnits)} more units` }] : []),
    ...freezes.map(freezeLine),
  ];
}

const verdictWords = { 'in-sync': 'as declared', drifted: 'not as declared', unknown: 'not known' } as const;

export function freezeLine({ metadata, spec }: Freeze): Line {
  const units = spec.units === undefined ? say`all units` : say`${spec.units.join(', ')}`;
  const until = spec.until === undefined ? 'until it is lifted' : `until ${spec.until}`;
  return {
    pieces: say`frozen: ${units} ${words(until)}, by ${spec.by}: ${spec.reason} (${metadata.name})`,
    vital: true,
  };
}

export function liftedLine({ metadata, spec }: Freeze): Line {
  return { pieces: say`lifted: ${spec.reason} (${metadata.name})` };
}

/** The findings of units, values of Secrets not among them: they were taken out where the finding was made. */
export function diffLines(states: readonly (readonly [string, UnitState])[]): Line[] {
  const findings = states.flatMap(([, state]) => state.findings);
  const total = states.reduce((sum, [, state]) => sum + state.findingCount, 0);
  const clean = states.every(([, state]) => state.verdict === 'in-sync');
  if (findings.length === 0 && clean) return [{ pieces: say`Everything is as declared.` }];
  const shown = findings.slice(0, mostFindings);
  const more = total - shown.length;
  return [
    ...shown.flatMap(findingLines),
    ...(more > 0 ? [{ pieces: say`and ${words(plural(more, 'more finding'))}`, vital: true }] : []),
  ];
}

export function findingLines(finding: Finding): Line[] {
  const place = sourceWords(finding);
  const changes = finding.changes ?? [];
  const more = changes.length - mostChanges;
  return [
    {
      pieces: say`${finding.unit}: ${findingSentence(finding)}${place === undefined ? [] : say` (${place})`}`,
    },
    ...(finding.message === undefined ? [] : [{ pieces: say`${finding.message}`, inner: true }]),
    ...changes.slice(0, mostChanges).map((change): Line => {
      const { path, declared, live, secret, by } = changeWords(change);
      const values = secret === undefined ? say`${declared} → ${live}` : say`${words(secret)}`;
      return { pieces: say`${path}: ${values}${by === undefined ? [] : say` by ${by}`}`, inner: true };
    }),
    ...(more > 0 ? [{ pieces: say`and ${words(plural(more, 'more change'))}`, inner: true }] : []),
  ];
}

/** Where a Sync stands, in words. */
export function syncLine(sync: Sync): Line {
  const { spec, status, metadata } = sync;
  const phase = phaseOf(sync);
  const counts = status?.resultCounts;
  const results =
    counts === undefined || !isFinal(phase)
      ? []
      : say`: ${words(counts.applied)} applied, ${words(counts.failed)} failed, ${words(counts.skipped)} skipped`;
  const message = status?.message === undefined ? [] : say`; ${status.message}`;
  return {
    pieces: say`${spec.unit}: ${words(phaseWords[phase])} at ${spec.revision.slice(0, 7)}${results}${message} (Sync ${metadata.name})`,
  };
}

const phaseWords: Record<ReturnType<typeof phaseOf>, string> = {
  Pending: 'the sync waits to begin',
  Authorizing: 'the authorization is derived anew',
  Planning: 'the plan is made',
  Applying: 'the plan is applied',
  Verifying: 'waiting for health',
  Succeeded: 'converged',
  Failed: 'the sync FAILED',
  Refused: 'the sync was REFUSED',
  Superseded: 'a newer revision took its place',
};

export function pullLine(pull: ProposedPull, what: string): Line {
  const state = pull.already ? 'was open already' : 'is open';
  const whose = pull.already && pull.author !== undefined ? say`, opened by ${pull.author}` : [];
  return {
    pieces: say`${words(what)}: ${outside(`#${pull.number}`, pull.url)} ${words(state)}${whose}. Nothing is applied before it is approved by others and merged.`,
    vital: true,
  };
}
