import { fieldsOf } from './fields.ts';
import type { ResourcePreview } from './model.ts';
import { risksOf } from './risk.ts';
import { type Side, sideKey } from './sides.ts';

/** The resources of one unit on one side, by `sideKey`. */
export interface UnitSides {
  unit: string;
  base: ReadonlyMap<string, Side>;
  head: ReadonlyMap<string, Side>;
}

/**
 * What goes from one unit to another (a unit that got another name, a file that was moved) is neither removed nor created: it
 * stays, and only what differs is told. Where live was asked, what live says of the new place stands.
 */
export function withMoves(
  resources: readonly ResourcePreview[],
  units: readonly UnitSides[],
  askedLive: boolean,
): ResourcePreview[] {
  const elsewhere = (side: 'base' | 'head', unit: string, key: string) =>
    units.find(each => each.unit !== unit && each[side].has(key) && !isIn(units, side, unit, key));
  return resources.map(resource => {
    const key = sideKey(resource.resource);
    if (resource.action === 'remove') {
      const to = elsewhere('head', resource.unit, key);
      return to === undefined
        ? resource
        : {
            ...resource,
            action: 'none',
            risks: [],
            notes: [`the unit ${to.unit} declares it now: it stays`],
          };
    }
    const from =
      resource.action === 'create' && !askedLive ? elsewhere('base', resource.unit, key) : undefined;
    return from === undefined ? resource : moved(resource, from, units, key);
  });
}

function isIn(units: readonly UnitSides[], side: 'base' | 'head', unit: string, key: string): boolean {
  return units.some(each => each.unit === unit && each[side].has(key));
}

function moved(
  resource: ResourcePreview,
  from: UnitSides,
  units: readonly UnitSides[],
  key: string,
): ResourcePreview {
  const before = from.base.get(key);
  const after = units.find(({ unit }) => unit === resource.unit)?.head.get(key);
  const notes = [...resource.notes, `the unit ${from.unit} declared it before`];
  if (before === undefined || after === undefined || before.hash === after.hash)
    return { ...resource, action: 'none', risks: [], highlights: [], notes };
  const fields = fieldsOf({
    resource: after.resource,
    base: before.plain,
    head: after.plain,
    shape: undefined,
    secret: [...(before.secret ?? []), ...(after.secret ?? [])],
    live: undefined,
  });
  return { ...resource, action: 'change', fields, risks: risksOf(after.resource, 'change', fields), notes };
}
