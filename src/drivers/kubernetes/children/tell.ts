import type { Cluster, Target } from '../../../cluster/cluster.ts';
import type { Schemas } from '../../../cluster/openapi.ts';
import { attribute } from '../../../compare/attribution.ts';
import { differences } from '../../../compare/difference.ts';
import { keyed, type Shape } from '../../../compare/keyed.ts';
import type { Attribution, FieldChange } from '../../../findings/finding.ts';
import type { JsonObject } from '../../../json/json.ts';
import { isMap, pathOf, pointerOf, valueAt } from '../../../json/value.ts';
import { isFailure, readOne } from '../live/read.ts';
import { holderOf, templateOf } from './facts.ts';
import type { Stray } from './strays.ts';

/** What is told of the children of one workload. */
export interface ChildTelling {
  changes: FieldChange[];
  message: string;
}

/** So many strays are looked at and told; the others are counted. */
const most = 20;

/**
 * Reads the children that strayed, so that it can be told who did it, and tells only what is still so. Undefined where nothing
 * is. Throws only what concerns the whole cluster: HF1301 and HF1302.
 */
export async function tellStrays(
  cluster: Cluster,
  schemas: Schemas,
  workload: Target,
  strays: readonly Stray[],
  signal?: AbortSignal,
): Promise<ChildTelling | undefined> {
  const changes: FieldChange[] = [];
  const sentences: string[] = [];
  for (const { child, ways } of byChild(strays.slice(0, most))) {
    const found = await looked(cluster, schemas, workload, child, ways, signal);
    if (found.length === 0) continue;
    changes.push(...found);
    sentences.push(sentenceOf(child, ways, found));
  }
  if (changes.length === 0) return undefined;
  const more = strays.length > most ? [`${strays.length - most} more are not told here`] : [];
  return { changes, message: [...sentences, ...more].join('; ') };
}

function byChild(strays: readonly Stray[]): { child: Stray['child']; ways: Stray[] }[] {
  const groups = new Map<string, { child: Stray['child']; ways: Stray[] }>();
  for (const stray of strays) {
    const group = groups.get(stray.child.uid) ?? { child: stray.child, ways: [] };
    group.ways.push(stray);
    groups.set(stray.child.uid, group);
  }
  return [...groups.values()];
}

async function looked(
  cluster: Cluster,
  schemas: Schemas,
  workload: Target,
  child: Stray['child'],
  ways: readonly Stray[],
  signal: AbortSignal | undefined,
): Promise<FieldChange[]> {
  const kinds = await cluster.kinds();
  const kind = kinds.find(child.kind === 'Pod' ? 'v1' : 'apps/v1', child.kind);
  if (kind === undefined) return [];
  const target = { kind, namespace: workload.namespace, name: child.name };
  const live = await readOne(cluster, target, signal);
  // one that is gone, or another one by now, has not strayed; one that may not be read alone is told without who did it
  if (live === undefined || (!isFailure(live) && valueAt(live, ['metadata', 'uid']) !== child.uid)) return [];
  const object = isFailure(live) ? {} : live;
  if (ways.some(({ what }) => what === 'template')) {
    const parent = await readOne(cluster, workload, signal);
    if (parent === undefined || isFailure(parent)) return [];
    return templateChanges(parent, object, child, (await schemas.of(kind.apiVersion, kind.kind))?.shape);
  }
  return ways.flatMap(way => changeOf(way, object, isFailure(live)));
}

/** How the template of a ReplicaSet differs from that of its Deployment, as both are now. */
function templateChanges(
  parent: JsonObject,
  live: JsonObject,
  child: Stray['child'],
  shape: Shape | undefined,
): FieldChange[] {
  const [wanted, own] = [holderOf(parent), holderOf(live)];
  if (wanted.template === own.template || wanted.revision !== own.revision || !wanted.observed) return [];
  const turned = (object: JsonObject) =>
    keyed({ spec: { template: withoutHash(templateOf(object)) } }, shape);
  return differences(turned(parent), turned(parent), turned(live)).map(
    ({ path, op, declared, live: found }) => {
      const by = op === 'removed' ? undefined : attribute(live, pathOf(path));
      return {
        path: placed(child, pathOf(path)),
        op,
        ...(declared === undefined ? {} : { declared }),
        ...(found === undefined ? {} : { live: found }),
        ...(by && { by }),
      };
    },
  );
}

function withoutHash(template: JsonObject): JsonObject {
  const metadata = isMap(template['metadata']) ? template['metadata'] : {};
  const labels = isMap(metadata['labels']) ? metadata['labels'] : {};
  const { 'pod-template-hash': _hash, ...own } = labels;
  return { ...template, metadata: { ...metadata, labels: own } };
}

function changeOf(way: Stray, live: JsonObject, unread: boolean): FieldChange[] {
  const path = placed(way.child, way.path);
  if (way.what === 'digest') return [{ path, op: 'changed', declared: way.expected, live: way.found }];
  const by = editorOf(live, way.path);
  const found = itemAt(live, way.path);
  if (way.what === 'added') {
    if (found === undefined && !unread) return [];
    const image = isMap(found ?? null) ? (found as JsonObject)['image'] : undefined;
    return [{ path, op: 'added', live: image ?? null, ...(by && { by }) }];
  }
  if (found === way.expected) return [];
  return [{ path, op: 'changed', declared: way.expected, live: found ?? way.found, ...(by && { by }) }];
}

/** Who set a field of a child, unless it was made so: where its template was edited later, whoever made it did nothing to it. */
function editorOf(live: JsonObject, path: readonly string[]): Attribution | undefined {
  const by = attribute(live, path);
  const maker = attribute(live, ['metadata', 'ownerReferences']);
  return by !== undefined && by.manager === maker?.manager ? undefined : by;
}

/** `/children/Pod/web-1/spec/containers/name=web/image`. */
function placed(child: Stray['child'], path: readonly string[]): string {
  return pointerOf(['children', child.kind, child.name, ...path]);
}

function itemAt(live: JsonObject, path: readonly string[]) {
  let at: ReturnType<typeof valueAt> = live;
  for (const key of path) {
    const name = /^name=(.*)$/.exec(key)?.[1];
    at =
      Array.isArray(at) && name !== undefined
        ? at.find(item => isMap(item) && item['name'] === name)
        : valueAt(at, [key]);
  }
  return at;
}

const sayings: Record<Stray['what'], string> = {
  image: 'does not run the image of its template',
  digest: 'runs another image under the same tag than its siblings',
  added: 'runs a container that was added to it',
  template: 'is not as its Deployment says',
};

/** `Pod web-1 does not run the image of its template (kubectl-set)`. */
function sentenceOf(child: Stray['child'], ways: readonly Stray[], changes: readonly FieldChange[]): string {
  const says = [...new Set(ways.map(({ what }) => sayings[what]))].join(' and ');
  const managers = [...new Set(changes.flatMap(({ by }: { by?: Attribution }) => by?.manager ?? []))];
  return `${child.kind} ${child.name} ${says}${managers.length === 0 ? '' : ` (${managers.join(', ')})`}`;
}
