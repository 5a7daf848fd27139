import { blockIdOf } from '../alerts/slack/buttons.ts';
import type { Asked } from '../alerts/slack/inbound/payload.ts';
import type { Sync } from '../converge/sync.ts';
import { type Failure, toFailure } from '../failure/failure.ts';
import { isLive } from '../incidents/incident.ts';
import { type Line, say } from '../incidents/say.ts';
import { carryOut, carryOutPress, over, standby } from './carry-out.ts';
import { ChannelThreads } from './channel-threads.ts';
import { readCommand } from './command.ts';
import { renewNotes } from './converge.ts';
import { SyncFollower } from './follower.ts';
import { isRefused, permit } from './permit.ts';
import { answersBy, type Progress } from './progress.ts';
import { helpLines } from './said.ts';
import { Sparingly } from './sparingly.ts';
import { type Outcome, type Person, recorded, type World } from './world.ts';

export interface RequestsOptions {
  world: World;
  /** Sends to a response_url. */
  send: (url: string, body: object) => Promise<void>;
  /** For log and metrics: every request with what came of it, a code or `done`. `by` is who, as recorded. */
  onRequest: (request: {
    kind: string;
    by: string;
    channel: string;
    outcome: string;
    error?: Failure;
  }) => void;
  /** What does not work and concerns nobody's request alone. */
  onFailure: (error: unknown, doing: string) => void;
}

const mostAtOnce = 20;
const mostWaiting = 500;

