/** Whatever reviews a pull request has, it is accepted only if enough people who may and did approve the end of it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Review } from '../../src/forge/forge.ts';
import { judge } from '../../src/gate/judge.ts';
import { candidate, evidence, head, policy, sha, user } from './support/data.ts';

const logins = ['alice', 'bob', 'carol', 'dave', 'eve'];
const login = fc.constantFrom(...logins);
const some = fc.uniqueArray(login, { maxLength: 3 });
const time = fc.constantFrom('2026-03-01T09:00:00Z', '2026-03-01T10:00:00Z', '2026-03-01T10:00:00.400Z');
const review = fc.record({
  by: fc.option(login, { freq: 8 }),
  state: fc.constantFrom<Review['state']>(
    'approved',
    'approved',
    'approved',
    'changes-requested',
    'commented',
    'dismissed',
  ),
  commit: fc.constantFrom(head, head, head, sha(4), null),
  submittedAt: time,
});
const history = fc.record({
  reviews: fc.array(review, { maxLength: 6 }),
  author: fc.option(login, { freq: 8 }),
  botAuthor: fc.boolean(),
  botPushed: fc.boolean(),
  contributors: some,
  bots: fc.uniqueArray(login, { maxLength: 1 }),
  readers: some,
  unknown: fc.uniqueArray(login, { maxLength: 1 }),
  retargetedAt: fc.array(time, { maxLength: 1 }),
  untold: fc.boolean(),
  approvals: fc.nat(3),
  alias: fc.option(fc.tuple(login, login)),
});

it('accepts no pull request without enough approvals, and each that has them', () => {
  const seen = { authorized: 0, denied: 0, unknown: 0 };
  fc.assert(
    fc.property(history, given => {
      const { author, bots, readers, unknown, alias, retargetedAt, untold } = given;
      const account = (name: string) => user(name, bots.includes(name));
      const reviews = given.reviews.map(({ by, ...rest }) => ({
        ...rest,
        reviewer: by === null ? null : account(by),
      }));
      const pull = {
        ...{ author: author === null ? null : { ...account(author), bot: given.botAuthor } },
        ...{ contributors: given.contributors.map(account), reviews, retargetedAt },
        ...(given.botPushed ? { botPushed: true } : {}),
      };
      const permissions = Object.fromEntries(
        logins.filter(name => !unknown.includes(name)).map(name => [user(name).id, !readers.includes(name)]),
      );
      const aliases = alias === null ? [] : [alias];
      const { verdict } = judge(
        evidence({
          candidates: [candidate(pull, { permissions, ...(untold ? { untold: [head] } : {}) })],
          policy: { ...policy, approvals: given.approvals, aliases },
        }),
      );

      const person = (name: string) => (alias?.includes(name) === true ? alias[0] : name);
      const opinion = (name: string) =>
        given.reviews.findLast(({ by, state }) => by === name && state !== 'commented')?.state;
      const took = new Set([...given.contributors, ...(author === null ? [] : [author])].map(person));
      const good = given.reviews.filter(
        ({ by, state, commit, submittedAt }) =>
          by !== null &&
          state === 'approved' &&
          commit === head &&
          opinion(by) === 'approved' &&
          !bots.includes(by) &&
          !readers.includes(by) &&
          !took.has(person(by)) &&
          retargetedAt.every(
            at => Math.floor(Date.parse(submittedAt) / 1000) > Math.floor(Date.parse(at) / 1000),
          ),
      );
      const sure = new Set(
        good.flatMap(({ by }) => (by === null || untold || unknown.includes(by) ? [] : [person(by)])),
      );
      const objects = logins.filter(name => opinion(name) === 'changes-requested' && !bots.includes(name));
      const least = Math.max(
        given.approvals,
        1,
        (author !== null && given.botAuthor) || given.botPushed ? 2 : 1,
      );
      const blocked = objects.some(name => !readers.includes(name) || unknown.includes(name));
      expect(verdict === 'authorized').toBe(sure.size >= least && !blocked);
      seen[verdict] += 1;
    }),
    { numRuns: 20_000, seed: 6 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
});
