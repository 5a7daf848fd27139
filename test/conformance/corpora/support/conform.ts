import type { DeclaredObject } from '../../../../src/declared/declaration.ts';
import { defaultSettings } from '../../../../src/declared/settings.ts';
import { kubernetesDriver } from '../../../../src/drivers/kubernetes/driver.ts';
import type { Finding } from '../../../../src/findings/finding.ts';
import { type Brought, bring, isInterceptor, join, prepare } from './bring.ts';
import { concerns, endedAmong, untilSettled } from './settle.ts';
import { type WayName, ways } from './ways.ts';
import { type Member, openPlace, type Place } from './world.ts';
import { type Part, unitOf, type World } from './worlds.ts';

/** What one set gave, brought in one way. */
export interface SetResult {
  set: string;
  way: WayName;
  taken: number;
  refused: DeclaredObject[];
  /** What the server said of those that it refused. */
  words: string[];
  /** Taken, and since deleted by a controller. */
  ended: DeclaredObject[];
  findings: Finding[];
  compareMs: number;
}

/** Something more to do with a part once it has settled. */
export type Afterwards = (place: Place, part: Part, taken: readonly DeclaredObject[]) => Promise<void>;

/**
 * Brings a world onto a cluster of its own in one way and compares each of its parts; then those objects that judge or serve
 * others' requests, as nobody can be asked while their programs do not run.
 */
export async function conform(world: World, way: WayName, afterwards?: Afterwards): Promise<SetResult[]> {
  const place = await openPlace();
  try {
    const brought = await prepare(place, world, ways[way]);
    for (const part of world.parts) {
      const rest = part.objects.filter(object => !isGround(object) && !isInterceptor(object));
      join(brought.get(part), await bring(place, part, rest, ways[way]));
    }
    const results = await comparedParts(place, brought, way);
    if (afterwards !== undefined) {
      for (const [part, { taken }] of brought) {
        const ended = results.find(({ set }) => set === part.name)?.ended ?? [];
        await afterwards(
          place,
          part,
          taken.filter(object => !ended.includes(object)),
        );
      }
    }
    const last = new Map<Part, Brought>();
    for (const part of world.parts) {
      last.set(part, await bring(place, part, part.objects.filter(isInterceptor), ways[way]));
    }
    const more = await comparedParts(place, last, way);
    return results.map((result, index) => sumOf(result, more[index]));
  } finally {
    await place.close();
  }
}

function isGround({ ref }: DeclaredObject): boolean {
  return ref.kind === 'Namespace' || ref.kind === 'CustomResourceDefinition';
}

async function comparedParts(
  place: Place,
  brought: ReadonlyMap<Part, Brought>,
  way: WayName,
): Promise<SetResult[]> {
  const members = [...brought].flatMap(([part, { taken }]) =>
    taken.map((object): Member => ({ part, object })),
  );
  const ended = await untilSettled(place, members);
  const results: SetResult[] = [];
  for (const [part, each] of brought) results.push(await comparedPart(place, part, each, ended, way));
  return results;
}

/** Compared by a driver that knows nothing yet, as `holdfast diff` does. */
async function comparedPart(
  place: Place,
  part: Part,
  { taken, refused, words }: Brought,
  ended: ReadonlySet<DeclaredObject>,
  way: WayName,
): Promise<SetResult> {
  const driver = kubernetesDriver({ connection: place.connection });
  const unit = unitOf(
    part,
    taken.filter(object => !ended.has(object)),
  );
  const declaration = { revision: null, settings: defaultSettings, units: [unit] };
  const started = performance.now();
  const { findings } = await driver.compare(unit, declaration);
  const compareMs = performance.now() - started;
  const late = await endedAmong(place, part, unit.objects, findings);
  return {
    set: part.name,
    way,
    taken: taken.length,
    refused,
    words,
    ended: taken.filter(object => ended.has(object) || late.has(object)),
    findings: findings.filter(({ resource }) => !concerns(late, resource)),
    compareMs,
  };
}

function sumOf(one: SetResult, other: SetResult | undefined): SetResult {
  if (other === undefined) return one;
  return {
    ...one,
    taken: one.taken + other.taken,
    refused: [...one.refused, ...other.refused],
    words: [...one.words, ...other.words],
    ended: [...one.ended, ...other.ended],
    findings: [...one.findings, ...other.findings],
    compareMs: one.compareMs + other.compareMs,
  };
}
