import type { Target } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { type Kind, splitApiVersion } from '../../../cluster/kind.ts';
import { targetOf } from '../../../cluster/target.ts';
import type {
  Declaration,
  DeclaredObject,
  DeclaredUnit,
  EarlierObject,
} from '../../../declared/declaration.ts';
import { releaseName } from '../../../declared/helm/release-name.ts';
import { type Finding, isObjectRef, type ObjectRef } from '../../../findings/finding.ts';
import { isMap } from '../../../json/value.ts';
import { kindKey, listableKinds } from './passed-over.ts';

/** An earlier object with its place on the server. */
export interface Candidate {
  earlier: EarlierObject;
  target: Target;
}

/** What the declarations say to the question what lives beside them; made anew for each declaration and set of kinds. */
export interface Ground {
  unit: DeclaredUnit;
  kinds: Kinds;
  /** What any unit declares, by place. */
  declared: ReadonlyMap<string, DeclaredObject>;
  /** Releases of declared Helm units: `namespace/name`, or `/name` where the unit names no namespace. */
  releases: ReadonlySet<string>;
  /** The namespaces that the unit manages, and the kinds in which something may live there. */
  managed: readonly string[];
  listable: readonly Kind[];
  /** What no unit declares any more, by place; of all units. */
  candidates: ReadonlyMap<string, Candidate>;
  /** Why it cannot be told what is declared nowhere: not all that is declared can be read. */
  doubt: Finding | undefined;
  /** The declared objects of the unit by their namespace. */
  inNamespace: ReadonlyMap<string, { declared: DeclaredObject; target: Target }[]>;
}

/** The place of an object whatever its version: `apps/Deployment shop/cart`; the namespace is empty for a cluster-scoped one. */
export function placeKey(kind: Pick<Kind, 'group' | 'kind'>, namespace: string, name: string): string {
  return `${kindKey(kind)} ${namespace}/${name}`;
}

export function groundOf(unit: DeclaredUnit, declaration: Declaration, kinds: Kinds): Ground {
  const managed = unit.manages ?? [];
  const { declared, candidates, releases } = sharedOf(declaration, kinds);
  return {
    unit,
    kinds,
    declared,
    releases,
    candidates,
    managed,
    listable: managed.length === 0 ? [] : listableKinds(kinds),
    doubt: managed.length === 0 ? undefined : doubtOf(declaration),
    inNamespace: byNamespace(unit, kinds),
  };
}

type Shared = Pick<Ground, 'declared' | 'candidates' | 'releases'>;

/** The same for all units of a declaration. */
const shared = new WeakMap<Declaration, { kinds: Kinds; found: Shared }>();

function sharedOf(declaration: Declaration, kinds: Kinds): Shared {
  const known = shared.get(declaration);
  if (known?.kinds === kinds) return known.found;
  const asked = declaration.earlier !== undefined || declaration.units.some(unit => unit.manages);
  const objects = asked
    ? declaration.units.flatMap(unit => [...unit.objects, ...hooksOf(unit)].map(object => ({ unit, object })))
    : [];
  const declared = new Map(
    objects.map(({ unit, object }) => [placeOf(kinds, unit, object), object] as const),
  );
  const found = {
    declared,
    candidates: candidatesOf(declaration, kinds, declared),
    releases: releasesOf(declaration),
  };
  shared.set(declaration, { kinds, found });
  return found;
}

/** What helm makes at certain moments is declared, too, though it is not compared. */
function hooksOf({ release }: DeclaredUnit): DeclaredObject[] {
  return (release?.rendering?.hooks ?? []).map(({ identity, object, source, hash }) => ({
    ref: { ...identity, namespace: identity.namespace ?? release?.namespace ?? 'default' },
    object,
    source,
    hash,
  }));
}

function placeOf(kinds: Kinds, unit: DeclaredUnit, declared: DeclaredObject): string {
  const target = targetOf(kinds, unit, declared);
  if (target !== undefined)
    return placeKey(target.kind, target.kind.namespaced ? (target.namespace ?? '') : '', target.name);
  const { apiVersion, kind, namespace, name } = declared.ref;
  const { group } = splitApiVersion(apiVersion);
  const served = kinds.served.find(other => other.group === group && other.kind === kind);
  const cluster = served?.namespaced === false;
  return placeKey({ group, kind }, cluster ? '' : (namespace ?? 'default'), name);
}

