import type { DeclaredObject, DeclaredUnit } from '../../declared/declaration.ts';
import { hashJson } from '../../declared/hash.ts';
import { differing, type Place, withPlaces } from '../../declared/helm/differing.ts';
import { isProse } from '../../declared/helm/layout.ts';
import { type PrintedObject, printedKey } from '../../declared/helm/output.ts';
import type { DeclaredRelease, ReleaseRendering, RenderedObject } from '../../declared/helm/release.ts';
import { unsteadyNote, withMarks } from '../../declared/helm/unit.ts';
import type { IgnoreRule } from '../../declared/settings/ignore.ts';
import type { Note } from '../../findings/finding.ts';
import type { JsonObject } from '../../json/json.ts';
import { equal, pointerOf, valueAt } from '../../json/value.ts';
import { contentMark, type ReleaseHistory } from './history.ts';
import type { ReleaseRecord } from './record.ts';

/** A release whose unsteady fields have the values that were installed, so that it can be compared. */
export interface Settled {
  unit: DeclaredUnit;
  /** Leave out of the comparison what no record has a value for. */
  rules: IgnoreRule[];
  notes: Note[];
  /** What must be kept when helm renders anew: objects by their key, the places, and the object that was installed. */
  keep: readonly Kept[];
  /** Declared objects and what the record has of each, by `printedKey`. */
  pairs: readonly Pair[];
  /** What only the record has. */
  surplus: readonly PrintedObject[];
}

export interface Pair {
  rendered: RenderedObject;
  /** As it is compared with live. */
  declared: DeclaredObject;
  /** The same without the marks of the release: as the record would hold it. */
  plain: JsonObject;
  recorded: PrintedObject | undefined;
}

export interface Kept {
  key: string;
  places: readonly Place[];
  from: JsonObject;
}

/**
 * Puts the declaration and the record of a release together. Where two renderings differ, what was installed counts. Where the
 * record was made from the very same chart and values, and a template can reach a call such as `lookup` or `now`, what the
 * record has otherwise is for that reason: it counts too.
 */
export function settle(unit: DeclaredUnit, release: DeclaredRelease, { base }: ReleaseHistory): Settled {
  const { rendering } = release;
  if (rendering === undefined) return { unit, rules: [], notes: [], keep: [], pairs: [], surplus: [] };
  const recorded = new Map((base?.manifest.objects ?? []).map(object => [printedKey(object), object]));
  const same = base !== undefined && sameInputs(rendering, base);
  const settled: Settled & { keep: Kept[] } = {
    unit,
    rules: [],
    notes: [...release.notes],
    keep: [],
    pairs: [],
    surplus: [],
  };
  const declared = declaredOf(unit, rendering);
  const objects: DeclaredObject[] = [];
  const pairs: Pair[] = [];
  const nameless = new Set<string>();
  for (const rendered of rendering.objects) {
    const own = declared.get(rendered);
    if (own === undefined) continue;
    const record = recorded.get(printedKey(rendered));
    if (rendered.unsteady.some(place => place.length === 0) && record === undefined) {
      nameless.add(rendered.template);
      continue;
    }
    const places = placesOf(rendered, record, same);
    noteLookups(settled, unit, release, rendered, places);
    const one = settleOne(settled, unit, release, { rendered, own, record, places });
    objects.push(one.declared);
    pairs.push({ rendered, ...one, recorded: record });
  }
  const known = new Set(rendering.objects.map(printedKey));
  const others = [...recorded.values()].filter(object => !known.has(printedKey(object)));
  const renamed = others.filter(({ template }) => nameless.has(template));
  for (const each of renamed) objects.push(asDeclared(each, release, rendering));
  return {
    ...settled,
    unit: { ...unit, objects },
    pairs,
    surplus: others.filter(object => !renamed.includes(object)),
  };
}

/** Of a rendering and the unit made of it, which declared object is which; a second of the same identity is in neither. */
function declaredOf(
  { objects }: DeclaredUnit,
  rendering: ReleaseRendering,
): Map<RenderedObject, DeclaredObject> {
  const found = new Map<RenderedObject, DeclaredObject>();
  const seen = new Set<string>();
  for (const rendered of rendering.objects) {
    const object = objects[seen.size];
    if (object === undefined || seen.has(printedKey(rendered))) continue;
    seen.add(printedKey(rendered));
    found.set(rendered, object);
  }
  return found;
}

