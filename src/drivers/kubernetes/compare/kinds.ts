import type { Cluster } from '../../../cluster/cluster.ts';
import type { Kinds } from '../../../cluster/discovery.ts';
import { splitApiVersion } from '../../../cluster/kind.ts';
import { targetOf } from '../../../cluster/target.ts';
import type { Declaration, DeclaredUnit } from '../../../declared/declaration.ts';
import type { Finding } from '../../../findings/finding.ts';
import { isMap } from '../../../json/value.ts';
import { Subject } from './subject.ts';

/** The declared objects of a unit: those that the server has a place for, and findings on those of kinds that it does not serve. */
export interface Sorted {
  subjects: Subject[];
  findings: Finding[];
}

/**
 * Sorts the objects of a unit by whether the server serves their kind. A kind that some unit of the declaration defines by a
 * CustomResourceDefinition is only not there yet: its objects are `missing`, for that reason. Any other is `unknown`.
 */
export function sortByKind(
  kinds: Kinds,
  unit: DeclaredUnit,
  declaration: Pick<Declaration, 'units'>,
): Sorted {
  const sorted: Sorted = { subjects: [], findings: [] };
  const defined = definedKinds([...declaration.units, unit]);
  for (const declared of unit.objects) {
    const target = targetOf(kinds, unit, declared);
    if (target !== undefined) {
      sorted.subjects.push(new Subject(unit.definition.name, target, declared));
      continue;
    }
    const { apiVersion, kind } = declared.ref;
    const finding = { unit: unit.definition.name, resource: declared.ref, source: declared.source };
    const { group } = splitApiVersion(apiVersion);
    const definition = defined.get(`${group}/${kind}`);
    const down = kinds.unavailable(apiVersion);
    if (down !== undefined) {
      const message = `HF1308 ${down}`;
      sorted.findings.push({ ...finding, type: 'unknown', message, code: 'HF1308', origin: 'cluster' });
    } else if (definition?.has(apiVersion)) {
      const message = `its kind is not served yet: the declared CustomResourceDefinition is not there`;
      sorted.findings.push({ ...finding, type: 'missing', message });
    } else {
      const message = `HF1305 ${unserved(kinds, apiVersion, kind)}`;
      sorted.findings.push({ ...finding, type: 'unknown', message, code: 'HF1305', origin: 'cluster' });
    }
  }
  return sorted;
}

/** Sorts by what the server serves now: a kind that it did not serve when last asked may have come since. */
export async function sortedNow(
  cluster: Cluster,
  unit: DeclaredUnit,
  declaration: Pick<Declaration, 'units'>,
): Promise<Sorted> {
  const before = cluster.kindsAreKnown;
  const sorted = sortByKind(await cluster.kinds(), unit, declaration);
  if (sorted.findings.length === 0 || !before) return sorted;
  cluster.forgetKinds();
  return sortByKind(await cluster.kinds(), unit, declaration);
}

function unserved(kinds: Kinds, apiVersion: string, kind: string): string {
  const others = kinds.otherVersions(apiVersion, kind);
  const instead = others.length === 0 ? '' : `; it serves ${others.join(', ')}`;
  return `the server does not serve ${kind} of ${apiVersion}${instead}`;
}

/** The apiVersions that the declared CustomResourceDefinitions serve, by `group/Kind`. */
function definedKinds(units: readonly DeclaredUnit[]): Map<string, Set<string>> {
  const defined = new Map<string, Set<string>>();
  for (const declared of units.flatMap(unit => unit.objects)) {
    if (declared.ref.kind !== 'CustomResourceDefinition') continue;
    const { group } = splitApiVersion(declared.ref.apiVersion);
    if (group !== 'apiextensions.k8s.io') continue;
    const { object } = declared;
    const spec = isMap(object['spec']) ? object['spec'] : {};
    const names = isMap(spec['names']) ? spec['names'] : {};
    const versions = Array.isArray(spec['versions']) ? spec['versions'] : [];
    const served = versions.flatMap(version =>
      isMap(version) && version['served'] !== false ? [`${spec['group']}/${version['name']}`] : [],
    );
    defined.set(`${spec['group']}/${names['kind']}`, new Set(served));
  }
  return defined;
}
