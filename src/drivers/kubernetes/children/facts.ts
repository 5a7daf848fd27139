import { hashJson } from '../../../declared/hash.ts';
import type { Json, JsonObject } from '../../../json/json.ts';
import { isMap, valueAt } from '../../../json/value.ts';

/** Images by the place of their container in a Pod's spec: `containers/name=web`. */
export type Images = Readonly<Record<string, string>>;

/** What is kept of an object that holds a template of Pods: a workload, a ReplicaSet, a Job, a revision of a workload. */
export interface Holder {
  uid: string;
  name: string;
  /** The uid of its controller, if it has one. */
  owner: string | undefined;
  images: Images;
  /** Equal exactly when the templates are equal, apart from the hash that a controller adds as a label. */
  template: string;
  /** The number by which a Deployment and its newest ReplicaSet know each other. */
  revision: string | undefined;
  /** Its controller has seen it as it is now. */
  observed: boolean;
  replicas: number | undefined;
  /** A Deployment that is paused runs an older template for as long as it is. */
  paused: boolean;
  terminating: boolean;
}

/** What is kept of a Pod. */
export interface PodFacts {
  uid: string;
  name: string;
  owner: string;
  /** Which revision of its StatefulSet or DaemonSet it was made from. */
  revision: string | undefined;
  /** Whether its spec was written after it was made; undefined where the server does not tell (before Kubernetes 1.33). */
  edited: boolean | undefined;
  images: Images;
  /** Digests of what its containers run, by their place in the spec; those that the runtime tells as such. */
  digests: Images;
  /** Names of containers that were added while it ran. */
  ephemeral: readonly string[];
}

const containerLists = ['initContainers', 'containers'] as const;

export function holderOf(object: JsonObject): Holder {
  const template = templateOf(object);
  const labels = labelsOf(template);
  const { 'pod-template-hash': _hash, ...own } = labels;
  const metadata = { ...map(template['metadata']), labels: own };
  const generation = valueAt(object, ['metadata', 'generation']);
  const replicas = valueAt(object, ['spec', 'replicas']);
  return {
    ...identity(object),
    owner: controllerOf(object),
    images: imagesOf(map(template['spec'])),
    template: hashJson({ ...template, metadata }),
    revision: text(valueAt(object, ['metadata', 'annotations', 'deployment.kubernetes.io/revision'])),
    observed: valueAt(object, ['status', 'observedGeneration']) === generation,
    replicas: typeof replicas === 'number' ? replicas : undefined,
    paused: valueAt(object, ['spec', 'paused']) === true,
    terminating: typeof valueAt(object, ['metadata', 'deletionTimestamp']) === 'string',
  };
}

/** Whether a ReplicaSet is one of the past, kept to go back to: it has no Pods, and is to have none. */
export function isShelved(object: JsonObject): boolean {
  const status = valueAt(object, ['status', 'replicas']);
  return valueAt(object, ['spec', 'replicas']) === 0 && (status === 0 || status === undefined);
}

/** Undefined for a Pod that nobody controls, and for one that has ended or is about to. */
export function podOf(object: JsonObject): PodFacts | undefined {
  const owner = controllerOf(object);
  const phase = valueAt(object, ['status', 'phase']);
  const ended = phase === 'Succeeded' || phase === 'Failed';
  if (owner === undefined || ended || valueAt(object, ['metadata', 'deletionTimestamp']) !== undefined)
    return undefined;
  const spec = map(object['spec']);
  const generation = valueAt(object, ['metadata', 'generation']);
  return {
    ...identity(object),
    owner,
    revision: text(labelsOf(object)['controller-revision-hash']),
    edited: typeof generation === 'number' && generation > 0 ? generation > 1 : undefined,
    images: imagesOf(spec),
    digests: digestsOf(map(object['status'])),
    ephemeral: maps(spec['ephemeralContainers']).map(({ name }) => String(name)),
  };
}

/** The template of Pods that an object holds: that of a CronJob is in its jobTemplate, that of a revision in its data. */
export function templateOf(object: JsonObject): JsonObject {
  const spec = isMap(object['data']) ? map(object['data']['spec']) : map(object['spec']);
  const holder = isMap(spec['jobTemplate']) ? map(spec['jobTemplate']['spec']) : spec;
  return map(holder['template']);
}

function imagesOf(spec: JsonObject): Images {
  return Object.fromEntries(
    containerLists.flatMap(list =>
      maps(spec[list]).map(({ name, image }) => [`${list}/name=${name}`, String(image ?? '')] as const),
    ),
  );
}

function digestsOf(status: JsonObject): Images {
  return Object.fromEntries(
    containerLists.flatMap(list =>
      maps(status[list === 'containers' ? 'containerStatuses' : 'initContainerStatuses']).flatMap(
        ({ name, imageID }) => {
          const digest = /@(sha(?:256|512):[0-9a-f]{32,128})$/.exec(String(imageID ?? ''))?.[1];
          return digest === undefined ? [] : [[`${list}/name=${name}`, digest] as const];
        },
      ),
    ),
  );
}

function identity(object: JsonObject): { uid: string; name: string } {
  const { uid, name } = map(object['metadata']);
  return { uid: String(uid ?? ''), name: String(name ?? '') };
}

function controllerOf(object: JsonObject): string | undefined {
  const owners = maps(map(object['metadata'])['ownerReferences']);
  return text(owners.find(({ controller }) => controller === true)?.['uid']);
}

function labelsOf(object: JsonObject): JsonObject {
  return map(valueAt(object, ['metadata', 'labels']));
}

function map(value: Json | undefined): JsonObject {
  return isMap(value) ? value : {};
}

function maps(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
