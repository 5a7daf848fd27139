import { z } from 'zod';
import { type ButtonAction, buttonActions } from '../buttons.ts';

/** Where something was asked, and by whom, as Slack says. */
export interface Asker {
  /** The workspace: `T…`. */
  team: string;
  /** The organization: `E…`. */
  enterprise?: string;
  channel: string;
  /** The account: `U…` or `W…`. */
  user: string;
  /** The workspace of the account, where it is said: that of a guest from elsewhere is another. */
  userTeam?: string;
  bot: boolean;
}

/** A use of `/sync`, or a press of a button. */
export type Asked =
  | { kind: 'command'; asker: Asker; command: string; text: string; responseUrl?: string; trigger?: string }
  | {
      kind: 'button';
      asker: Asker;
      action: ButtonAction;
      /** Which incident, as `blockIdOf` names it. */
      block: string;
      value: string;
      responseUrl?: string;
      trigger?: string;
    };

const id = z.string().regex(/^[A-Z0-9]{2,40}$/);
const trigger = z.string().min(1).max(300);

const command = z.object({
  team_id: id,
  enterprise_id: z.union([id, z.literal('')]).optional(),
  channel_id: id,
  user_id: id,
  command: z.string().min(1).max(100),
  text: z.string().max(10_000).default(''),
  response_url: z.url().max(1_000).optional(),
  trigger_id: trigger.optional(),
});

const press = z.object({
  type: z.literal('block_actions'),
  team: z.object({ id, enterprise_id: id.optional() }),
  enterprise: z.object({ id }).nullish(),
  user: z.object({ id, team_id: id.optional(), is_bot: z.boolean().optional() }),
  channel: z.object({ id }).optional(),
  container: z.object({ channel_id: id.optional() }).optional(),
  trigger_id: trigger.optional(),
  response_url: z.url().max(1_000).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string().max(255),
        block_id: z.string().max(255),
        value: z.string().max(2_000).optional(),
        selected_option: z.object({ value: z.string().max(150) }).nullish(),
      }),
    )
    .min(1)
    .max(1),
});

/** A slash command as Slack sends it; undefined for what is none. */
export function askedByCommand(fields: unknown): Asked | undefined {
  const parsed = command.safeParse(fields);
  if (!parsed.success) return undefined;
  const { team_id, enterprise_id, channel_id, user_id, ...rest } = parsed.data;
  const asker: Asker = {
    team: team_id,
    ...(enterprise_id ? { enterprise: enterprise_id } : {}),
    channel: channel_id,
    user: user_id,
    bot: isBot(user_id),
  };
  return {
    kind: 'command',
    asker,
    command: rest.command,
    text: rest.text,
    ...optional(rest.response_url, rest.trigger_id),
  };
}

/** A press of one of our buttons; undefined for what is none. */
export function askedByButton(payload: unknown): Asked | undefined {
  const parsed = press.safeParse(payload);
  if (!parsed.success) return undefined;
  const { team, enterprise, user, channel, container, actions, response_url, trigger_id } = parsed.data;
  const [action] = actions;
  const name = buttonActions.find(one => action?.action_id === `holdfast.${one}`);
  const where = channel?.id ?? container?.channel_id;
  if (action === undefined || name === undefined || where === undefined) return undefined;
  const organization = enterprise?.id ?? team.enterprise_id;
  const asker: Asker = {
    team: team.id,
    ...(organization === undefined ? {} : { enterprise: organization }),
    channel: where,
    user: user.id,
    ...(user.team_id === undefined ? {} : { userTeam: user.team_id }),
    bot: user.is_bot === true || isBot(user.id),
  };
  return {
    kind: 'button',
    asker,
    action: name,
    block: action.block_id,
    value: action.selected_option?.value ?? action.value ?? '',
    ...optional(response_url, trigger_id),
  };
}

/** People's ids begin with U or W; Slack's own bot has one like them. */
function isBot(user: string): boolean {
  return !/^[UW]/.test(user) || user === 'USLACKBOT';
}

function optional(responseUrl: string | undefined, triggerId: string | undefined) {
  return {
    ...(responseUrl === undefined ? {} : { responseUrl }),
    ...(triggerId === undefined ? {} : { trigger: triggerId }),
  };
}
