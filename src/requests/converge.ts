import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import { Failure } from '../failure/failure.ts';
import type { UnitState } from '../incidents/drift-report.ts';
import { type Note, unitOf } from '../incidents/incident.ts';
import { say } from '../incidents/say.ts';
import type { SyncFollower } from './follower.ts';
import { syncLine } from './said.ts';
import { type Person, recorded, type World } from './world.ts';

const mostUnits = 20;
const mostNoted = 10;

/**
 * Asks for syncs of the revision that each unit is compared with, which is the authorized one: no other can be named here. A sync that
 * somebody asked for and that is not over yet is not asked for again: `made` are those that there were not. Throws HF1604 and HF1605.
 */
export async function askForSyncs(
  units: readonly string[],
  person: Person,
  world: World,
  follower: SyncFollower,
): Promise<{ all: Sync[]; made: Sync[] }> {
  const wanted = wantedUnits(units, world.desk.states);
  if (wanted.length > 0 && (await world.converges()) === false)
    throw new Failure('HF1605', 'nobody carries out syncs here');
  const [all, made]: [Sync[], Sync[]] = [[], []];
  for (const { unit, revision } of wanted) {
    const going = follower.latest.find(
      sync =>
        sync.spec.unit === unit &&
        sync.spec.revision === revision &&
        sync.spec.reason === 'request' &&
        !isFinal(phaseOf(sync)),
    );
    if (going !== undefined) {
      all.push(going);
      continue;
    }
    const spec = { unit, revision, reason: 'request', requestedBy: recorded(person) } as const;
    const sync = await world.syncs.create(spec);
    all.push(sync);
    made.push(sync);
    noteIn(unit, sync, person, world);
  }
  return { all, made };
}

/** The units named, or those that have drifted. Throws HF1604. */
function wantedUnits(units: readonly string[], states: ReadonlyMap<string, UnitState>) {
  const drifted = [...states].filter(([, state]) => state.verdict === 'drifted' && state.declared > 0);
  const names = units.length > 0 ? units : drifted.map(([unit]) => unit);
  if (names.length > mostUnits)
    throw new Failure('HF1604', `${names.length} units have drifted: name at most ${mostUnits} of them`);
  return names.map(unit => {
    const state = states.get(unit);
    if (state === undefined) {
      const known = [...states.keys()].toSorted().slice(0, 30).join(', ') || 'none yet';
      throw new Failure('HF1604', `there is no unit ${unit}; compared are: ${known}`);
    }
    if (state.revision === null) throw new Failure('HF1604', `the unit ${unit} is compared with no revision`);
    return { unit, revision: state.revision };
  });
}

/** The incidents of the unit tell in their threads that it is being put right, and by whom. */
function noteIn(unit: string, sync: Sync, { login, slack }: Person, { desk }: World): void {
  const concerned = desk.incidents.filter(
    incident => unitOf(incident) === unit && !['resolved', 'suspected'].includes(incident.state),
  );
  const lines = [{ pieces: say`${login} asked for this to be converged` }, syncLine(sync)];
  for (const { key } of concerned.slice(0, mostNoted))
    desk.note(key, { id: noteId(sync), lines, who: { name: login, slack } });
}

export function noteId(sync: Sync): string {
  return `sync/${sync.metadata.name}`;
}

/** Brings the notes of syncs up to date with what became of them; also of those that an earlier process asked for. */
export function renewNotes(syncs: readonly Sync[], { desk }: World): void {
  const byId = new Map(syncs.map(sync => [noteId(sync), sync]));
  for (const { key, notes } of desk.incidents) {
    for (const note of notes) {
      const sync = byId.get(note.id ?? '');
      const renewed = sync && renewedNote(note, sync);
      if (renewed !== undefined) desk.note(key, renewed);
    }
  }
}

/** Undefined where the note says already how the sync stands. */
function renewedNote({ id, who, lines = [] }: Note, sync: Sync) {
  const now = [...lines.slice(0, 1), syncLine(sync)];
  if (id === undefined || JSON.stringify(now) === JSON.stringify(lines)) return undefined;
  const phase = phaseOf(sync);
  // After one that succeeded the next comparison says that it is over; until then nothing need be asked for again.
  const over = isFinal(phase) && phase !== 'Succeeded' ? { over: true as const } : {};
  return { id, lines: now, ...(who === undefined ? {} : { who }), ...over };
}