function releasesOf({ units }: Declaration): Set<string> {
  const charts = units.filter(({ definition }) => definition.driver === 'helm');
  return new Set(
    charts.map(({ definition, release }) => {
      const { name = releaseName(definition), namespace = definition.namespace ?? '' } = release ?? {};
      return `${namespace}/${name}`;
    }),
  );
}

/** What is declared again, in whatever unit and version, what the server has no kind for, and what may only be unreadable is left out. */
function candidatesOf(
  declaration: Declaration,
  kinds: Kinds,
  declared: ReadonlyMap<string, DeclaredObject>,
): Map<string, Candidate> {
  const files = new Set(declaration.units.flatMap(unit => unit.findings.flatMap(brokenFile)));
  const units = new Set(declaration.units.filter(isDoubtful).map(({ definition }) => definition.name));
  const found = new Map<string, Candidate>();
  for (const earlier of declaration.earlier ?? []) {
    if (files.has(earlier.source.file) || units.has(earlier.unit)) continue;
    const target = targetNow(kinds, earlier.ref);
    if (target === undefined) continue;
    const key = placeKey(target.kind, target.namespace ?? '', target.name);
    if (!declared.has(key) && !found.has(key)) found.set(key, { earlier, target });
  }
  return found;
}

/** The object may live on in a version that the old declaration did not name. */
function targetNow(kinds: Kinds, { apiVersion, kind, namespace, name }: ObjectRef): Target | undefined {
  const { group } = splitApiVersion(apiVersion);
  const now =
    kinds.find(apiVersion, kind) ?? kinds.served.find(other => other.group === group && other.kind === kind);
  if (now === undefined) return undefined;
  return now.namespaced ? { kind: now, namespace: namespace ?? 'default', name } : { kind: now, name };
}

function brokenFile({ resource, source, type }: Finding): string[] {
  if (isObjectRef(resource) || (type !== 'invalid' && type !== 'unknown')) return [];
  return resource.type === 'File' ? [source?.file ?? resource.name] : [];
}

/** Whether more may be declared than `objects` says. */
function isDoubtful(unit: DeclaredUnit): boolean {
  return (
    unit.unrendered !== undefined ||
    unit.findings.some(({ type, resource }) => type === 'unknown' && !isObjectRef(resource))
  );
}

function doubtOf({ units }: Declaration): Finding | undefined {
  // what Helm installs carries the mark of its release, whether or not the chart can be rendered now
  const unmarked = units.filter(
    ({ definition }) => definition.driver !== 'helm' || definition.helm?.apply === 'server-side',
  );
  const findings = unmarked.flatMap(unit => unit.findings);
  return findings.find(
    finding =>
      brokenFile(finding).length > 0 || (finding.type === 'unknown' && !isObjectRef(finding.resource)),
  );
}

function byNamespace(unit: DeclaredUnit, kinds: Kinds): Ground['inNamespace'] {
  const found = new Map<string, { declared: DeclaredObject; target: Target }[]>();
  for (const declared of unit.objects) {
    const target = targetOf(kinds, unit, declared);
    if (target?.kind.namespaced !== true || target.namespace === undefined) continue;
    const members = found.get(target.namespace) ?? [];
    members.push({ declared, target });
    found.set(target.namespace, members);
  }
  return found;
}

/** Whether a declared Service chooses its Pods itself: only then its Endpoints are made by a controller. */
export function hasSelector(service: DeclaredObject): boolean {
  const { spec } = service.object;
  return isMap(spec) && isMap(spec['selector']) && Object.keys(spec['selector']).length > 0;
}

/** The names of the volume claim templates of a declared StatefulSet. */
export function claimTemplates(set: DeclaredObject): string[] {
  const { spec } = set.object;
  const templates = isMap(spec) ? spec['volumeClaimTemplates'] : undefined;
  if (!Array.isArray(templates)) return [];
  return templates.flatMap(template => {
    const metadata = isMap(template) ? template['metadata'] : undefined;
    return isMap(metadata) && typeof metadata['name'] === 'string' ? [metadata['name']] : [];
  });
}

/** The Secret that a declared Certificate asks for. */
export function secretName(certificate: DeclaredObject): unknown {
  const { spec } = certificate.object;
  return isMap(spec) ? spec['secretName'] : undefined;
}
