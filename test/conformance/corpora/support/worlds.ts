import type { DeclaredObject, DeclaredUnit } from '../../../../src/declared/declaration.ts';
import { unitName } from '../../../../src/declared/units/conventions.ts';
import { isMap } from '../../../../src/json/value.ts';
import type { ManifestFile, ManifestSet } from './sets.ts';

/** A part of a set without contradictions: every object is declared once. */
export interface Part {
  /** The set's name, with a number where it takes several. */
  name: string;
  /** For objects that name no namespace. */
  namespace: string;
  objects: DeclaredObject[];
}

/** Parts that can be on one cluster at the same time, and definitions of kinds that they use and do not declare. */
export interface World {
  parts: Part[];
  definitions: DeclaredObject[];
}

/** Distributes the sets over as few clusters as their contradictions allow, first fit in the order given. */
export function worldsOf(sets: readonly ManifestSet[]): World[] {
  const clusterWide = clusterWideKinds(sets);
  const parts = sets.flatMap(set => partsOf(set, clusterWide));
  const worlds: { parts: Part[]; keys: Set<string> }[] = [];
  for (const part of parts) {
    const keys = part.objects.map(object => placeOf(object, part.namespace, clusterWide));
    const world = worlds.find(each => keys.every(key => !each.keys.has(key)));
    if (world === undefined) worlds.push({ parts: [part], keys: new Set(keys) });
    else {
      world.parts.push(part);
      for (const key of keys) world.keys.add(key);
    }
  }
  const definitions = definitionsIn(parts);
  return worlds.map(({ parts: own }) => ({ parts: own, definitions: needed(own, definitions) }));
}

/** Puts each file with the first ones that it does not contradict. What is declared twice alike counts once. */
function partsOf(set: ManifestSet, clusterWide: ReadonlySet<string>): Part[] {
  const parts: Map<string, DeclaredObject>[] = [];
  for (const { objects } of set.files) {
    for (const group of withoutContradiction(objects, clusterWide)) {
      const fits = (part: ReadonlyMap<string, DeclaredObject>) =>
        [...group].every(([key, { hash }]) => !part.has(key) || part.get(key)?.hash === hash);
      const part = parts.find(fits);
      if (part === undefined) parts.push(new Map(group));
      else for (const [key, object] of group) if (!part.has(key)) part.set(key, object);
    }
  }
  return parts.map((part, index) => {
    const name = index === 0 ? set.name : `${set.name} ${index + 1}`;
    return { name, namespace: `set-${unitName(name).slice(0, 50)}`, objects: [...part.values()] };
  });
}

function withoutContradiction(
  objects: ManifestFile['objects'],
  clusterWide: ReadonlySet<string>,
): Map<string, DeclaredObject>[] {
  const groups: Map<string, DeclaredObject>[] = [];
  for (const object of objects) {
    const key = placeOf(object, '', clusterWide);
    const group = groups.find(each => !each.has(key) || each.get(key)?.hash === object.hash);
    if (group === undefined) groups.push(new Map([[key, object]]));
    else group.set(key, group.get(key) ?? object);
  }
  return groups;
}

/** Kinds of two groups with one name are taken for one, as Ingresses and others have moved between groups. */
function placeOf({ ref }: DeclaredObject, namespace: string, clusterWide: ReadonlySet<string>): string {
  const where = clusterWide.has(ref.kind) ? '' : (ref.namespace ?? namespace);
  return `${ref.kind}/${where}/${ref.name}`;
}

/** Names of kinds without namespaces: the server's own, and those that the sets define. */
function clusterWideKinds(sets: readonly ManifestSet[]): Set<string> {
  const kinds = new Set(
    [
      'Namespace Node PersistentVolume ClusterRole ClusterRoleBinding CustomResourceDefinition APIService',
      'StorageClass CSIDriver PriorityClass RuntimeClass IngressClass PodSecurityPolicy VolumeSnapshotClass',
      'MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding FlowSchema',
    ].flatMap(names => names.split(' ')),
  );
  for (const { object } of sets.flatMap(set => set.files.flatMap(file => file.objects))) {
    const spec = isMap(object['spec']) ? object['spec'] : {};
    if (spec['scope'] === 'Cluster' && isMap(spec['names'])) kinds.add(String(spec['names']['kind']));
  }
  return kinds;
}

/** The first CustomResourceDefinition of each kind, by `group/Kind`, with its cluster-wide name. */
function definitionsIn(parts: readonly Part[]): Map<string, DeclaredObject> {
  const found = new Map<string, DeclaredObject>();
  for (const object of parts.flatMap(({ objects }) => objects)) {
    const kind = definedKind(object);
    if (kind !== undefined && !found.has(kind)) found.set(kind, object);
  }
  return found;
}

function needed(parts: readonly Part[], definitions: ReadonlyMap<string, DeclaredObject>): DeclaredObject[] {
  const objects = parts.flatMap(part => part.objects);
  const own = new Set(objects.flatMap(object => definedKind(object) ?? []));
  const used = new Set(objects.map(({ ref }) => `${ref.apiVersion.split('/', 1)[0]}/${ref.kind}`));
  return [...definitions].flatMap(([kind, object]) => (used.has(kind) && !own.has(kind) ? [object] : []));
}

function definedKind({ ref, object }: DeclaredObject): string | undefined {
  if (ref.kind !== 'CustomResourceDefinition' || ref.apiVersion !== 'apiextensions.k8s.io/v1')
    return undefined;
  const spec = isMap(object['spec']) ? object['spec'] : {};
  const names = isMap(spec['names']) ? spec['names'] : {};
  return `${spec['group']}/${names['kind']}`;
}

/** A part, or some of its objects, as a unit. */
export function unitOf(part: Part, objects: readonly DeclaredObject[]): DeclaredUnit {
  const name = unitName(part.name);
  return {
    definition: { name, driver: 'kubernetes', path: '.', namespace: part.namespace },
    objects: [...objects],
    findings: [],
    hash: name,
  };
}