/**
 * What people ask for in Slack. Each request is acknowledged at once, and says at that moment only that it was heard; that something
 * was asked for is told once it is written down in the cluster. Who may not is told why, alone, and it is recorded.
 */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #follower = new SyncFollower();
  readonly #threads: ChannelThreads;
  readonly #working = new Set<Promise<void>>();
  /** Of those that are worked on, what only waits for the end of a sync. */
  #waiting = 0;
  readonly #records = new Sparingly(30, 600_000);

  constructor(options: RequestsOptions) {
    this.#options = options;
    this.#threads = new ChannelThreads(options.world, error => options.onFailure(error, 'tell a channel'));
  }

  /** All Syncs as they are now. */
  syncs(list: readonly Sync[]): void {
    this.#follower.seen(list);
    renewNotes(list, this.#options.world);
    this.#threads.seen(list);
  }

  /** Tells channels what is still to be told there, until the signal. */
  run(signal: AbortSignal): Promise<void> {
    return this.#threads.run(signal);
  }

  /** Takes a request, and gives what Slack is to show at once; the rest goes on by itself. */
  take(asked: Asked): object | undefined {
    const isFull = this.#working.size - this.#waiting >= mostAtOnce || this.#working.size >= mostWaiting;
    if (isFull) {
      this.#heard(asked, 'HF1752');
      return asked.kind === 'command' ? ephemeral('Too much at once: try again in some seconds.') : undefined;
    }
    const work = this.#work(asked).catch(error => this.#options.onFailure(error, 'answer a request'));
    this.#working.add(work);
    work.finally(() => this.#working.delete(work));
    return asked.kind === 'command' ? ephemeral('checking …') : undefined;
  }

  /** Resolves when all that was taken is done; for tests. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  async #work(asked: Asked): Promise<void> {
    const { asker } = asked;
    const answers = this.#answers(asked);
    const allowed = await permit(asker, this.#options.world.rules());
    const command = asked.kind === 'command' ? readCommand(asked.text) : undefined;
    const isHelp = command !== undefined && 'what' in command && command.what === 'help';
    if (isRefused(allowed) && !(isHelp && allowed.code !== 'HF1741')) {
      await this.#refused(asked, allowed);
      await answers.end([{ pieces: [{ words: `${allowed.code} ${allowed.words}` }] }]);
      return;
    }
    const login = isRefused(allowed) ? 'unknown' : allowed.login;
    const person = { slack: asker.user, login, channel: asker.channel };
    await this.#permitted(asked, command, person, answers);
  }

  async #permitted(
    asked: Asked,
    command: ReturnType<typeof readCommand> | undefined,
    person: Person,
    answers: Progress,
  ): Promise<void> {
    const { world } = this.#options;
    let waits = false;
    const carrying = {
      world,
      follower: this.#follower,
      threads: this.#threads,
      say: (lines: readonly Line[]) => answers.say(lines),
      onWaiting: () => {
        this.#waiting += 1;
        waits = true;
      },
    };
    try {
      if (command !== undefined && 'wrong' in command) {
        await this.#misread(asked, command.wrong, person, answers);
        return;
      }
      const outcome = await (command === undefined
        ? this.#press(asked, person, carrying)
        : carryOut(command, person, carrying));
      this.#heard(asked, 'done', person);
      await this.#record(outcome, person);
      await answers.end(outcome.lines);
    } catch (error) {
      const failure = toFailure(error, 'HF1002');
      this.#heard(asked, failure.code, person, failure);
      const reason = failure.message;
      await this.#add({
        ...this.#what(asked),
        outcome: 'refused',
        by: recorded(person),
        via: 'slack',
        reason,
      });
      // words of our own in which names from outside may stand
      await answers.end([
        { pieces: say`${failure.code} ${failure.message}` },
        { pieces: [{ words: failure.advice }] },
      ]);
    } finally {
      if (waits) this.#waiting -= 1;
    }
  }

  async #misread(asked: Asked, wrong: string, person: Person, answers: Progress): Promise<void> {
    this.#heard(asked, 'HF1750', person);
    const by = recorded(person);
    if (this.#records.may())
      await this.#add({ action: 'unknown', outcome: 'refused', by, via: 'slack', reason: wrong });
    await answers.end(helpLines(this.#options.world.command, wrong));
  }

  async #press(
    asked: Asked,
    person: Person,
    carrying: Parameters<typeof carryOutPress>[3],
  ): Promise<Outcome> {
    if (asked.kind !== 'button') return { lines: [] };
    const { world } = this.#options;
    if (!world.desk.leading) throw standby();
    const incident = world.desk.incidents.find(one => blockIdOf(one.key) === asked.block);
    if (incident === undefined || !isLive(incident)) throw over();
    return carryOutPress(asked, incident, person, carrying);
  }

  async #refused(
    asked: Asked,
    { code, words, login }: { code: Failure['code']; words: string; login?: string },
  ) {
    const { asker } = asked;
    const by = login === undefined ? asker.user : `${asker.user} (${login})`;
    this.#heard(asked, code);
    if (!this.#records.may()) return;
    const reason = `${code} ${words}`;
    const details = { channel: asker.channel, team: asker.team };
    await this.#add({ ...this.#what(asked), outcome: 'refused', by, via: 'slack', reason, details });
  }

  async #record({ record }: Outcome, person: Person): Promise<void> {
    if (record === undefined) return;
    const details = { channel: person.channel, ...record.details };
    await this.#add({ ...record, outcome: 'done', by: recorded(person), via: 'slack', details });
  }

  async #add(record: Parameters<World['audit']['add']>[0]): Promise<void> {
    await this.#options.world.audit
      .add(record)
      .catch(error => this.#options.onFailure(error, 'write down a request'));
  }

  /** What was asked for, as a word that may stand in a record whatever was typed. */
  #what(asked: Asked): { action: string; unit?: string } {
    if (asked.kind === 'button') return { action: asked.action };
    const command = readCommand(asked.text);
    return { action: 'what' in command ? command.what : 'unknown' };
  }

  #heard(asked: Asked, outcome: string, person?: Person, error?: Failure): void {
    const { user, channel } = asked.asker;
    this.#options.onRequest({
      kind: `${asked.kind} ${this.#what(asked).action}`,
      by: person === undefined ? user : recorded(person),
      channel,
      outcome,
      ...(error === undefined ? {} : { error }),
    });
  }

  #answers(asked: Asked): Progress {
    const { send, onFailure } = this.#options;
    const { responseUrl } = asked;
    return answersBy({
      send: body => (responseUrl === undefined ? Promise.resolve() : send(responseUrl, body)),
      replaces: asked.kind === 'command',
      onFailure: error => onFailure(error, 'answer a request'),
    });
  }
}

function ephemeral(text: string): object {
  return { response_type: 'ephemeral', text };
}
