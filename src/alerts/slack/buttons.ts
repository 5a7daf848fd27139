import { createHash } from 'node:crypto';
import type { ActionsBlock } from '@slack/web-api';
import { askedFor } from '../../incidents/asked.ts';
import type { Incident } from '../../incidents/incident.ts';
import { plainText } from './mrkdwn.ts';

/** What a button under a message asks for. They are the `action_id`s, with `holdfast.` before them. */
export const buttonActions = ['acknowledge', 'snooze', 'diff', 'converge', 'adopt'] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** How long the two choices of Snooze last, in milliseconds, by their value. */
export const snoozes: Readonly<Record<string, number>> = { '1h': 3_600_000, '1d': 86_400_000 };

/** What can be done here: converging needs a forge, adopting a place to push to. */
export interface Abilities {
  converge: boolean;
  adopt: boolean;
}

/**
 * The buttons of a message; undefined where nothing can be done any more. Which incident they are of stands in the `block_id`, as a
 * hash: keys may be longer than Slack allows. They carry no fact and no right: what they ask for is judged anew.
 */
export function incidentButtons(incident: Incident, abilities: Abilities): ActionsBlock | undefined {
  if (incident.state === 'resolved' || incident.state === 'suspected') return undefined;
  const { subject } = incident;
  const ofUnit = subject.kind === 'drift' || subject.kind === 'digest';
  const asked = askedFor(incident);
  // What was pressed is gone from the message until it came to an end, which edits the message once more.
  const isGoing = asked !== undefined && asked.over !== true;
  const elements = [
    ...(incident.state === 'acknowledged' ? [] : [button('acknowledge', 'Acknowledge')]),
    ...(ofUnit ? [button('diff', 'Show diff')] : []),
    ...(ofUnit && abilities.converge && !isGoing && mayBeConverged(incident)
      ? [convergeButton(subject.unit)]
      : []),
    ...(abilities.adopt && !isGoing && mayBeAdopted(incident) ? [button('adopt', 'Adopt')] : []),
    snoozeMenu,
  ];
  return { type: 'actions', block_id: blockIdOf(incident.key), elements };
}

/** Applying puts right what is declared; what is declared nowhere it leaves alone. */
function mayBeConverged({ subject }: Incident): boolean {
  if (subject.kind !== 'drift') return true;
  return ['missing', 'changed', 'undeclared'].includes(subject.finding.type);
}

/** Only what is declared has a place to write to, and no value of a Secret is ever written anywhere. */
function mayBeAdopted({ subject }: Incident): boolean {
  if (subject.kind !== 'drift') return false;
  const { type, resource, changes = [] } = subject.finding;
  if (!('kind' in resource) || resource.kind === 'Secret') return false;
  return ['changed', 'undeclared'].includes(type) && changes.every(change => change.redacted !== true);
}

export function blockIdOf(key: string): string {
  return `holdfast:${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;
}

type Button = Extract<ActionsBlock['elements'][number], { type: 'button' }>;

function button(action: ButtonAction, label: string): Button {
  return {
    type: 'button',
    action_id: `holdfast.${action}`,
    text: { type: 'plain_text', text: label },
    value: action,
  };
}

function convergeButton(unit: string): Button {
  return {
    ...button('converge', 'Converge'),
    style: 'danger',
    confirm: {
      title: { type: 'plain_text', text: 'Converge?' },
      text: {
        type: 'plain_text',
        text: `The authorized revision is applied to ${plainText(unit, 100)} once more. What was changed by hand there is put right.`,
      },
      confirm: { type: 'plain_text', text: 'Converge' },
      deny: { type: 'plain_text', text: 'Leave it' },
      style: 'danger',
    },
  };
}

const snoozeMenu: ActionsBlock['elements'][number] = {
  type: 'overflow',
  action_id: 'holdfast.snooze',
  options: [
    { text: { type: 'plain_text', text: 'Snooze for 1 hour' }, value: '1h' },
    { text: { type: 'plain_text', text: 'Snooze for 1 day' }, value: '1d' },
  ],
};