/**
 * Whether a record was made from the same chart and values as the declaration. What Holdfast converged says so itself; of others
 * all is compared that Helm writes down, which of the charts in a chart is their lock alone.
 */
export function sameInputs(rendering: ReleaseRendering, record: ReleaseRecord): boolean {
  const { chart, content, templates, files, lock, values, defaults, hasInner } = rendering;
  if (!equal(values, record.values)) return false;
  if (record.content !== undefined) return record.content === contentMark(content);
  return (
    chart.name === record.chart.name &&
    chart.version === record.chart.version &&
    lock === record.lock &&
    (record.templates.size > 0 || templates.size === 0) &&
    differing(defaults, record.defaults).every(place => isImmaterial(place, defaults, hasInner)) &&
    [...record.templates].every(([path, hash]) => isProse(path) || templates.get(path) === hash) &&
    [...record.files].every(([path, hash]) => isProse(path) || files.get(path) === hash)
  );
}

/** What only the record has may come from a chart in the chart; a default of nothing need not be there. */
function isImmaterial(place: Place, defaults: JsonObject, hasInner: boolean): boolean {
  const own = valueAt(defaults, place);
  return own === undefined ? hasInner : own === null;
}

function placesOf(rendered: RenderedObject, record: PrintedObject | undefined, same: boolean): Place[] {
  const own = rendered.unsteady.filter(place => place.length > 0);
  if (record === undefined || !same || rendered.calls.length === 0) return own;
  const all = differing(rendered.object, record.object);
  const within = (place: Place) => own.some(each => each.every((key, index) => place[index] === key));
  return [...own, ...all.filter(place => place.length > 0 && !within(place))];
}

/** That two renderings differ is noted with the release; what only the record shows is noted here. */
function noteLookups(
  settled: Settled,
  unit: DeclaredUnit,
  release: DeclaredRelease,
  rendered: RenderedObject,
  places: readonly Place[],
): void {
  const more = places.filter(place => !rendered.unsteady.includes(place));
  if (more.length === 0) return;
  const call = rendered.calls.find(({ word }) => word === 'lookup' || word === 'now') ?? rendered.calls[0];
  const calls = call === undefined ? [] : [call];
  settled.notes.push(unsteadyNote(unit.definition.name, release.namespace, rendered, more, calls));
}

function settleOne(
  settled: Settled & { keep: Kept[] },
  unit: DeclaredUnit,
  release: DeclaredRelease,
  {
    rendered,
    own,
    record,
    places,
  }: { rendered: RenderedObject; own: DeclaredObject; record: PrintedObject | undefined; places: Place[] },
): Pick<Pair, 'declared' | 'plain'> {
  if (places.length === 0) return { declared: own, plain: rendered.object };
  if (record === undefined) {
    settled.rules.push(...places.map(place => ruleFor(unit, own, place)));
    return { declared: own, plain: rendered.object };
  }
  settled.keep.push({ key: printedKey(rendered), places, from: record.object });
  const kept = withPlaces(rendered.object, places, record.object) as JsonObject;
  const object = rendered.isDefinition || release.apply !== 'helm' ? kept : withMarks(kept, release);
  // what a chart that asks for API versions was installed as, which may be another one than it is rendered as without a cluster
  const { apiVersion } = object;
  const ref = { ...own.ref, ...(typeof apiVersion === 'string' && { apiVersion }) };
  return { declared: { ...own, ref, object, hash: hashJson(object) }, plain: kept };
}

function ruleFor(unit: DeclaredUnit, { ref }: DeclaredObject, place: Place): IgnoreRule {
  return {
    unit: unit.definition.name,
    resource: { kind: ref.kind, name: ref.name },
    paths: [pointerOf(place)],
    reason: 'nondeterministic: it is not the same each time that the chart is rendered',
  };
}

function asDeclared(
  object: PrintedObject,
  release: DeclaredRelease,
  rendering: ReleaseRendering,
): DeclaredObject {
  const { apiVersion, kind, name, namespace } = object.identity;
  const marked = withMarks(object.object, release);
  const source =
    rendering.objects.find(({ template }) => template === object.template)?.source ?? release.source;
  const ref = { apiVersion, kind, namespace: namespace ?? release.namespace, name };
  return { ref, object: marked, source, hash: hashJson(marked) };
}
