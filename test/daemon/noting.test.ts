import { describe, expect, it } from 'vitest';
import type { StoredVerdict, TrailEntry } from '../../src/converge/audit/trail.ts';
import { Noting, noteOf } from '../../src/daemon/noting.ts';

const revision = 'a'.repeat(40);
const verdict = (name: string, change: Partial<StoredVerdict> = {}): StoredVerdict => ({
  ...{ name, createdAt: '2026-11-20T10:00:00Z', from: 'b'.repeat(40), revision, verdict: 'authorized' },
  ...{ pulls: [{ number: 7, approvers: ['bob'] }], reasons: [] },
  ...change,
});

function bench(verdicts: StoredVerdict[]) {
  const added: [string, readonly string[]][] = [];
  const warnings: unknown[] = [];
  let trouble: Error | undefined;
  const noting = new Noting({
    notes: {
      add: async lines => {
        if (trouble !== undefined) throw trouble;
        added.push(...lines);
        return lines.size;
      },
    },
    verdicts: async () => verdicts,
    syncs: async () => [],
    environment: 'test',
    secrets: () => ['s3cret'],
    log: { warn: (about: unknown) => void warnings.push(about) } as never,
  });
  const fail = (error?: Error) => {
    trouble = error;
  };
  return { noting, added, warnings, fail };
}

describe('the audit trail in Git notes', () => {
  it('has a line for each verdict, which is written once', async () => {
    const { noting, added } = bench([verdict('one')]);
    await noting.tick();
    await noting.tick();

    expect(added).toHaveLength(1);
    expect(JSON.parse(added[0]?.[1][0] ?? '')).toEqual({
      ...{ time: '2026-11-20T10:00:00Z', what: 'verdict', outcome: 'authorized', revision, name: 'one' },
      ...{ pulls: [7], approvers: ['bob'], environment: 'test' },
    });
  });

  it('is tried again when it could not be pushed, which is logged and holds nothing up', async () => {
    const { noting, added, warnings, fail } = bench([verdict('one')]);
    fail(new Error('no'));
    await noting.tick();
    fail();
    await noting.tick();

    expect(warnings).toHaveLength(1);
    expect(added).toHaveLength(1);
  });

  it('takes a hundred lines at once, oldest first', async () => {
    const { noting, added } = bench(
      Array.from({ length: 150 }, (_, index) => verdict(`v${String(index).padStart(3, '0')}`)),
    );
    await noting.tick();
    expect(added[0]?.[1]).toHaveLength(100);
    await noting.tick();
    expect(added[1]?.[1]).toHaveLength(50);
  });

  it('passes over what is of no commit', async () => {
    const { noting, added } = bench([verdict('one', { revision: 'main' })]);
    await noting.tick();
    expect(added).toEqual([]);
  });
});

describe('a line', () => {
  const entry: TrailEntry = {
    ...{ time: '2026-11-20T10:00:00Z', what: 'sync', outcome: 'Failed', revision, name: 'one' },
    ...{ record: { steps: ['s3cret'] }, message: 'no: s3cret \u001b[31m\u202e\n\u009b x' },
  };

  it('holds no secret, no record, and nothing that a terminal takes for more than text', () => {
    const line = noteOf(entry, undefined, ['s3cret']);
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(line).not.toContain('s3cret');
    expect(JSON.parse(line)).toMatchObject({ message: 'no: [secret] \u001b[31m\u202e\n\u009b x' });
    expect(JSON.parse(line)).not.toHaveProperty('record');
  });

  it('is cut where its message is long', () => {
    expect(noteOf({ ...entry, message: 'x'.repeat(5_000) }, undefined, []).length).toBeLessThan(1_300);
  });
});
