import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { concealed } from '../findings/concealed.ts';
import type { Comparison } from '../findings/finding.ts';
import { findingSchema, reportName } from '../incidents/drift-report.ts';
import type { JsonObject } from '../json/json.ts';

/** What an observer saw of a unit, for the one that tells. */
export interface Sighting {
  unit: string;
  /** The observer that saw it, as it names itself in Leases. */
  holder: string;
  /** Of the declared unit that live was compared with: only against the same one does it mean anything. */
  hash: string;
  /** Whether the observer knew of a sync that was putting the unit right. */
  converging: boolean;
  comparison: Comparison;
}

/** So much text is in one object: etcd takes 1.5 MiB. */
const mostPacked = 700_000;
/** What is unpacked may be no larger, whatever it claims. */
const mostUnpacked = 256 * 1024 * 1024;

const count = z.int().min(0);

const comparisonSchema = z.object({
  unit: z.string(),
  driver: z.enum(['kubernetes', 'helm', 'cloudformation', 'terraform', 'ansible']),
  verdict: z.enum(['in-sync', 'drifted', 'unknown']),
  resources: z.object({ declared: count, inSync: count }),
  findings: z.array(findingSchema),
  unsure: z.array(findingSchema.shape.type).optional(),
  elapsedMs: z.number(),
});

/** The custom resource `Sighting`: one part of what was seen. */
export const sightingSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.object({
    unit: z.string(),
    holder: z.string(),
    hash: z.string(),
    converging: z.boolean(),
    /** The same in all parts of one sighting. */
    set: z.string(),
    part: z.int().min(1),
    parts: z.int().min(1).max(1_000),
    packed: z.string(),
  }),
});

export type SightingPart = z.output<typeof sightingSchema>;

/** The comparison as text that is the same where nothing changed; without what must not leave the process. */
export function packed({ unit, driver, verdict, resources, findings, unsure }: Comparison): string {
  const kept = { unit, driver, verdict, resources, findings: findings.map(concealed), unsure, elapsedMs: 0 };
  return gzipSync(JSON.stringify(kept)).toString('base64');
}

/** The objects that hold a sighting, by their names. `set` is different for each that is written. */
export function partsOf(
  { packed, ...seen }: Omit<Sighting, 'comparison'> & { packed: string },
  set: string,
): Map<string, JsonObject> {
  const parts = Math.max(1, Math.ceil(packed.length / mostPacked));
  return new Map(
    Array.from({ length: parts }, (_, index) => [
      partName(seen.unit, index + 1),
      {
        ...seen,
        set,
        part: index + 1,
        parts,
        packed: packed.slice(index * mostPacked, (index + 1) * mostPacked),
      },
    ]),
  );
}

export function partName(unit: string, part: number): string {
  return part === 1 ? reportName(unit) : `${reportName(unit)}.${part}`;
}

/**
 * The sightings that are there in whole among these parts and that are not known yet, by unit; `known` is the set of each unit that was
 * read last. A part of a set that is still being written is passed over. `onBad` hears of each that cannot be read.
 */
export function sightingsOf(
  parts: Iterable<SightingPart>,
  known: ReadonlyMap<string, string>,
  onBad: (bad: { unit: string; set: string; why: string }) => void,
): { set: string; sighting: Sighting }[] {
  return [...setsOf(parts, known).values()].flatMap(specs => {
    const [first] = specs;
    if (first === undefined || specs.length !== first.parts) return [];
    if (!specs.every(({ part }, index) => part === index + 1)) return [];
    const { unit, holder, hash, converging, set } = first;
    const comparison = unpacked(specs.map(spec => spec.packed).join(''));
    const why =
      typeof comparison === 'string'
        ? comparison
        : comparison.unit === unit
          ? undefined
          : 'it is about another unit';
    if (typeof comparison !== 'string' && why === undefined)
      return [{ set, sighting: { unit, holder, hash, converging, comparison } }];
    onBad({ unit, set, why: why ?? '' });
    return [];
  });
}

/** The parts of each set that is not known yet, in their order. What has another name than its own part is nobody's. */
function setsOf(parts: Iterable<SightingPart>, known: ReadonlyMap<string, string>) {
  const sets = new Map<string, SightingPart['spec'][]>();
  for (const { metadata, spec } of parts) {
    if (known.get(spec.unit) === spec.set || metadata.name !== partName(spec.unit, spec.part)) continue;
    const key = JSON.stringify([spec.unit, spec.set]);
    sets.set(
      key,
      [...(sets.get(key) ?? []), spec].sort((a, b) => a.part - b.part),
    );
  }
  return sets;
}

/** The comparison, or why there is none in this text. */
function unpacked(text: string): Comparison | string {
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: mostUnpacked });
    const comparison = comparisonSchema.safeParse(JSON.parse(json.toString()));
    return comparison.success ? (comparison.data as Comparison) : z.prettifyError(comparison.error);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
