import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import type { Incident, Note } from '../../incidents/incident.ts';
import { type Lane, type Outlet, type Reminder, type Tell, TellFailure } from '../../incidents/outlet.ts';
import { messageOf } from '../message.ts';
import { noteLines } from '../notes.ts';
import { type SlackMessage, slackLines, slackMessage } from './blocks.ts';
import type { Posted, SlackCalls } from './calls.ts';
import { plain } from './mrkdwn.ts';

/** A channel in which an incident is told. */
export interface Channel {
  /** Its id. */
  channel: string;
  /** Nothing is told there before, in milliseconds since the epoch: quiet hours. */
  notBefore?: number;
  /** Whom to call when an incident opens: Slack ids, `here`, `channel`. */
  mentions?: readonly string[];
}

export interface SlackOptions {
  calls: SlackCalls;
  /** Where an incident goes by the routes of holdfast.yaml. */
  channelsOf: (incident: Incident) => readonly Channel[];
  /** The buttons below a message, in one block; none unless somebody answers them. Their texts are ours and short. */
  buttonsOf?: ((incident: Incident) => KnownBlock | undefined) | undefined;
  /** What comes next, for people who can ask for it here; otherwise as it is told everywhere. */
  nextOf?: ((incident: Incident) => string) | undefined;
}

const placeSchema = z.looseObject({ channel: z.string().min(1), ts: z.string().min(1) });

/** So many changes are listed in the message itself; all of them are in its thread. */
const mostChanges = 6;
const notesKept = 20;
const calling: ReadonlySet<Note['what']> = new Set(['reopened', 'woken']);

/**
 * Tells incidents in Slack: one message for each, posted once and then edited in place, with details, changes of state and
 * syncs in its thread. Nothing from outside is ever more than shown in it. Nothing is repeated in here: the caller keeps what
 * could not be told. What may have been posted without an answer is looked for before it is posted again.
 */
export class SlackOutlet implements Outlet {
  readonly name = 'slack';
  readonly threads = true;
  readonly #options: SlackOptions;

  constructor(options: SlackOptions) {
    this.#options = options;
  }

  lanes(incident: Incident): readonly Lane[] {
    return this.#options.channelsOf(incident).map(({ channel, notBefore }) => ({
      name: `${this.name}/${channel}`,
      ...(notBefore === undefined ? {} : { notBefore }),
    }));
  }

  async tell(tell: Tell): Promise<Record<string, string>> {
    const parent = placeSchema.safeParse(tell.place);
    if (!parent.success) return { ...(await this.#begin(tell)) };
    if (tell.transition.what === 'noted') return this.#noted(tell, parent.data);
    if (await this.#options.calls.update(parent.data, this.#message(tell))) return tell.place;
    // The message is gone, and its thread with it: it begins anew.
    return { ...(await this.#begin(tell)) };
  }

  async remind({ message, lane, id, sinceMs, doubtful }: Reminder): Promise<void> {
    const { calls } = this.#options;
    const where = { channel: channelOf(lane), id };
    if (doubtful && typeof (await calls.find({ ...where, sinceMs })) === 'object') return;
    await calls.post(where, slackMessage(message));
  }

  async close(): Promise<void> {}

  async #begin(tell: Tell): Promise<Posted> {
    const { incident } = tell.transition;
    const channel = channelOf(tell.lane);
    const again = tell.place['ts'] === undefined ? '' : `/after ${tell.place['ts']}`;
    const where = { channel, id: `${incident.id}${again}` };
    const mentions = incident.state === 'open' ? this.#mentions(incident, channel) : [];
    return this.#once(tell, where, this.#message(tell, mentions));
  }

  async #noted(tell: Tell, parent: Posted): Promise<Record<string, string>> {
    const { incident, notes = [] } = tell.transition;
    const lines = noteLines(notes, incident, tell.telling, mostChanges);
    const last = notes.at(-1);
    if (lines.length === 0 || last === undefined) return tell.place;
    const mentions =
      calling.has(last.what) && incident.state === 'open' ? this.#mentions(incident, parent.channel) : [];
    // A notification must say what it is about; the thread itself stands below the message.
    const { verdict, headline } = messageOf(incident, tell.telling);
    const said = last.what === 'note' ? {} : { said: `${verdict} ${plain(headline)}` };
    const message = slackLines(lines, { mentions, ...said });
    const key = last.id === undefined ? undefined : `note ${last.id}`;
    const earlier = key === undefined ? undefined : tell.place[key];
    const { calls } = this.#options;
    if (earlier !== undefined && (await calls.update({ channel: parent.channel, ts: earlier }, message)))
      return tell.place;
    const where = {
      channel: parent.channel,
      thread: parent.ts,
      id: `${incident.id}/${last.id ?? notes[0]?.seq}`,
    };
    try {
      const { ts } = await this.#once(tell, where, message);
      return key === undefined ? tell.place : withNote(tell.place, key, ts);
    } catch (error) {
      if (!isThreadGone(error)) throw error;
      return { ...(await this.#begin(tell)) };
    }
  }

  /** Posts what is not there yet. */
  async #once(
    tell: Tell,
    where: { channel: string; thread?: string; id: string },
    message: SlackMessage,
  ): Promise<Posted> {
    const { calls } = this.#options;
    if (tell.doubtful) {
      const sinceMs = Date.parse(tell.transition.incident.openedAt);
      const found = await calls.find({ ...where, sinceMs });
      if (typeof found === 'object') {
        // It holds what was to be told when it was posted; now the newest is told.
        await calls.update(found, message);
        return found;
      }
    }
    return calls.post(where, message);
  }

  #message(tell: Tell, mentions: readonly string[] = []): SlackMessage {
    const { incident } = tell.transition;
    const { nextOf } = this.#options;
    const telling = nextOf === undefined ? tell.telling : { ...tell.telling, next: nextOf(incident) };
    const buttons = this.#options.buttonsOf?.(incident);
    const below = buttons === undefined ? [] : [buttons];
    return slackMessage(messageOf(incident, telling, mostChanges), { mentions, below });
  }

  #mentions(incident: Incident, channel: string): readonly string[] {
    return this.#options.channelsOf(incident).find(one => one.channel === channel)?.mentions ?? [];
  }
}

function channelOf(lane: string): string {
  return lane.slice(lane.indexOf('/') + 1);
}

/** Remembers where a note stands that may be edited later; of many the newest. */
function withNote(place: Record<string, string>, key: string, ts: string): Record<string, string> {
  const notes = Object.entries(place).filter(([name]) => name.startsWith('note ') && name !== key);
  const rest = Object.entries(place).filter(([name]) => !name.startsWith('note '));
  return Object.fromEntries([...rest, ...notes.slice(1 - notesKept), [key, ts]]);
}

function isThreadGone(error: unknown): boolean {
  return error instanceof TellFailure && /: (thread_not_found|message_not_found)$/.test(error.message);
}
