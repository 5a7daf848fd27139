import type { KnownBlock } from '@slack/web-api';
import type { Severity } from '../../incidents/incident.ts';
import type { Message } from '../../incidents/outlet.ts';
import type { Line } from '../../incidents/say.ts';
import { mrkdwn, mrkdwnLine, plain } from './mrkdwn.ts';

/** Slack refuses more than 3,000 characters in a section, 50 blocks, and somewhere above 11,000 characters in all. */
const sectionLimit = 3_000;
const totalBudget = 8_000;
const mostSections = 46;
const mostMentions = 10;

/** What chat.postMessage and chat.update take: blocks, and the text that notifications and screen readers use. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

export interface MessageExtras {
  /** Slack ids (`U…`, `S…`) and `here` or `channel`, as holdfast.yaml names them; others are left out. */
  mentions?: readonly string[];
  /** Blocks below the message, such as its buttons; their texts are ours and short. */
  below?: readonly KnownBlock[];
}

/** A message within Slack's limits: lines that do not fit are left out and counted, never cut. */
export function slackMessage(message: Message, extras: MessageExtras = {}): SlackMessage {
  const head = `${sign(message)} *${message.verdict}* ${mrkdwn(message.headline)}`;
  const text = `${message.verdict} ${plain(message.headline)}`;
  const { below = [] } = extras;
  const mentions = mentionText(extras.mentions ?? []);
  const budget = totalBudget - head.length - mentions.length - sizeOf(below);
  const blocks = [head, ...sections(fitting(message.lines, budget)), ...(mentions === '' ? [] : [mentions])];
  return { text: mentions === '' ? text : `${text} ${mentions}`, blocks: [...blocks.map(section), ...below] };
}

/** Lines without a verdict, as they stand in a thread. `said` is what a notification shows. */
export function slackLines(
  lines: readonly Line[],
  extras: MessageExtras & { said?: string } = {},
): SlackMessage {
  const first = lines[0];
  const text = extras.said ?? (first === undefined ? ' ' : plain(first.pieces));
  const { below = [] } = extras;
  const mentions = mentionText(extras.mentions ?? []);
  const budget = totalBudget - mentions.length - sizeOf(below);
  const texts = [...sections(fitting(lines, budget)), ...(mentions === '' ? [] : [mentions])];
  return { text: mentions === '' ? text : `${text} ${mentions}`, blocks: [...texts.map(section), ...below] };
}

/** The ids that holdfast.yaml may name, written so that Slack calls those people. Nothing from outside comes in here. */
function mentionText(ids: readonly string[]): string {
  return ids
    .slice(0, mostMentions)
    .flatMap(id => {
      if (/^[UW][A-Z0-9]{2,20}$/.test(id)) return [`<@${id}>`];
      if (/^S[A-Z0-9]{2,20}$/.test(id)) return [`<!subteam^${id}>`];
      return id === 'here' || id === 'channel' ? [`<!${id}>`] : [];
    })
    .join(' ');
}

const signs: Record<Severity, string> = {
  critical: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':large_blue_circle:',
};

function sign({ verdict, severity }: Message): string {
  if (verdict === 'RESOLVED') return ':white_check_mark:';
  return verdict === 'BLIND' ? ':see_no_evil:' : signs[severity];
}

/** The lines that fit into the budget, in order; those that must not be missed are reckoned first. */
function fitting(all: readonly Line[], budget: number): string[] {
  const lines = all.map(line => ({ text: mrkdwnLine(line), vital: line.vital === true }));
  const size = (text: string) => text.length + 1;
  let left = budget - 40;
  const affordable = lines.filter(({ text, vital }) => {
    if (!vital) return true;
    left -= size(text);
    return left >= 0;
  });
  let full = false;
  const kept = affordable.filter(({ text, vital }) => {
    if (vital) return true;
    full ||= size(text) > left;
    if (!full) left -= size(text);
    return !full;
  });
  const dropped = lines.length - kept.length;
  const note = dropped === 0 ? [] : [{ text: `… and ${dropped} more lines`, vital: true }];
  const body = kept.filter(line => !line.vital);
  return [...body, ...note, ...kept.filter(line => line.vital)].map(line => line.text);
}

function sections(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines.map(one => (one === '' ? ' ' : one))) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= sectionLimit)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line.slice(0, sectionLimit));
  }
  return texts.slice(0, mostSections);
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

/** The characters of all texts in blocks. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : sizeOf(item)),
    0,
  );
}
