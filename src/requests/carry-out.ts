import { type ButtonAction, snoozes } from '../alerts/slack/buttons.ts';
import { endOf } from '../converge/freeze/freeze.ts';
import { isFinal, phaseOf } from '../converge/sync.ts';
import { Failure } from '../failure/failure.ts';
import type { Acted } from '../incidents/desk.ts';
import { type Incident, unitOf } from '../incidents/incident.ts';
import { type Line, say, words } from '../incidents/say.ts';
import type { ChannelThreads } from './channel-threads.ts';
import type { Command } from './command.ts';
import { askForSyncs } from './converge.ts';
import type { SyncFollower } from './follower.ts';
import {
  diffLines,
  findingLines,
  freezeLine,
  helpLines,
  liftedLine,
  pullLine,
  statusLines,
  syncLine,
} from './said.ts';
import { type Outcome, type Person, recorded, requesterOf, type World } from './world.ts';

export interface Carrying {
  world: World;
  follower: SyncFollower;
  threads: ChannelThreads;
  /** Shows how it stands meanwhile. */
  say: (lines: readonly Line[]) => void;
  /** What follows is only waiting, perhaps for long: it takes up no place of others. */
  onWaiting: () => void;
}

/** As long as an answer can be changed. */
const followedMs = 1_700_000;

/** Carries out a command of a person who may. Throws Failures, which are told. */
export async function carryOut(command: Command, person: Person, carrying: Carrying): Promise<Outcome> {
  const { world } = carrying;
  switch (command.what) {
    case 'help':
      return { lines: helpLines(world.command) };
    case 'status':
      return {
        lines: statusLines(world.desk.states, await world.freezes.current()),
        record: { action: 'status', reason: 'looked at the status' },
      };
    case 'diff': {
      const states = statesOf(command.units, world);
      const reason = `looked at the differences of ${command.units.join(', ') || 'all units'}`;
      return { lines: diffLines(states), record: { action: 'diff', reason } };
    }
    case 'run':
      return run(command.units, person, carrying);
    case 'rollback':
      return rollback(command.targets, person, carrying);
    case 'freeze':
      return freeze(command, person, world);
    case 'unfreeze': {
      const which = command.name === undefined ? 'all' : { name: command.name };
      const lifted = await world.freezes.unfreeze(which, recorded(person));
      if (lifted.length === 0)
        return {
          lines: [{ pieces: say`Nothing was frozen like that.` }],
          record: { action: 'unfreeze', reason: 'nothing was frozen like that' },
        };
      const lines = lifted.map(liftedLine);
      const names = lifted.map(({ metadata }) => metadata.name).join(' ');
      const told: Line[] = [{ pieces: say`${person.login} (${person.slack}) lifted a freeze` }, ...lines];
      await world.channel
        .post({ channel: person.channel, id: `lifted ${names}` }, told)
        .catch(() => undefined);
      return { lines };
    }
  }
}

async function run(units: readonly string[], person: Person, carrying: Carrying): Promise<Outcome> {
  const { world, follower, threads } = carrying;
  requireLeading(world);
  const { all, made } = await askForSyncs(units, person, world, follower);
  if (all.length === 0) {
    const unknown = [...world.desk.states].filter(([, { verdict }]) => verdict === 'unknown');
    const but =
      unknown.length === 0
        ? []
        : say`, but ${words(unknown.length)} could not be compared: name a unit to sync it all the same`;
    return {
      lines: [{ pieces: say`No unit has drifted${but}.` }],
      record: { action: 'sync', reason: 'no unit has drifted' },
    };
  }
  if (made.length > 0) threads.open(made, person);
  carrying.say(all.map(syncLine));
  carrying.onWaiting();
  const last = await follower.follow(all, syncs => carrying.say(syncs.map(syncLine)), followedMs);
  const ended = last.every(sync => isFinal(phaseOf(sync)));
  const lines = [
    ...last.map(syncLine),
    ...(ended ? [] : [{ pieces: say`It is not over yet: look again with ${`${world.command} status`}.` }]),
  ];
  // A Sync of one's own is the record itself.
  if (made.length === all.length) return { lines };
  const names = all.filter(sync => !made.includes(sync)).map(({ metadata }) => metadata.name);
  return { lines, record: { action: 'sync', reason: `is asked for already: ${names.join(', ')}` } };
}

/** What is asked for is to be told in threads, which one process keeps. Throws HF1753. */
function requireLeading({ desk }: World): void {
  if (!desk.leading) throw standby();
}

export function standby(): Failure {
  return new Failure('HF1753', 'another process has the incidents just now');
}

export function over(): Failure {
  return new Failure('HF1754', 'this is over already, or not known here');
}

