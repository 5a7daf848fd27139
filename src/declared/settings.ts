import { validate } from 'node-cron';
import { z } from 'zod';
import { convergeSchema } from './converge-settings.ts';
import { helmOverrideSchema, helmSchema } from './helm/options.ts';
import { stackSettings } from './stack-settings.ts';

const driver = z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']);
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes, 63 at most');

const manages = z
  .union([z.literal(true), z.array(name).min(1)])
  .describe(
    'The namespaces that the unit manages, or `true` for those that it declares and its `namespace`: what lives there and is declared nowhere is a finding. None if left out.',
  );

const schedule = z
  .string()
  .refine(validate, 'must be a cron expression, such as */15 * * * *')
  .describe(
    'When the unit is compared, as a cron expression in UTC; for CloudFormation, Terraform and Ansible, which cannot be watched. Besides, it is compared after each change of its declaration.',
  );

const path = z.string().min(1);
const pathsBeside = z
  .array(path)
  .optional()
  .describe('Other files and folders that it reads, relative to the root of the repository.');
const role = z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role');

const terraform = z
  .strictObject({
    workspace: z
      .string()
      .regex(/^[\w.-]{1,90}$/, 'letters, digits, dashes, dots and underscores')
      .optional()
      .describe('The workspace; `default` if left out.'),
    varFiles: z
      .array(path)
      .optional()
      .describe('Files of variables, relative to the root of the repository.'),
    backendConfig: z
      .array(path)
      .optional()
      .describe('Files with settings of the backend, relative to the root of the repository.'),
    paths: pathsBeside,
    planRole: role.optional().describe('The role that compares and plans; with web identity.'),
    applyRole: role.optional().describe('The role that applies; with web identity.'),
    lockTimeoutSeconds: z
      .int()
      .min(0)
      .max(3600)
      .optional()
      .describe('How long to wait for a state lock that is held: 10 if left out, 120 for applying.'),
  })
  .describe('For a unit of the driver terraform.');

const ansible = z
  .strictObject({
    playbook: path
      .optional()
      .describe(
        'Relative to the root of the repository; site.yml or playbook.yml in the folder if left out.',
      ),
    inventory: z
      .array(path)
      .min(1)
      .optional()
      .describe(
        'Files or folders, relative to the root of the repository; `inventory`, `inventory.ini`, `inventory.yml` or `hosts` in the folder if left out.',
      ),
    paths: pathsBeside,
    limit: z.string().min(1).optional().describe('A pattern of hosts.'),
    tags: z
      .array(z.string().regex(/^[\w.:-]+$/))
      .min(1)
      .optional(),
    skipTags: z
      .array(z.string().regex(/^[\w.:-]+$/))
      .min(1)
      .optional(),
    runsInCheckMode: z
      .array(z.string().min(1))
      .optional()
      .describe('Names of tasks with `check_mode: false` that may run while comparing, as they only read.'),
    timeoutSeconds: z
      .int()
      .min(10)
      .max(7200)
      .optional()
      .describe('For one run of the playbook: 900 if left out.'),
  })
  .describe('For a unit of the driver ansible.');

const unit = z.strictObject({
  name: name.describe('Unique; it is the name of the DriftReport too.'),
  driver,
  path: z
    .string()
    .min(1)
    .describe('The folder, relative to the root of the repository; `.` for the root itself.'),
  namespace: name.optional().describe('For objects that name no namespace.'),
  manages: manages.optional(),
  schedule: schedule.optional(),
  helm: helmSchema.optional().describe('For units of the driver helm.'),
  terraform: terraform.optional(),
  ansible: ansible.optional(),
  cloudformation: stackSettings.optional(),
  environments: z.array(name).min(1).optional().describe('Where the unit runs; everywhere if left out.'),
  overrides: z
    .record(
      name,
      z.strictObject({
        namespace: name.optional(),
        manages: manages.optional(),
        schedule: schedule.optional(),
        helm: helmOverrideSchema.optional().describe('Laid over `helm`.'),
        terraform: terraform.optional(),
        ansible: ansible.optional(),
        cloudformation: stackSettings.optional(),
      }),
    )
    .optional()
    .describe('What is different in an environment.'),
});

