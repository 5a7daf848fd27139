import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../cluster/cluster.ts';
import { collectionPath } from '../../cluster/kind.ts';
import { jsonObjectSchema } from '../../cluster/schema.ts';
import { aboutOwn, auditRecordKind, itemsOf } from '../resources.ts';
import { type AuditRecord, type AuditSpec, auditRecordSchema } from './audit-record.ts';

/** Where requests are written down that lead to no Sync, Authorization or Freeze. Throws HF13xx. */
export interface AuditRecords {
  /** Writes down what was asked for and refused, or done. Long texts are cut; nothing of it may be a secret. */
  add(record: AuditSpec): Promise<AuditRecord>;
  /** All that are still kept, oldest first; what is none is left out. */
  list(): Promise<AuditRecord[]>;
}

const mostDetails = 20;

/** Audit records as custom resources of one namespace. */
export function clusterAuditRecords(cluster: Cluster, namespace: string): AuditRecords {
  return {
    async add(record) {
      const name = `${record.action.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-${randomBytes(6).toString('hex')}`;
      const { apiVersion, kind } = auditRecordKind;
      const metadata = { name: name.replace(/^-+/, ''), namespace };
      const object = jsonObjectSchema.parse({ apiVersion, kind, metadata, spec: bounded(record) });
      const target = { kind: auditRecordKind, namespace, name: metadata.name };
      return auditRecordSchema.parse(await aboutOwn(() => cluster.create(target, object, { dryRun: false })));
    },
    async list() {
      const answer = await aboutOwn(() =>
        cluster.call({
          path: collectionPath(auditRecordKind, namespace),
          asked: { verb: 'list', resource: 'auditrecords.holdfast.dev' },
        }),
      );
      return itemsOf(answer, auditRecordKind)
        .flatMap(item => auditRecordSchema.safeParse(item).data ?? [])
        .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
    },
  };
}

/** Cut to what the kind takes: a record that is refused for its length would be none. */
export function bounded(record: AuditSpec): AuditSpec {
  const { unit, revision, details } = record;
  return {
    action: cut(record.action, 63) || 'unknown',
    outcome: record.outcome,
    by: cut(record.by, 253) || 'unknown',
    via: cut(record.via, 63) || 'unknown',
    reason: cut(record.reason, 1_000) || 'no reason was given',
    ...(unit === undefined ? {} : { unit: cut(unit, 253) }),
    ...(revision === undefined ? {} : { revision: cut(revision, 64) }),
    ...(details === undefined
      ? {}
      : {
          details: Object.fromEntries(
            Object.entries(details)
              .slice(0, mostDetails)
              .map(([key, text]) => [key, cut(text, 1_000)]),
          ),
        }),
  };
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function keyOf({ metadata }: AuditRecord): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
