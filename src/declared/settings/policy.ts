import { z } from 'zod';

const account = z.strictObject({ login: z.string().min(1), id: z.string().regex(/^\d+$/).optional() });
const notAnAlias = {
  error: 'it must be a login, or a login and an id, which is text: { login: bob, id: "42" }',
};

/** What the gate asks of a merged pull request; docs/gate.md. */
export const policy = z.strictObject({
  approvals: z.int().min(1).max(10).default(1).describe('Distinct people who approved the final head.'),
  forks: z.boolean().default(true).describe('Whether pull requests from forks are accepted.'),
  requiredChecks: z
    .array(z.strictObject({ name: z.string().min(1), app: z.string().optional() }))
    .default([])
    .describe('Checks that must have succeeded on the head.'),
  aliases: z
    .array(z.array(z.union([z.string().min(1), account], notAnAlias)).min(2))
    .default([])
    .describe(
      'Accounts of one person, which count as one; by login, or with `id` by that, so that a new login changes nothing.',
    ),
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
        .array(account)
        .default([])
        .describe(
          'Accounts whose pushes and merges are accepted without review; with `id` only that account.',
        ),
    })
    .prefault({})
    .describe('For emergencies: what these accounts bring in is accepted, named and told.'),
});