const ignoreRule = z.strictObject({
  unit: z.string().optional().describe('A glob over unit names.'),
  resource: z
    .strictObject({
      apiVersion: z.string().optional(),
      kind: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional()
    .describe('Globs over what names the resource.'),
  paths: z
    .array(z.string().startsWith('/'))
    .min(1)
    .optional()
    .describe(
      'Globs over paths of fields: JSON pointers in which an item of a list stands by its position, or as a finding names it (`name=web`).',
    ),
  manager: z.string().optional().describe('A glob over the manager that set the field.'),
  reason: z.string().min(1),
  until: z.iso.date().optional().describe('The last day on which the rule holds.'),
});

const policy = z.strictObject({
  approvals: z.int().min(1).max(10).default(1).describe('Distinct people who approved the final head.'),
  forks: z.boolean().default(true).describe('Whether pull requests from forks are accepted.'),
  requiredChecks: z
    .array(z.strictObject({ name: z.string().min(1), app: z.string().optional() }))
    .default([])
    .describe('Checks that must have succeeded on the head.'),
  aliases: z
    .array(z.array(z.string().min(1)).min(2))
    .default([])
    .describe('Logins of one person; they count as one.'),
  codeOwners: z
    .boolean()
    .default(false)
    .describe('Whether each changed file needs an approval of those who own it by CODEOWNERS.'),
  mergers: z
    .array(z.string().min(1))
    .default([])
    .describe('Logins of accounts that merge by pushing (merge bots): their pushes count as merges.'),
  breakGlass: z
    .strictObject({
      actors: z
        .array(z.strictObject({ login: z.string().min(1), id: z.string().regex(/^\d+$/).optional() }))
        .default([])
        .describe(
          'Accounts whose pushes and merges are accepted without review; with `id` only that account.',
        ),
    })
    .prefault({})
    .describe('For emergencies: what these accounts bring in is accepted, named and told.'),
});

const weekTime = z
  .string()
  .regex(
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([01]\d|2[0-3]):[0-5]\d$/,
    'must be a day and a time, such as Fri 17:00',
  );
const windowBase = {
  reason: z.string().min(1).describe('Told with every sync that waits.'),
  units: z.array(z.string().min(1)).min(1).optional().describe('Globs over unit names; all if left out.'),
  timezone: z
    .string()
    .refine(isTimeZone, 'must be a time zone, such as Europe/Berlin')
    .default('UTC')
    .describe('A name of the IANA time zone database.'),
};
const freezeWindow = z.union([
  z.strictObject({
    ...windowBase,
    weekly: z
      .strictObject({ from: weekTime, to: weekTime })
      .refine(({ from, to }) => from !== to, 'must begin and end at different times')
      .describe('Every week, over the end of the week if need be: Fri 17:00 to Mon 08:00.'),
  }),
  z.strictObject({
    ...windowBase,
    dates: z
      .strictObject({ from: z.iso.date(), to: z.iso.date() })
      .refine(({ from, to }) => from <= to, 'must not end before it begins')
      .describe('From the first to the last day, both included.'),
  }),
]);

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
    timezone: z
      .string()
      .refine(isTimeZone, 'must be a time zone, such as Europe/Berlin')
      .default('UTC')
      .describe('A name of the IANA time zone database.'),
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

const alerts = z.strictObject({
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

/** The schema of holdfast.yaml. Every key is optional; an unknown key is an error, so that a typing mistake cannot silence anything. */
export const settingsSchema = z.strictObject({
  apiVersion: z.literal('holdfast.dev/v1alpha1').default('holdfast.dev/v1alpha1'),
  environments: z
    .array(name)
    .default([])
    .describe('Every environment that the repository serves; units may name only these.'),
  units: z
    .array(unit)
    .default([])
    .describe('Units beside those by convention; a folder that is named here is no unit by convention.'),
  ignore: z.array(ignoreRule).default([]),
  freezes: z
    .array(freezeWindow)
    .default([])
    .describe('When no sync begins. What was begun is finished; `holdfast freeze` holds by hand.'),
  converge: convergeSchema.prefault({}),
  policy: policy.prefault({}),
  alerts: alerts.prefault({}),
});

/** What is set for a unit of the driver terraform. */
export type TerraformSettings = z.output<typeof terraform>;
/** What is set for a unit of the driver ansible. */
export type AnsibleSettings = z.output<typeof ansible>;
export type Settings = z.output<typeof settingsSchema>;
/** A rule that leaves fields or whole resources out of a comparison. Patterns are globs; what is left out matches all. */
export type IgnoreRule = Settings['ignore'][number];

/** A time in which no sync begins. */
export type FreezeWindow = Settings['freezes'][number];

/** Whether the IANA time zone database has it. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const defaultSettings: Settings = settingsSchema.parse({});
