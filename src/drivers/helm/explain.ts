import { locate, valueAt } from '../../compare/locate.ts';
import type { DeclaredRelease } from '../../declared/helm/release.ts';
import { holdsSecret, withoutSecrets } from '../../declared/helm/secret-values.ts';
import { type FieldChange, type Finding, isObjectRef, type ObjectRef } from '../../findings/finding.ts';
import type { Json } from '../../json/json.ts';
import { equal } from '../../json/value.ts';
import type { ReleaseHistory } from './history.ts';
import type { Pair, Settled } from './settle.ts';

/**
 * Says of the findings on objects of a release which side moved (live, or the release), which line of the values or of which
 * template sets the first field that differs, and takes out what holds a secret value.
 */
export function explain(
  findings: readonly Finding[],
  release: DeclaredRelease,
  history: ReleaseHistory,
  settled: Settled,
  secrets: readonly string[],
): Finding[] {
  return findings.map(finding => {
    const pair = isObjectRef(finding.resource) ? pairOf(settled, release, finding.resource) : undefined;
    const told = pair === undefined ? finding : explained(finding, pair, release, history);
    return masked(told, secrets);
  });
}

function explained(
  finding: Finding,
  pair: Pair,
  release: DeclaredRelease,
  { base }: ReleaseHistory,
): Finding {
  const source = placeOf(finding, pair, release) ?? finding.source;
  const words =
    base === undefined || pair.rendered.isDefinition ? undefined : sideWords(finding, pair, base.revision);
  const message = [finding.message, words].filter(each => each !== undefined).join('; ');
  return {
    ...finding,
    ...(source !== undefined && { source }),
    ...(message !== '' && { message }),
  };
}

function placeOf({ changes = [], type }: Finding, { rendered }: Pair, { rendering }: DeclaredRelease) {
  const [first] = changes.filter(({ op }) => op !== 'added');
  if (rendering === undefined || type !== 'changed' || first === undefined) return undefined;
  return rendering.placeOf(rendered, first.path, valueIn(rendered.object, first.path) ?? first.declared);
}

/** Which of live and the release is not as declared. */
function sideWords(
  finding: Finding,
  { rendered, plain, recorded }: Pair,
  revision: number,
): string | undefined {
  if (finding.type === 'missing')
    return recorded === undefined
      ? `the release (revision ${revision}) does not have it`
      : `the release (revision ${revision}) has it: it was deleted by hand`;
  if (finding.type !== 'changed' && finding.type !== 'undeclared') return undefined;
  if (recorded === undefined) return `the release (revision ${revision}) does not have it`;
  const steady = (finding.changes ?? []).filter(({ path }) => !path.startsWith('/children/'));
  const sides = steady.map(change => releaseAgrees(change, plain ?? rendered.object, recorded.object));
  if (sides.length === 0) return undefined;
  if (sides.every(agrees => agrees)) return `changed live: the release (revision ${revision}) is as declared`;
  if (sides.every(agrees => !agrees)) return `the release (revision ${revision}) is otherwise than declared`;
  return `live and the release (revision ${revision}) are both otherwise than declared`;
}

/** Whether the record says the same of a field as the declaration. */
function releaseAgrees({ path }: FieldChange, declared: Json, recorded: Json): boolean {
  return equal(valueIn(declared, path), valueIn(recorded, path));
}

function valueIn(object: Json, path: string): Json | undefined {
  const pointer = locate(object, path);
  return pointer === undefined ? undefined : valueAt(object, pointer);
}

function pairOf({ pairs }: Settled, { namespace }: DeclaredRelease, wanted: ObjectRef): Pair | undefined {
  return pairs.find(({ rendered: { identity }, declared }) => {
    const { kind, name } = identity;
    const { apiVersion } = declared.ref;
    const place = wanted.namespace === undefined || (identity.namespace ?? namespace) === wanted.namespace;
    return apiVersion === wanted.apiVersion && kind === wanted.kind && name === wanted.name && place;
  });
}

function masked(finding: Finding, secrets: readonly string[]): Finding {
  const { changes, message } = finding;
  return {
    ...finding,
    ...(changes !== undefined && { changes: changes.map(change => maskedChange(change, secrets)) }),
    ...(message !== undefined && { message: withoutSecrets(message, secrets) }),
  };
}

function maskedChange(change: FieldChange, secrets: readonly string[]): FieldChange {
  const { declared, live, ...rest } = change;
  const holds = holdsSecret(declared, secrets) || holdsSecret(live, secrets);
  return holds ? { ...rest, redacted: true } : change;
}
