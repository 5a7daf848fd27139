import type { Declaration, DeclaredUnit } from '../declared/declaration.ts';
import { isObjectRef, type ResourceRef } from '../findings/finding.ts';
import { problemWords } from '../report/words.ts';
import { shippedPack } from '../validate/pack/pack.ts';
import { validate } from '../validate/validate.ts';
import { minorOf } from '../validate/version.ts';
import { isSecretKind } from './masking.ts';
import { type Side, sideKey } from './sides.ts';

/**
 * Where no server is asked: what the schemas that ship say of the objects that the pull request changes, by `sideKey`. A kind that is
 * known nowhere says nothing, and what only a server knows (admission, validation rules) is not told.
 */
export async function offlineProblems(
  head: DeclaredUnit | undefined,
  declaration: Declaration,
  sides: { base: ReadonlyMap<string, Side>; head: ReadonlyMap<string, Side> },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const problems = new Map<string, string[]>();
  if (head === undefined || head.objects.length === 0) return problems;
  const keyOf = (ref: ResourceRef) => {
    const home = head.definition.namespace ?? 'default';
    const placed = isObjectRef(ref) ? { ...ref, namespace: ref.namespace ?? home } : ref;
    return [sideKey(ref), sideKey(placed)].find(key => sides.head.has(key));
  };
  const edited = head.objects.filter(({ ref }) => {
    const key = keyOf(ref);
    return key !== undefined && sides.base.get(key)?.hash !== sides.head.get(key)?.hash;
  });
  const pack = shippedPack();
  const unit = { ...head, objects: edited, hooks: [], findings: [] };
  const options = { pack, minor: minorOf(pack.version), definitions: [], ignoreUnknownKinds: true };
  const [comparison] = await validate(declaration, [unit], async () => undefined, options);
  for (const { resource, problems: found = [] } of comparison?.findings ?? []) {
    const key = keyOf(resource);
    if (found.length === 0 || key === undefined) continue;
    // what is wrong with a field may quote its value
    const words = isSecretKind(resource) ? found.map(({ path }) => path) : found.map(problemWords);
    problems.set(key, [`its schema (Kubernetes ${pack.version}) does not take it: ${words.join('; ')}`]);
  }
  return problems;
}
