import { z } from 'zod';
import { timezone } from './time-zone.ts';

const severity = z.enum(['critical', 'warning', 'info']);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time, such as 22:00');
const slackId = z
  .string()
  .regex(/^([UWS][A-Z0-9]{2,20}|here|channel)$/, 'must be a Slack id (U… or S…), here or channel');

const quietHours = z
  .strictObject({
    from: clockTime,
    to: clockTime,
    days: z
      .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
      .min(1)
      .optional()
      .describe('The days on which they begin; every day if left out.'),
    timezone,
    except: severity.default('critical').describe('What is at least as grave as this is told all the same.'),
  })
  .refine(({ from, to }) => from !== to, 'must begin and end at different times');

const route = z.strictObject({
  channel: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('Ids of Slack channels that the bot was invited to.'),
  unit: z.string().optional().describe('A glob over unit names.'),
  path: z
    .string()
    .optional()
    .describe('A glob over the files that declare; what has no file does not match.'),
  environment: z.string().optional().describe('A glob over the environment of the daemon.'),
  severity: severity.optional().describe('Only what is at least as grave.'),
  owner: z.string().optional().describe('A glob over the owners of the file, as CODEOWNERS writes them.'),
  quiet: quietHours.optional().describe('When nothing is told here; what still lasts is told afterwards.'),
  mention: z
    .array(z.union([z.literal('owners'), slackId]))
    .default([])
    .describe('Whom to call when an incident opens: Slack ids, here, channel, or the owners of the file.'),
  also: z.boolean().default(false).describe('Whether the routes after this one are tried, too.'),
});

const severityRule = z.strictObject({
  severity,
  type: z
    .enum([
      'missing',
      'changed',
      'undeclared',
      'orphaned',
      'unmanaged',
      'invalid',
      'unknown',
      'refused',
      'blind',
    ])
    .optional(),
  kind: z.string().optional().describe('A glob over kinds, or over types such as AWS::IAM::*.'),
  unit: z.string().optional().describe('A glob over unit names.'),
});

const slackAsking = z.strictObject({
  channels: z
    .array(z.string().regex(/^[CGD][A-Z0-9]{2,20}$/, 'the id of a channel, such as C0123ABCD'))
    .default([])
    .describe('The channels in which something may be asked for, by id; none if left out.'),
  users: z
    .record(
      z.string().regex(/^[UW][A-Z0-9]{2,20}$/, 'the id of a Slack user, such as U0123ABCD'),
      z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'a login of the forge'),
    )
    .default({})
    .describe('Who may ask: the id of a Slack user and the login at the forge, whose permission counts.'),
});

/** Routes, severities and who may ask in Slack; docs/incidents.md, docs/slack.md. */
export const alerts = z.strictObject({
  routes: z
    .array(route)
    .default([])
    .describe(
      'The first that matches decides, and further ones while it says `also`; else the channel of the daemon.',
    ),
  severities: z.array(severityRule).default([]).describe('The first that matches decides.'),
  owners: z
    .record(z.string().min(1), z.array(slackId).min(1))
    .default({})
    .describe('The Slack ids of owners that CODEOWNERS names, for routes that mention owners.'),
  slack: slackAsking.prefault({}),
});
