import { expect, it } from 'vitest';
import {
  errorsIn,
  failureOf,
  lockFailure,
  lockHolder,
  messageOf,
} from '../../../src/drivers/terraform/messages.ts';

const held = {
  summary: 'Error acquiring the state lock',
  detail: `Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        4f4b1f3a-7d1c-2b7e-8d0a-5f5d0a6d2c11
  Path:      state/net/terraform.tfstate
  Operation: OperationTypeApply
  Who:       alice@laptop
  Version:   1.11.4
  Created:   2026-11-25 20:00:00.000000 +0000 UTC
  Info:      \n
Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.`,
};

it('who holds a lock is read from the error', () => {
  expect(lockHolder(held)).toEqual({
    id: '4f4b1f3a-7d1c-2b7e-8d0a-5f5d0a6d2c11',
    who: 'alice@laptop',
    created: '2026-11-25 20:00:00.000000 +0000 UTC',
    operation: 'OperationTypeApply',
  });
});

it('another error is no lock, and a lock whose holder is not told is one', () => {
  expect(lockHolder({ summary: 'Invalid provider', detail: 'Who: me' })).toBeUndefined();
  expect(lockHolder({ summary: 'Error acquiring the state lock', detail: 'no' })).toEqual({});
});

it.each([
  ['somebody else', 'holdfast@pod', false, 'HF2004'],
  ['another run of this host', 'alice@laptop', true, 'HF2004'],
  ['this host, where nothing runs', 'alice@laptop', false, 'HF2005'],
])('a lock of %s', (_, who, working, code) => {
  const failure = lockFailure(lockHolder(held) ?? {}, { who, working });
  expect(failure.code).toBe(code);
  expect(failure.message).toContain(
    'by alice@laptop since 2026-11-25 20:00:00.000000 +0000 UTC (ID 4f4b1f3a-7d1c-2b7e-8d0a-5f5d0a6d2c11, OperationTypeApply)',
  );
});

it('an error has file and line from the root of the repository, and says how many more there are', () => {
  const lines = [
    { type: 'version' },
    { type: 'diagnostic', diagnostic: { severity: 'warning', summary: 'old' } },
    {
      type: 'diagnostic',
      diagnostic: {
        severity: 'error',
        summary: 'Unsupported argument',
        detail: 'An argument named "x" is not\nexpected here.\n\nMore.',
        range: { filename: '../../modules/a/main.tf', start: { line: 7 } },
      },
    },
    { type: 'diagnostic', diagnostic: { severity: 'error', summary: 'Other' } },
  ].map(line => JSON.stringify(line));
  const errors = errorsIn(['not JSON', ...lines].join('\n'));
  const failure = failureOf('HF2003', errors, {
    folder: 'infra-state/net',
    clean: text => text,
    otherwise: '',
  });
  expect(failure.line).toMatch(
    /^HF2003 Unsupported argument: An argument named "x" is not expected here\.; and 1 more errors \(modules\/a\/main\.tf:7\)\./,
  );
});

it.each(['', '{', '[]', '{"type":1}', 'null'])('%j is no message', line => {
  expect(messageOf(line)).toBeUndefined();
});
