import { describe, expect, it } from 'vitest';
import type { OwnersEvidence, Policy } from '../../src/gate/authorization.ts';
import { ownersApproved } from '../../src/gate/predicates-owners.ts';
import { approval, candidate, evidence, policy, user } from './support/data.ts';

const demand = {
  ...{ line: 3, owners: ['@bob', '@acme/pay'], approvals: 1, path: 'pay.yaml', files: 1 },
  ...{ members: [user('bob').id], unknown: [] as string[] },
};
const owners: OwnersEvidence = {
  ...{ file: 'CODEOWNERS', errors: [], mergedErrors: [], onlyOwners: false },
  demands: [demand],
};

function ask(change: Partial<OwnersEvidence> | null, pull = {}, rules: Partial<Policy> = {}) {
  const asked = candidate(pull, { owners: change === null ? null : { ...owners, ...change } });
  return ownersApproved(asked, evidence({ policy: { ...policy, codeOwners: true, ...rules } }), 0);
}

describe('code owners', () => {
  it.each([
    ['an owner approved', {}, true, 'the owners by CODEOWNERS approved'],
    ['nobody owns what changed', { demands: [] }, true, 'no changed file has an owner'],
    ['there is no file', { file: null, demands: [] }, true, 'has no CODEOWNERS'],
    [
      'no owner approved',
      { demands: [{ ...demand, members: [] }] },
      false,
      'pay.yaml needs an approval of @bob or @acme/pay (CODEOWNERS:3)',
    ],
    [
      'two must',
      { demands: [{ ...demand, approvals: 2, section: 'Pay', files: 4 }] },
      false,
      'pay.yaml and 3 more files needs 2 approvals of @bob or @acme/pay (CODEOWNERS:3, section Pay)',
    ],
    [
      'whether one did is not known',
      { demands: [{ ...demand, members: [], unknown: [user('bob').id] }] },
      'unknown',
      'is not known',
    ],
    ['the file is broken', { errors: ['CODEOWNERS:1 x'] }, false, 'CODEOWNERS is broken'],
    ['it only repairs the file', { errors: ['CODEOWNERS:1 x'], onlyOwners: true, demands: [] }, true, ''],
    [
      'it would break the file',
      { mergedErrors: ['CODEOWNERS:1 x'], onlyOwners: true },
      false,
      'leave CODEOWNERS broken',
    ],
    ['it could not be read', null, 'unknown', 'could not be read'],
  ] as const)('%s', (_title, change, holds, message) => {
    expect(ask(change as Partial<OwnersEvidence> | null)).toMatchObject({
      holds,
      message: expect.stringContaining(message),
    });
  });

  it('do not count where their approval does not', () => {
    expect(ask({}, { contributors: [user('bob')] }).holds).toBe(false);
    expect(ask({}, { retargetedAt: ['2026-03-01T10:30:00Z'] }).holds).toBe(false);
  });

  it('are persons: the approval of an owner’s other account counts as theirs, once', () => {
    const reviews = [approval('carol'), approval('bob')];
    const aliases = [['bob', 'carol']];
    expect(ask({}, { reviews }, { aliases }).holds).toBe(true);
    expect(ask({ demands: [{ ...demand, approvals: 2 }] }, { reviews }, { aliases }).holds).toBe(false);
  });

  it('are not asked where the policy does not', () => {
    expect(ask({ demands: [{ ...demand, members: [] }] }, {}, { codeOwners: false }).holds).toBe(true);
  });
});
