import type { AuditRecord, AuditSpec } from '../../../src/converge/audit/audit-record.ts';
import { type AuditRecords, bounded } from '../../../src/converge/audit/audit-records.ts';

/** Audit records in memory. */
export class FakeAuditRecords implements AuditRecords {
  readonly records: AuditRecord[] = [];

  async add(record: AuditSpec): Promise<AuditRecord> {
    const number = this.records.length + 1;
    const creationTimestamp = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString();
    const made = {
      metadata: { name: `${record.action}-${number}`, creationTimestamp },
      spec: bounded(record),
    };
    this.records.push(made);
    return made;
  }

  async list(): Promise<AuditRecord[]> {
    return [...this.records];
  }
}
