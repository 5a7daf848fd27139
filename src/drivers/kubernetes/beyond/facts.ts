import { z } from 'zod';
import { fieldManager } from '../../../cluster/cluster.ts';
import { type Kind, splitApiVersion } from '../../../cluster/kind.ts';
import type { Attribution } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { type Origin, originOf } from './generated.ts';
import { kindKey } from './passed-over.ts';

export interface Owner {
  group: string;
  kind: string;
  name: string;
  uid: string;
}

/** What is remembered of a live object that is only looked at, not compared. */
export interface Facts {
  kind: Kind;
  /** Empty for a cluster-scoped object. */
  namespace: string;
  name: string;
  uid: string;
  /** RFC 3339. */
  createdAt: string;
  deleting: boolean;
  owners: readonly Owner[];
  /** Whether one of the owners controls it. */
  controlled: boolean;
  /** Who wrote it first. */
  first?: Attribution;
  /** Who holds fields of it, without those of its status. */
  managers: readonly string[];
  origin?: { rule: string; origin: Origin };
}

const text = z.string().catch('');
const texts = z.record(z.string(), text).nullish().catch({});

const metadataSchema = z.object({
  name: z.string(),
  namespace: text,
  uid: text,
  creationTimestamp: text,
  deletionTimestamp: z.string().optional(),
  labels: texts,
  annotations: texts,
  ownerReferences: z
    .array(
      z.object({
        apiVersion: text,
        kind: text,
        name: text,
        uid: text,
        controller: z.boolean().optional(),
      }),
    )
    .nullish(),
  managedFields: z
    .array(
      z.object({
        manager: text,
        operation: z.string().optional(),
        subresource: z.string().optional(),
        time: z.string().optional(),
      }),
    )
    .nullish(),
});

/** The facts of a live object from its metadata; undefined where it has none that can be read. */
export function factsOf(kind: Kind, object: JsonObject): Facts | undefined {
  const parsed = metadataSchema.safeParse(object['metadata']);
  if (!parsed.success) return undefined;
  const { name, namespace, uid, creationTimestamp, deletionTimestamp, ownerReferences } = parsed.data;
  const owners = (ownerReferences ?? []).map(({ apiVersion, ...owner }) => ({
    ...splitApiVersion(apiVersion),
    ...owner,
  }));
  const labels = parsed.data.labels ?? {};
  const annotations = parsed.data.annotations ?? {};
  const ownerKinds = owners.map(owner => kindKey(owner));
  const marks = { namespace, name, labels, annotations, owners: ownerKinds };
  const origin = originOf({ kind: kindKey(kind), ...marks });
  return {
    kind,
    namespace,
    name,
    uid,
    createdAt: creationTimestamp,
    deleting: deletionTimestamp !== undefined,
    owners: owners.map(owner => ({ group: owner.group, kind: owner.kind, name: owner.name, uid: owner.uid })),
    controlled: owners.some(({ controller }) => controller === true),
    ...writersOf(parsed.data.managedFields ?? []),
    ...(origin !== undefined && { origin }),
  };
}

/** Whether Holdfast itself has applied it. */
export function isOurs({ managers }: Facts): boolean {
  return managers.includes(fieldManager);
}

type Entry = NonNullable<z.output<typeof metadataSchema>['managedFields']>[number];

function writersOf(fields: readonly Entry[]): Pick<Facts, 'first' | 'managers'> {
  const entries = fields
    .filter(({ manager, subresource }) => manager !== '' && subresource !== 'status')
    .sort((a, b) => compare(a.time ?? '', b.time ?? ''));
  const managers = [...new Set(entries.map(({ manager }) => manager))];
  const [entry] = entries;
  if (entry === undefined) return { managers };
  const { manager, operation, subresource, time } = entry;
  const first: Attribution = {
    manager,
    ...(operation && { operation }),
    ...(subresource && { subresource }),
    ...(time && { time }),
  };
  return { first, managers };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