async function rollback(
  targets: readonly string[],
  person: Person,
  { world, say: show }: Carrying,
): Promise<Outcome> {
  if (world.rollback === undefined)
    throw new Failure('HF1001', 'no pull request can be opened here: no forge is set');
  show([{ pieces: say`computing the revert of ${targets.join(', ')} …` }]);
  const pull = await world.rollback(targets, requesterOf(person));
  const line = pullLine(pull, `the revert of ${targets.map(target => target.slice(0, 41)).join(', ')}`);
  await world.channel
    .post({ channel: person.channel, id: `rollback ${pull.branch} ${pull.number}` }, [
      { pieces: say`${person.login} (${person.slack}) asked for a rollback` },
      line,
    ])
    .catch(() => undefined);
  return {
    lines: [line],
    record: {
      action: 'rollback',
      reason: `opened ${pull.url}`,
      details: { branch: pull.branch, targets: targets.join(' ') },
    },
  };
}

async function freeze(
  { duration, reason }: Extract<Command, { what: 'freeze' }>,
  person: Person,
  world: World,
): Promise<Outcome> {
  const until = duration === undefined ? undefined : endOf(duration, world.now());
  if (duration !== undefined && until === undefined)
    throw new Failure('HF1604', `${duration} is no span of time`);
  const frozen = await world.freezes.freeze({
    reason,
    by: recorded(person),
    ...(until === undefined ? {} : { until }),
  });
  await world.channel
    .post({ channel: person.channel, id: `freeze ${frozen.metadata.name}` }, [freezeLine(frozen)])
    .catch(() => undefined);
  return { lines: [freezeLine(frozen)] };
}

function statesOf(units: readonly string[], { desk }: World) {
  const known = [...desk.states].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const unknown = units.find(unit => !desk.states.has(unit));
  if (unknown !== undefined)
    throw new Failure(
      'HF1604',
      `there is no unit ${unknown}; compared are: ${
        known
          .map(([unit]) => unit)
          .slice(0, 30)
          .join(', ') || 'none yet'
      }`,
    );
  return known.filter(([unit]) => units.length === 0 || units.includes(unit));
}

/** Carries out the press of a button by a person who may. The incident is the one whose message it stands in. */
export async function carryOutPress(
  press: { action: ButtonAction; value: string },
  incident: Incident,
  person: Person,
  carrying: Carrying,
): Promise<Outcome> {
  const { world } = carrying;
  const who = { name: person.login, slack: person.slack };
  const about = { details: { incident: incident.key.slice(0, 500) } };
  switch (press.action) {
    case 'acknowledge': {
      done(world.desk.acknowledge(incident.key, who));
      return {
        lines: [{ pieces: say`It is yours now.` }],
        record: { action: 'acknowledge', reason: 'acknowledged', ...about },
      };
    }
    case 'snooze': {
      const ms = Object.hasOwn(snoozes, press.value) ? snoozes[press.value] : undefined;
      if (ms === undefined) throw new Failure('HF1750', 'a snooze of unknown length');
      const until = new Date(world.now().getTime() + ms).toISOString();
      done(world.desk.snooze(incident.key, until, who));
      return {
        lines: [{ pieces: say`Nobody is called for it until ${until}, unless something else differs.` }],
        record: { action: 'snooze', reason: `until ${until}`, ...about },
      };
    }
    case 'diff':
      return {
        lines: incidentLines(incident, world),
        record: { action: 'diff', reason: 'looked at the differences', ...about },
      };
    case 'converge': {
      const unit = unitOf(incident);
      if (unit === undefined) throw new Failure('HF1604', 'this incident is of no unit');
      return run([unit], person, carrying);
    }
    case 'adopt': {
      if (world.adopt === undefined)
        throw new Failure('HF1001', 'no pull request can be opened here: no forge is set');
      const pull = await world.adopt(incident, requesterOf(person));
      const line = pullLine(pull, 'what is live, as a change of the declaration');
      world.desk.note(incident.key, {
        id: `adopt/${pull.branch}`,
        lines: [{ pieces: say`${person.login} asked for this to be adopted` }, line],
        who,
      });
      return {
        lines: [line],
        record: {
          action: 'adopt',
          reason: `opened ${pull.url}`,
          details: { ...about.details, branch: pull.branch },
        },
      };
    }
  }
}

function done(acted: Acted): void {
  if (acted.result === 'done') return;
  if (acted.result === 'standby') throw standby();
  throw over();
}

/** The whole finding, as it was compared last: what the incident keeps is bounded. */
function incidentLines({ subject }: Incident, { desk }: World): Line[] {
  if (subject.kind !== 'drift' && subject.kind !== 'digest')
    return [{ pieces: say`There is nothing to compare.` }];
  const state = desk.states.get(subject.unit);
  if (subject.kind === 'digest' || state === undefined)
    return state === undefined
      ? [{ pieces: say`${subject.unit} was not compared yet.` }]
      : diffLines([[subject.unit, state]]);
  const key = JSON.stringify(subject.finding.resource);
  const now = state.findings.find(finding => JSON.stringify(finding.resource) === key);
  return findingLines(now ?? subject.finding);
}
