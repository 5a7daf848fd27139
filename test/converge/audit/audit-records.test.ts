import { describe, expect, it } from 'vitest';
import { auditSpecSchema } from '../../../src/converge/audit/audit-record.ts';
import { bounded } from '../../../src/converge/audit/audit-records.ts';
import { FakeAuditRecords } from '../../fakes/audit/audit-records.ts';

describe('an audit record', () => {
  it('is cut to what the kind takes, however long what somebody sent was', () => {
    const long = 'x'.repeat(5_000);
    const details = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, long]));

    const record = bounded({
      action: long,
      outcome: 'refused',
      by: long,
      via: long,
      reason: long,
      unit: long,
      revision: long,
      details,
    });

    expect(auditSpecSchema.safeParse(record).success).toBe(true);
    expect(Object.keys(record.details ?? {})).toHaveLength(20);
  });

  it('says that nothing was said rather than being none', () => {
    const record = bounded({ action: '', outcome: 'refused', by: '', via: '', reason: '' });

    expect(auditSpecSchema.safeParse(record).success).toBe(true);
  });

  it('is kept in order by the fake, too', async () => {
    const records = new FakeAuditRecords();
    await records.add({
      action: 'sync',
      outcome: 'refused',
      by: 'U1',
      via: 'slack',
      reason: 'not an operator',
    });

    expect((await records.list())[0]?.spec).toMatchObject({ action: 'sync', by: 'U1' });
  });
});
