import type { KnownBlock } from '@slack/web-api';
import type { Message } from '../message.ts';
import { mrkdwn, mrkdwnLine, plain } from './mrkdwn.ts';

/** Slack refuses more than 3,000 characters in a section, 50 blocks, and somewhere above 11,000 characters in all. */
const sectionLimit = 3_000;
const totalBudget = 8_000;
const mostSections = 48;

/** What chat.postMessage and chat.update take: blocks, and the text that notifications and screen readers use. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}

/** A message within Slack's limits: lines that do not fit are left out and counted, never cut. */
export function slackMessage(message: Message): SlackMessage {
  const head = `*${message.verdict}* ${mrkdwn(message.headline)}`;
  const text = `${message.verdict} ${plain(message.headline)}`;
  return { text, blocks: [section(head), ...sections(fitting(message, totalBudget - head.length))] };
}

/** The lines that fit into the budget, in order; those that must not be missed are reckoned first. */
function fitting(message: Message, budget: number): string[] {
  const lines = message.lines.map(line => ({ text: mrkdwnLine(line), vital: line.vital === true }));
  const size = (text: string) => text.length + 1;
  let left = budget - 40;
  for (const { text, vital } of lines) if (vital) left -= size(text);
  let full = false;
  const kept = lines.filter(({ text, vital }) => {
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

function sections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + 1 + line.length <= sectionLimit)
      texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.slice(0, mostSections).map(section);
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}
