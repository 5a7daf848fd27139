import { z } from 'zod';
import type { Cluster, Target } from '../../cluster/cluster.ts';
import { ApiFailure } from '../../cluster/failures.ts';
import type { Kind } from '../../cluster/kind.ts';
import { jsonObjectSchema } from '../../cluster/schema.ts';
import { type FindingType, isObjectRef, type ObjectRef } from '../../findings/finding.ts';
import type { Incident, Transition } from '../../incidents/incident.ts';
import { type Lane, type Outlet, type Tell, TellFailure } from '../../incidents/outlet.ts';
import { messageOf } from '../message.ts';
import { plainPieces } from '../plain.ts';

export interface EventsOptions {
  cluster: Pick<Cluster, 'kinds' | 'get' | 'create'>;
  /** Names this process as the reporting instance. */
  holder: string;
}

/** The API server takes 1,024 bytes of a note; cut where every character might need three. */
const mostNote = 340;

const eventKind: Kind = {
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  namespaced: true,
  verbs: [],
};

const reasons: Record<FindingType, string> = {
  changed: 'Drifted',
  undeclared: 'Drifted',
  missing: 'Missing',
  orphaned: 'Orphaned',
  unmanaged: 'Unmanaged',
  invalid: 'Invalid',
  unknown: 'Unknown',
};

/**
 * Leaves a Kubernetes Event (events.k8s.io/v1) on the object that drifted, so that `kubectl describe` tells it: when it begins,
 * when it ends. What is not there, or is no object, gets none. Events pass by themselves; nothing else depends on them.
 */
export class EventsOutlet implements Outlet {
  readonly name = 'events';
  readonly #options: EventsOptions;

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  lanes(incident: Incident): readonly Lane[] {
    return findingOf(incident) === undefined ? [] : [{ name: this.name }];
  }

  async tell({ transition, telling }: Tell): Promise<Record<string, string>> {
    const { what, incident } = transition;
    const finding = findingOf(incident);
    if (finding === undefined || !told.has(what)) return {};
    const { ref, type } = finding;
    const over = incident.state === 'resolved';
    const namespace = ref.namespace ?? 'default';
    try {
      const uid = await this.#uidOf(ref);
      if (uid === undefined) return {};
      const event = {
        apiVersion: eventKind.apiVersion,
        kind: eventKind.kind,
        // The same for each try, so that one that was made without an answer is not made twice.
        metadata: { name: `holdfast.${incident.id}.${incident.flaps}.${over ? 'over' : 'drift'}`, namespace },
        eventTime: incident.updatedAt.replace(/Z$/, '000Z'),
        reportingController: 'holdfast.dev/holdfast',
        reportingInstance: this.#options.holder.slice(0, 128),
        action: 'Compare',
        reason: over ? 'AsDeclared' : reasons[type],
        type: over ? 'Normal' : 'Warning',
        note: plainPieces(messageOf(incident, telling).headline).slice(0, mostNote).toWellFormed(),
        regarding: { ...ref, uid },
      };
      const target: Target = { kind: eventKind, namespace, name: event.metadata.name };
      await this.#options.cluster.create(target, jsonObjectSchema.parse(event), { dryRun: false });
    } catch (error) {
      if (!isNobodysBusiness(error)) throw failure(error);
    }
    return {};
  }

  async remind(): Promise<void> {}
  async close(): Promise<void> {}

  /** Undefined where there is no such object any more. */
  async #uidOf(ref: ObjectRef): Promise<string | undefined> {
    const { cluster } = this.#options;
    const kind = (await cluster.kinds()).find(ref.apiVersion, ref.kind);
    if (kind === undefined) return undefined;
    const { namespace, name } = ref;
    return withUid.parse(await cluster.get({ kind, namespace, name })).metadata.uid;
  }
}

const withUid = z.looseObject({ metadata: z.looseObject({ uid: z.string() }) });

/** What begins and what ends; a change of value in between would only fill the list. */
const told: ReadonlySet<Transition['what']> = new Set(['opened', 'reopened', 'resolved']);

function findingOf({ subject }: Incident): { ref: ObjectRef; type: FindingType } | undefined {
  if (subject.kind !== 'drift' || !isObjectRef(subject.finding.resource)) return undefined;
  return { ref: subject.finding.resource, type: subject.finding.type };
}

/** The object or its namespace is gone, we may not see it, or the event is there already. */
function isNobodysBusiness(error: unknown): boolean {
  return error instanceof ApiFailure && [403, 404, 409].includes(error.status);
}

function failure(error: unknown): TellFailure {
  const why = error instanceof Error ? error.message : String(error);
  return new TellFailure('HF1704', `cannot leave an Event: ${why}`, { scope: 'message', cause: error });
}
