import type { ApiResponse } from '../cluster/connection.ts';
import { ApiFailure } from '../cluster/failures.ts';
import type { Kind } from '../cluster/kind.ts';
import { listSchema } from '../cluster/schema.ts';
import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json.ts';

function own(kind: string, plural: string): Kind {
  return {
    apiVersion: 'holdfast.dev/v1alpha1',
    kind,
    group: 'holdfast.dev',
    version: 'v1alpha1',
    plural,
    namespaced: true,
    verbs: [],
  };
}

export const syncKind = own('Sync', 'syncs');
export const authorizationKind = own('Authorization', 'authorizations');
export const freezeKind = own('Freeze', 'freezes');
export const inventoryKind = own('Inventory', 'inventories');
export const auditRecordKind = own('AuditRecord', 'auditrecords');
export const sightingKind = own('Sighting', 'sightings');

export const leaseKind: Kind = {
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
  verbs: [],
};

/** Runs a request about one of Holdfast's own kinds; that the server does not know it becomes HF1309. */
export async function aboutOwn<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 'HF1305')
      throw new Failure('HF1309', 'the server does not know the kinds of holdfast.dev', { cause: error });
    throw error;
  }
}

/** The objects of an answer to a list. Throws HF1308 when the answer is no list. */
export function itemsOf({ body }: ApiResponse, kind: Kind): JsonObject[] {
  const list = listSchema.safeParse(body);
  if (list.success) return list.data.items ?? [];
  throw new Failure('HF1308', `the API server answered with something that is no list of ${kind.plural}`);
}

/** Whether a thrown value says that the object has been changed, or created, by somebody else. */
export function isConflict(thrown: unknown): boolean {
  return thrown instanceof ApiFailure && thrown.status === 409;
}
