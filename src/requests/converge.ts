import { type Line, say, words } from '../alerts/say.ts';
import { isFinal, phaseOf, type Sync } from '../converge/sync.ts';
import { Failure } from '../failure/failure.ts';
import type { UnitState } from '../incidents/drift-report.ts';
import { unitOf } from '../incidents/incident.ts';
import type { SyncFollower } from './follower.ts';
import { syncLine } from './said.ts';
import { type Person, recorded, type World } from './world.ts';

const mostUnits = 20;
const mostNoted = 10;

/**
 * Asks for syncs of the revision that each unit is compared with, which is the authorized one: no other can be named here. A sync that
 * somebody asked for and that is not over yet is not asked for again. Throws HF1604 and HF1605.
 */
export async function askForSyncs(
  units: readonly string[],
  person: Person,
  world: World,
  follower: SyncFollower,
): Promise<Sync[]> {
  const wanted = wantedUnits(units, world.desk.states);
  if (wanted.length > 0 && (await world.converges()) === false)
    throw new Failure('HF1605', 'nobody carries out syncs here');
  const made: Sync[] = [];
  for (const { unit, revision } of wanted) {
    const going = follower.latest.find(
      sync =>
        sync.spec.unit === unit &&
        sync.spec.revision === revision &&
        sync.spec.reason === 'request' &&
        !isFinal(phaseOf(sync)),
    );
    const sync =
      going ??
      (await world.syncs.create({ unit, revision, reason: 'request', requestedBy: recorded(person) }));
    made.push(sync);
    if (going === undefined) noteIn(unit, sync, person, world);
  }
  return made;
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
    for (const { id, lines = [], who } of notes) {
      const sync = id === undefined ? undefined : byId.get(id);
      if (id === undefined || sync === undefined) continue;
      const [first] = lines;
      const now = [...(first === undefined ? [] : [first]), syncLine(sync)];
      if (JSON.stringify(now) !== JSON.stringify(lines))
        desk.note(key, { id, lines: now, ...(who === undefined ? {} : { who }) });
    }
  }
}

/** Tells the channel what was asked for, and in its thread what came of it. */
export async function tellChannel(
  made: readonly Sync[],
  { slack, login, channel }: Person,
  world: World,
): Promise<(ended: readonly Line[]) => Promise<void>> {
  const names = made.map(sync => sync.metadata.name).join(' ');
  const units = made.map(({ spec }) => `${spec.unit} at ${spec.revision.slice(0, 7)}`).join(', ');
  const lines = [
    {
      pieces: say`${login} (${slack}) asked for ${words(made.length === 1 ? 'a sync' : 'syncs')} of ${units}`,
    },
  ];
  const posted = await world.channel.post(channel, `asked ${names}`, lines);
  return async ended => {
    await world.channel.post(posted.channel, `ended ${names}`, ended, posted.ts);
  };
}
