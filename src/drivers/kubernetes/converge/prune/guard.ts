import type { Declaration, DeclaredUnit } from '../../../../declared/declaration.ts';
import { isAllowed } from '../../../../declared/prune-words.ts';
import { settingOf } from '../../../../declared/settings/converge.ts';
import type { ObjectRef } from '../../../../findings/finding.ts';
import { isGuarded } from './item.ts';

export interface Guarding {
  unit: DeclaredUnit;
  declaration: Declaration;
  /** How many objects the inventory lists. */
  known: number;
  /** The day, `2026-11-21`. */
  today: string;
}

/**
 * Why objects that no file declares any more are left all the same, by object; those without a reason may go. A render that is
 * incomplete takes nothing along, and one that shrank too much at once takes only what the merged revision names.
 */
export function guard<T extends { ref: ObjectRef }>(
  gone: readonly T[],
  guarding: Guarding,
): { go: T[]; kept: { item: T; why: string }[] } {
  const { unit, declaration, known, today } = guarding;
  const { allow, mostShare } = declaration.settings.converge.prune;
  const name = unit.definition.name;
  const doubt = doubtOf(declaration) ?? offFor(name, declaration);
  if (doubt !== undefined) return { go: [], kept: gone.map(item => ({ item, why: doubt })) };
  const named = gone.filter(({ ref }) => isAllowed(name, { ref, guarded: isGuarded(ref) }, allow, today));
  const rest = gone.filter(item => !named.includes(item));
  const guarded = rest.filter(({ ref }) => isGuarded(ref));
  const plain = rest.filter(({ ref }) => !isGuarded(ref));
  const shrank = shrinkage(plain.length, { known, left: unit.objects.length, mostShare });
  return {
    go: shrank === undefined ? [...named, ...plain] : named,
    kept: [
      ...guarded.map(item => ({ item, why: `${word} must name a ${item.ref.kind}` })),
      ...(shrank === undefined ? [] : plain.map(item => ({ item, why: `${shrank}; ${word} lets it go` }))),
    ],
  };
}

const word = 'converge.prune.allow';

/** One object may always go; more only as a part of the whole. */
function shrinkage(
  going: number,
  { known, left, mostShare }: { known: number; left: number; mostShare: number },
): string | undefined {
  if (going === 0) return undefined;
  if (left === 0) return 'the unit declares nothing any more';
  if (going > 1 && going > known * mostShare) return `${going} of ${known} objects are gone at once`;
  return undefined;
}

/** What is declared nowhere is not known while a part of the revision cannot be read: it may have moved there. */
function doubtOf({ units }: Declaration): string | undefined {
  for (const { definition, unrendered, findings } of units) {
    if (unrendered !== undefined) return `the unit ${definition.name} cannot be rendered`;
    const [trouble] = findings;
    if (trouble === undefined) continue;
    const { resource, source } = trouble;
    const where = source === undefined ? resource.name : `${source.file}:${source.line ?? 1}`;
    return `not all of the unit ${definition.name} can be read: ${where}`;
  }
  return undefined;
}

function offFor(unit: string, { settings }: Declaration): string | undefined {
  return settingOf(unit, settings.converge.units, 'prune') === false
    ? `pruning is off for the unit ${unit}`
    : undefined;
}
